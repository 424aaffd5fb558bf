/* A register in which everything there is to a year has happened, and desks that go on from there. The same in every
 * process: made by the generator of the model's tests, from one seed, once a process; each input gets a copy. */
#ifndef MTR_FUZZ_WORLD_H
#define MTR_FUZZ_WORLD_H

#include "contract/arena.h"
#include "generate.h"
#include "reader/reader.h"
#include "store/store.h"
#include "writer/writer.h"

/* Principals are numbered from 1; some keys are revoked. One more than there are is nobody. */
#define FUZZ_OUTBOXES 64u
#define FUZZ_INCARNATION 7u

/* One principal's outbox. */
struct fuzz_desk {
	uint64_t sequence;                                    /* of the last entry consumed */
	uint8_t hash[MTR_HASH_BYTES], before[MTR_HASH_BYTES]; /* its entry hash, and the one before */
	struct mtr_bytes command, answer; /* of that entry, if it was written for this input; malloced */
};

struct fuzz_world {
	struct mtr_store *store;
	struct mtr_engine *engine;
	struct mtr_writer *writer;
	struct mtr_writer_options writer_options;
	struct mtr_readers_options reader_options;
	struct mtr_arena *arena, *scratch;
	uint64_t now;
	uint32_t principals;
	struct fuzz_desk desks[FUZZ_OUTBOXES];
	struct mtr_work *replies, **replies_end; /* of the last turn */
	bool damaged;                            /* what is in the store may be anything: the writer may give up */
	bool failed;                             /* it has */
};

/* The world as it is at first, opened for an input; the same object each time. */
struct fuzz_world *fuzz_world_open(void);
/* And let go. */
void fuzz_world_close(struct fuzz_world *world);

/* As if the process ended without more ado, and started again. */
void fuzz_world_restart(struct fuzz_world *world);

/* A directory with a copy of the store as it is at first. */
void fuzz_world_copy(const char *name, char *ret_path);

/* The same of a store that lies in this directory and is closed. False when it can't be opened, or is another
 * register's. */
bool fuzz_world_open_damaged(const char *path, struct fuzz_world **ret_world);

/* Gives the writer a work, which it takes over; the finished one, which is the caller's. NULL only when the writer has
 * given up. */
struct mtr_work *fuzz_world_ask(struct fuzz_world *world, struct mtr_work *work);

/* The next entry of a principal's outbox. */
struct mtr_work *fuzz_world_entry(const struct fuzz_world *world, uint32_t principal, struct mtr_bytes command);
/* Takes note that the entry was consumed, and answered so; frees neither. */
void fuzz_world_consumed(struct fuzz_world *world, const struct mtr_work *work);

/* Registers a desk with this key, of a unit that nominates; the number of its principal. */
uint32_t fuzz_world_admit(struct fuzz_world *world, const uint8_t key[MTR_KEY_BYTES]);

/* Everything decided is to be read. */
void fuzz_world_commit(struct fuzz_world *world);

/* What a register says in its hello. The principal lies in the world's arena. */
struct fuzz_outbox {
	uint64_t last; /* sequence consumed; 0: none */
	uint8_t hash[MTR_HASH_BYTES];
};
struct fuzz_outbox fuzz_world_outbox(struct mtr_txn *txn, const uint8_t id[MTR_OUTBOX_BYTES]);
const Mtr__Principal *fuzz_world_principal(struct fuzz_world *world, struct mtr_txn *txn, uint32_t id);

/* A copy of the packed answer that the work holds, malloced. */
struct mtr_bytes fuzz_world_answer(const struct mtr_work *work);
/* The packed answer of a reader; malloced. */
struct mtr_bytes fuzz_world_query(struct fuzz_world *world, uint32_t principal, struct mtr_bytes query);

/* Operations that a desk might well try next, another sequence of them for each seed. Each is what comes after those
 * before it have been carried out. */
struct fuzz_story;
struct fuzz_story *fuzz_story_begin(uint64_t seed);
/* Valid until the next call. */
void fuzz_story_next(struct fuzz_story *story, struct operation *ret_operation);
void fuzz_story_end(struct fuzz_story **story);

#endif
