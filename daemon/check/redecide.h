/* Decides a command that is on record once more, and holds header, answer and effects against the record. */
#ifndef MTR_CHECK_REDECIDE_H
#define MTR_CHECK_REDECIDE_H

#include "engine/record.h"
#include "store/store.h"

struct mtr_redecide;

enum mtr_redecided {
	MTR_REDECIDED_SAME,
	MTR_REDECIDED_OTHERWISE,
	MTR_REDECIDED_NOT_OURS,    /* written by the register itself */
	MTR_REDECIDED_OTHER_RULES, /* decided by rules of another version */
	MTR_REDECIDED_REDACTED,    /* something in it has been */
	MTR_REDECIDED_UNCLEAR,     /* not the same, but a row that it may have seen has been redacted */
	MTR_REDECIDED_ERROR,       /* the transaction has one, or there is no memory */
};

/* NULL without memory. */
struct mtr_redecide *mtr_redecide_new(void);
void mtr_redecide_free(struct mtr_redecide **redecide);

/* `txn` has all records before this one, in order, and each of them was given to this function too. With OTHERWISE
 * *ret_what says what differs. */
enum mtr_redecided mtr_redecide(struct mtr_redecide *redecide, struct mtr_txn *txn, const uint8_t *record, size_t size,
				const char **ret_what);

#endif
