/* What a mirror keeps in meta besides its rows (mirror.h has the picture). */
#ifndef MTR_STORE_MIRROR_STATE_H
#define MTR_STORE_MIRROR_STATE_H

#include "store/mirror.h"

/* A head of the feed, as its page tells it. */
struct mtr_mirror_head {
	uint64_t revision; /* 0: none */
	uint64_t server_time, local_time;
	uint64_t count;
	uint8_t digest[MTR_HASH_BYTES];
};

struct mtr_mirror_held {
	uint64_t first, next; /* numbers of the pages held: first <= n < next */
	bool settling;
	struct mtr_mirror_head head; /* where they lead */
};

/* All zeros when nothing is held. */
void mtr_mirror_held_read(struct mtr_txn *txn, struct mtr_mirror_held *ret_held);
void mtr_mirror_held_write(struct mtr_txn *txn, const struct mtr_mirror_held *held);

/* Valid until the next write; a missing one is CORRUPT. */
struct mtr_bytes mtr_mirror_held_page(struct mtr_txn *txn, uint64_t number);
void mtr_mirror_held_put(struct mtr_txn *txn, uint64_t number, struct mtr_bytes answer);
void mtr_mirror_held_remove(struct mtr_txn *txn, uint64_t number);

void mtr_mirror_cursor_write(struct mtr_txn *txn, struct mtr_bytes cursor);
void mtr_mirror_principal_write(struct mtr_txn *txn, const Mtr__Principal *principal);

/* From here on the mirror shows this head; whether its sums agree is looked up. */
void mtr_mirror_show(struct mtr_txn *txn, const struct mtr_mirror_head *head);

#endif
