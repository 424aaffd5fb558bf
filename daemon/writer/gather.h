/* Records on their way into one batch. */
#ifndef MTR_WRITER_GATHER_H
#define MTR_WRITER_GATHER_H

#include "engine/frame.h"

struct mtr_gather {
	uint8_t *bytes;         /* of MTR_BATCH_BYTES_MAX */
	struct mtr_batch batch; /* `after` is where the last record leaves the chain */
};

/* Begins behind this point. False without memory. */
bool mtr_gather_init(struct mtr_gather *gather, const struct mtr_chain_point *point);
void mtr_gather_free(struct mtr_gather *gather);

/* True while a record of the largest size still fits. */
bool mtr_gather_has_room(const struct mtr_gather *gather);

/* Adds a record; there must be room. */
void mtr_gather_add(struct mtr_gather *gather, const uint8_t *record, size_t size,
		    const uint8_t digest[MTR_HASH_BYTES]);

/* The batch is durable: the next one begins behind it. */
void mtr_gather_next(struct mtr_gather *gather);

#endif
