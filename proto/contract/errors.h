/* The register's error codes: their names, and what a client does with an entry that got one. */
#ifndef MTR_CONTRACT_ERRORS_H
#define MTR_CONTRACT_ERRORS_H

#include "matricula/v1/errors.pb-c.h"

#include <stddef.h>

enum mtr_error_class {
	MTR_ERROR_FINAL, /* consumed and stored: the same entry gets the same answer */
	MTR_ERROR_RETRY, /* nothing consumed: send the same again later */
	MTR_ERROR_HALT,  /* nothing consumed, and sending again won't help: somebody must act first */
};

struct mtr_error_info {
	Mtr__ErrorCode code;
	const char *name; /* as in errors.proto without its prefix: "SEATS_OVER_LEFT" */
	enum mtr_error_class kind;
};

/* The row of a code; NULL when this version doesn't know it. ERROR_CODE_NONE has no row. */
const struct mtr_error_info *mtr_error_info(Mtr__ErrorCode code);

/* "UNKNOWN" for a code without a row. */
const char *mtr_error_name(Mtr__ErrorCode code);

/* HALT for a code without a row: a newer register means something this version can't judge. */
enum mtr_error_class mtr_error_class(Mtr__ErrorCode code);

/* All rows in order of code. */
const struct mtr_error_info *mtr_error_table(size_t *ret_count);

#endif
