/* A file of a backup, encrypted for a public key so that not even the server can read it again.
 *
 *   at  size
 *    0     4  magic "MTRB"
 *    4     4  format version: 1
 *    8     4  kind: enum mtr_sealed_kind
 *   12     8  first revision in it
 *   20     8  last revision
 *   28     8  the journal's own number (daemon/engine/segment.h)
 *   36    32  the public key it is encrypted for (X25519)
 *   68    80  crypto_box_seal of a random key of 32 bytes, for that key
 *  148    24  header of crypto_secretstream_xchacha20poly1305 under the random key
 *  172        chunks of the stream, each of MTR_SEALED_CHUNK bytes of contents and 17 more; the last may be shorter
 *
 * Integers are big-endian. The first chunk authenticates bytes 0 to 171, the last one is marked as the last: nothing
 * can be changed, cut off or put behind without being seen. */
#ifndef MTR_BACKUP_SEALED_H
#define MTR_BACKUP_SEALED_H

#include "backup/problem.h"
#include "contract/key_file.h"
#include "contract/limits.h"

#include <stddef.h>
#include <stdint.h>

#define MTR_SEALED_CHUNK (64u * 1024u)
#define MTR_SEALED_NAME_MAX 96u

enum mtr_sealed_kind {
	MTR_SEALED_SEGMENT = 1,
	MTR_SEALED_REGISTER = 2, /* LMDB's data file */
	MTR_SEALED_SETTINGS = 3, /* keys and configuration */
};

struct mtr_sealed_head {
	enum mtr_sealed_kind kind;
	uint64_t first, last;
	uint64_t journal;
	uint8_t recipient[MTR_KEY_BYTES];
};

/* A file of the directory, as it lies there. */
struct mtr_sealed_file {
	char name[MTR_SEALED_NAME_MAX];
	uint64_t bytes;
	uint8_t digest[MTR_HASH_BYTES]; /* BLAKE2b-256 of all of them */
};

struct mtr_sealer;

/* Begins `name` in the directory (open as `fd`, called `path` in problems) under a temporary name. */
enum mtr_exit_status mtr_sealer_begin(struct mtr_sealer **ret_sealer, int fd, const char *path, const char *name,
				      const struct mtr_sealed_head *head, struct mtr_problem *problem);
enum mtr_exit_status mtr_sealer_put(struct mtr_sealer *sealer, const void *bytes, size_t size,
				    struct mtr_problem *problem);
/* Ends the file, flushes it, reads it back and compares, and gives it its name, never in place of another. Frees and
 * nulls whatever comes of it. The caller flushes the directory. */
enum mtr_exit_status mtr_sealer_finish(struct mtr_sealer **sealer, struct mtr_sealed_file *ret_file,
				       struct mtr_problem *problem);
/* Removes what was begun; NULL is fine. */
void mtr_sealer_abandon(struct mtr_sealer **sealer);

/* Reads all of a file and compares it with what is known of it; needs no key. */
enum mtr_exit_status mtr_sealed_check(int fd, const char *path, const struct mtr_sealed_file *file,
				      struct mtr_problem *problem);

/* Takes contents in order; returns what ends the reading unless it is OK. */
typedef enum mtr_exit_status (*mtr_unsealed_fn)(void *context, const uint8_t *bytes, size_t size,
						struct mtr_problem *problem);

/* Decrypts all of a file; every byte that `take` gets is authentic for whoever knows the public key. OK only when the
 * file is whole, is what `file` says, has the head `wanted`, and is for the pair. */
enum mtr_exit_status mtr_unseal(int fd, const char *path, const struct mtr_sealed_file *file,
				const struct mtr_sealed_head *wanted, const struct mtr_key_pair *pair,
				mtr_unsealed_fn take, void *context, struct mtr_problem *problem);

#endif
