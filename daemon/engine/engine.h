/* The engine makes a batch of records durable before anything in it is acknowledged.
 *
 * A batch's bytes are the same on every node. The embedded engine is the local journal (local.h); another
 * one may replicate. Calls are made by the writer thread only, except fetch, which readers use too. */
#ifndef MTR_ENGINE_ENGINE_H
#define MTR_ENGINE_ENGINE_H

#include "contract/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mtr_append {
	MTR_APPEND_PENDING, /* submitted, not yet known */
	MTR_APPEND_DURABLE,
	MTR_APPEND_FENCED,  /* another writer is ahead: abort what is applied, fetch, apply again */
	MTR_APPEND_UNKNOWN, /* may or may not be durable: the process must exit and start again */
};

/* Where the history stands: after `revision`, the chain hash is `chain`.
 * chain_0 is 32 zero bytes; chain_n = BLAKE2b-256(chain_{n-1} ‖ record digest_n). */
struct mtr_chain_point {
	uint64_t revision;
	uint8_t chain[MTR_HASH_BYTES];
};

/* Packed records of consecutive revisions, and the points before the first and after the last. */
struct mtr_batch {
	struct mtr_chain_point before, after;
	const uint8_t *records; /* each: length as 4 bytes big-endian, then a packed Record */
	size_t size;            /* at most MTR_FRAME_MAX less the frame's header */
	uint32_t count;
};

/* Called for each record in order. A non-zero return stops the fetch, which returns it. */
typedef int (*mtr_record_fn)(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			     const uint8_t *record, size_t size);

struct mtr_engine {
	const struct mtr_engine_operations *operations;
};

/* Errors are negative errno values unless said otherwise:
 * -EBADMSG a frame is damaged and a valid one follows it, -EPROTO the chain doesn't hold, -EIO, -ENOSPC, -ENOMEM. */
struct mtr_engine_operations {
	/* The last durable point. Valid after open. */
	struct mtr_chain_point (*head)(const struct mtr_engine *);
	/* Makes sure that a batch of the largest size can be appended: 0, or -ENOSPC and nothing may be submitted. */
	int (*tick)(struct mtr_engine *);
	/* Hands a batch over; one may be in flight. 0 or a negative errno before anything was written. */
	int (*submit)(struct mtr_engine *, const struct mtr_batch *);
	/* What became of it; blocks until it isn't PENDING when `wait`. */
	enum mtr_append (*poll)(struct mtr_engine *, bool wait);
	/* Records from revision `from` (>= 1) up to the durable head. Thread-safe. 0, the callback's value, or an
	 * error. -ENOENT when `from` is beyond the head. */
	int (*fetch)(struct mtr_engine *, uint64_t from, mtr_record_fn, void *context);
	/* Forgets records below `revision` where the engine allows it; the local journal never does (-ENOTSUP). */
	int (*trim)(struct mtr_engine *, uint64_t revision);
	/* Frees *engine and nulls it. */
	void (*close)(struct mtr_engine **);
};

#endif
