/* One request on its way through the daemon: from the network thread to the writer or a reader and back. */
#ifndef MTR_WORK_WORK_H
#define MTR_WORK_WORK_H

#include "contract/bytes.h"
#include "contract/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MTR_PEER_MAX 255u /* a ROUTER's routing id */
/* What a Reply puts before an answer: the request's number, the answer's length. */
#define MTR_WORK_HEAD 32u

/* The desk that wrote an entry which another desk's connection carries. */
struct mtr_sender {
	uint8_t key[MTR_KEY_BYTES];
	uint64_t request_id; /* in the box */
};

struct mtr_work {
	struct mtr_work *next;
	/* Where the reply goes. */
	uint8_t peer[MTR_PEER_MAX];
	uint8_t peer_size;
	uint64_t session; /* of the network thread; a reply to a session that is gone is dropped */
	uint64_t request_id;
	bool relayed; /* the answer is for `sender`, in a box */
	struct mtr_sender sender;
	/* Who asks. */
	uint32_t principal_id;
	/* What. */
	bool is_query;
	bool dry_run;
	bool sequenced;
	uint8_t outbox[MTR_OUTBOX_BYTES];
	uint64_t sequence, first_unacknowledged;
	uint8_t previous_hash[MTR_HASH_BYTES];
	uint8_t *body; /* packed Command or Query; owned */
	size_t body_size;
	uint8_t *again; /* packed Again that came with the entry; owned; NULL: none */
	size_t again_size;
	/* No request: the outbox tells up to which sequence it has answers. Nobody waits for a reply. */
	bool reports;
	/* The readers': what a query waits for. Times are monotonic, in ms. */
	struct {
		enum { MTR_WAIT_NOT, MTR_WAIT_REVISION, MTR_WAIT_NEWS } reason;
		uint64_t revision; /* that LMDB must have committed */
		uint64_t deadline, not_before;
	} wait;
	/* The packed Answer, in a block of its own with MTR_WORK_HEAD bytes before it; the block is owned. */
	uint8_t *answer, *block;
	size_t answer_size;
	bool repeated_answer;
	uint64_t revision; /* of the record that consumed the entry; 0: it isn't consumed */
	uint8_t entry_hash[MTR_HASH_BYTES];
	/* The writer's: packed FormerAnswer of an entry that it keeps after a restore; owned; NULL: none. */
	uint8_t *former;
	size_t former_size;
};

/* With a copy of `body`; NULL without memory. */
struct mtr_work *mtr_work_new(const void *body, size_t size);
/* Frees and nulls; NULL is fine. */
void mtr_work_free(struct mtr_work **work);
/* Stores a copy of the packed Answer. False without memory. */
bool mtr_work_answer(struct mtr_work *work, const void *packed_answer, size_t size);
/* Room for an answer of so many bytes or fewer, which isn't there until mtr_work_answered says where in the room it
 * lies. What was answered before is gone. The work's; NULL without memory. */
uint8_t *mtr_work_room(struct mtr_work *work, size_t size);
void mtr_work_answered(struct mtr_work *work, struct mtr_bytes packed_answer);
/* The answer of `from`, which has none then. */
void mtr_work_answer_with(struct mtr_work *work, struct mtr_work *from);
/* A copy of the packed Again. False without memory. */
bool mtr_work_again(struct mtr_work *work, const void *packed_again, size_t size);

/* Takes over a finished work from whichever thread finished it. */
typedef void (*mtr_reply_fn)(void *context, struct mtr_work *work);

/* A bounded queue with many givers and one or more takers. */
struct mtr_queue;
struct mtr_queue *mtr_queue_new(uint32_t most);
void mtr_queue_free(struct mtr_queue **queue); /* and what is still in it */
/* False when full or closed; the work stays the caller's. */
bool mtr_queue_put(struct mtr_queue *queue, struct mtr_work *work);
/* Everything there is, oldest first, at most `most`, linked by next; waits up to timeout_us (-1: for ever) for the
 * first. NULL when there is none, or the queue was closed and is empty. */
struct mtr_work *mtr_queue_take(struct mtr_queue *queue, uint32_t most, int64_t timeout_us);
/* Wakes a taker that waits, without giving it anything. */
void mtr_queue_wake(struct mtr_queue *queue);
/* No more puts; takers get what is left, then NULL. */
void mtr_queue_close(struct mtr_queue *queue);
uint32_t mtr_queue_count(struct mtr_queue *queue);

#endif
