/* A command's place in its outbox. */
#ifndef MTR_WRITER_SEQUENCING_H
#define MTR_WRITER_SEQUENCING_H

#include "store/read.h"
#include "work/work.h"

#include "matricula/v1/errors.pb-c.h"

enum mtr_place_kind {
	MTR_PLACE_NEXT,     /* it is the one expected */
	MTR_PLACE_REPEATED, /* consumed already, by the record of `revision` */
	MTR_PLACE_REFUSED,  /* with `code` */
	MTR_PLACE_UNKNOWN,  /* txn->error says why */
};

struct mtr_place_found {
	enum mtr_place_kind kind;
	uint8_t entry_hash[MTR_HASH_BYTES]; /* of the entry as it came */
	uint64_t first_unacknowledged;      /* the highest known, for the record */
	uint64_t revision;
	Mtr__ErrorCode code;
	const char *field; /* of Request; "" for none */
	uint64_t number;
};

/* Judges by the outbox as the transaction shows it. */
struct mtr_place_found mtr_sequencing_judge(struct mtr_txn *txn, const struct mtr_work *work);

#endif
