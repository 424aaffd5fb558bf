/* The register itself, in process: decide and apply on an LMDB of its own in a temporary directory, several commands
 * a commit, every record kept. Functions that return bool report a failure on stderr. */
#ifndef MODEL_REAL_H
#define MODEL_REAL_H

#include "contract/arena.h"
#include "register/decide.h"
#include "store/store.h"

#include <stdbool.h>

struct real;

/* An empty register with one operator (id 1, this key) in revision 1. */
bool real_open(struct real **ret_real, uint64_t now, const uint8_t operator_key[MTR_KEY_BYTES]);
/* Removes its directory too. NULL is fine. */
void real_close(struct real **real);

/* Decides, and applies what is consumed, in the open transaction. With `twice` it decides two times and compares. The
 * answer lies in `arena`. */
bool real_execute(struct real *real, struct mtr_arena *arena, uint32_t principal_id, uint64_t now,
		  const Mtr__Command *command, bool twice, const Mtr__Answer **ret_answer);

/* The transaction that shows everything applied so far. */
struct mtr_txn *real_view(struct real *real);

/* LMDB commits. */
bool real_commit(struct real *real);

/* As if another writer had been ahead: aborts what isn't committed and applies it again from its records. */
bool real_fenced(struct real *real);

/* Commits, and takes out of the records what the rows of redacted people no longer hold: each record's digest stays as
 * it was, and their citizen numbers stand in none. */
bool real_redact(struct real *real);

/* Applies every record to an empty register, and compares all tables, derived ones too; also derives again what
 * follows from the rows. */
bool real_rebuild(struct real *real);

#endif
