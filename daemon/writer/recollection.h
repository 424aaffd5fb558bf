/* After a restore: what the desks bring back of what the register lost, until it can be decided in the order in which
 * it was decided before. Nothing of it has been acknowledged; lost in a crash, it comes again from the desks. */
#ifndef MTR_WRITER_RECOLLECTION_H
#define MTR_WRITER_RECOLLECTION_H

#include "contract/arena.h"
#include "store/store.h"
#include "work/work.h"

/* Of entries kept: some hundred thousand nominations. What comes beyond has to wait until the others are decided. */
#define MTR_RECOLLECTION_BYTES_MAX (64u * 1024u * 1024u)
/* Of these, for operators alone: what an operator lost comes before what ends the waiting, at the same desk. */
#define MTR_RECOLLECTION_OPERATORS_BYTES (1024u * 1024u)
/* Outboxes that the register doesn't know and waits for all the same; beyond these it doesn't. */
#define MTR_RECOLLECTION_STRANGERS_MAX 1024u

struct mtr_recollection;

/* Awaits every outbox that the register knows, isn't closed and whose key isn't revoked. NULL without memory, or with
 * an error in the transaction. */
struct mtr_recollection *mtr_recollection_new(struct mtr_txn *txn, struct mtr_arena *scratch);
void mtr_recollection_free(struct mtr_recollection **recollection);

/* How many outboxes haven't reported: haven't told up to where they had answers, or not yet brought all of those. */
uint32_t mtr_recollection_missing(const struct mtr_recollection *recollection);

/* The outbox has answers up to `answered`, the register its entries up to `known`. */
void mtr_recollection_told(struct mtr_recollection *recollection, const struct mtr_work *work, uint64_t known,
			   uint64_t answered);
/* The register has taken up an entry of the outbox. */
void mtr_recollection_taken_up(struct mtr_recollection *recollection, const uint8_t outbox[MTR_OUTBOX_BYTES],
			       uint64_t sequence);
/* The outbox was closed: nothing comes from it any more. */
void mtr_recollection_closed(struct mtr_recollection *recollection, const uint8_t outbox[MTR_OUTBOX_BYTES]);

enum mtr_recollected {
	MTR_RECOLLECTED_NEXT,     /* it is the one expected of its outbox: keep it, or not */
	MTR_RECOLLECTED_KEPT,     /* it is kept already */
	MTR_RECOLLECTED_GAP,      /* others must come before */
	MTR_RECOLLECTED_CONTENTS, /* kept with other contents */
	MTR_RECOLLECTED_FORKED,   /* the entry before it is another one */
};
/* Judges an entry beyond `known`, the register's last of its outbox; *ret_expected is the sequence it expects. */
enum mtr_recollected mtr_recollection_judge(struct mtr_recollection *recollection, const struct mtr_work *work,
					    uint64_t known, uint64_t *ret_expected);

/* Whether the outbox said that it had an answer to this entry. */
bool mtr_recollection_claims(const struct mtr_recollection *recollection, const struct mtr_work *work);

/* Keeps a copy of an entry judged NEXT, with its packed FormerAnswer, if it has one, to be decided after those of
 * lesser revisions and after what was kept of its outbox before; UINT64_MAX: after all that can prove their place.
 * `operates`: it is an operator's. False when there is no room. */
bool mtr_recollection_keep(struct mtr_recollection *recollection, const struct mtr_work *work, struct mtr_bytes former,
			   uint64_t revision, bool operates);

/* Takes out the first one in order, for the caller to free; NULL when there is none. Nothing may be kept afterwards. */
struct mtr_work *mtr_recollection_take(struct mtr_recollection *recollection);

#endif
