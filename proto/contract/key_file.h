/* Key pairs of CurveZMQ, key pairs that sign (Ed25519), and the files they lie in, the same for the daemon and for
 *desks.
 *
 * A key file is an INI file of mode 0600:
 *
 *	; what it is, for whoever opens it
 *	[key]
 *	public-key = 40 characters of Z85
 *	secret-key = 40 characters of Z85
 *
 * The secret key of a pair that signs is its seed. A file with the public key alone, where nothing else would show that
 * it has become another key, has a sum of all before it (contract/lines.h) in place of the second line; one of an older
 * version has neither. */
#ifndef MTR_CONTRACT_KEY_FILE_H
#define MTR_CONTRACT_KEY_FILE_H

#include "contract/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MTR_KEY_TEXT 41u /* 40 characters of Z85 and the terminating zero */

struct mtr_key_pair {
	uint8_t public_key[MTR_KEY_BYTES];
	uint8_t secret_key[MTR_KEY_BYTES];
};

enum mtr_key_file_status {
	MTR_KEY_FILE_OK,
	MTR_KEY_FILE_MISSING,    /* no such file */
	MTR_KEY_FILE_UNREADABLE, /* can't be opened, read or written; errno says why */
	MTR_KEY_FILE_EXPOSED,    /* group or others may read or write it */
	MTR_KEY_FILE_DAMAGED,    /* not a key file, or its two keys don't belong together */
	MTR_KEY_FILE_EXISTS,     /* there is one already; it stays as it is */
};

/* The status's name for a log line. */
const char *mtr_key_file_status_name(enum mtr_key_file_status status);

/* A key as 40 characters of Z85. */
void mtr_key_text(const uint8_t key[MTR_KEY_BYTES], char ret_text[MTR_KEY_TEXT]);

/* The other way round; false unless `text` is exactly 40 characters of Z85. */
bool mtr_key_parse(const char *text, uint8_t ret_key[MTR_KEY_BYTES]);

/* A new random pair. False when the system gives no random numbers. */
bool mtr_key_pair_make(struct mtr_key_pair *ret_pair);

/* The same for a pair that signs. */
bool mtr_signing_pair_make(struct mtr_key_pair *ret_pair);

/* The Ed25519 signature of `size` bytes. */
void mtr_signing_pair_sign(const struct mtr_key_pair *pair, const void *bytes, size_t size,
			   uint8_t ret_signature[MTR_SIGNATURE_BYTES]);

/* Overwrites a pair in memory. */
void mtr_key_pair_wipe(struct mtr_key_pair *pair);

/* Writes a new file of mode 0600, flushed to the disk together with its directory's entry, never over an existing one.
 * `comment` is one line. EXISTS, UNREADABLE. */
enum mtr_key_file_status mtr_key_file_write(const char *path, const struct mtr_key_pair *pair, const char *comment);

/* MISSING, UNREADABLE, EXPOSED, DAMAGED. */
enum mtr_key_file_status mtr_key_file_read(const char *path, struct mtr_key_pair *ret_pair);

/* The same for a pair that signs. */
enum mtr_key_file_status mtr_signing_file_read(const char *path, struct mtr_key_pair *ret_pair);

/* A file with a public key alone: written as a pair's, and read by whoever has the bytes, with or without its sum.
 * MISSING, UNREADABLE, DAMAGED. */
enum mtr_key_file_status mtr_public_file_write(const char *path, const uint8_t key[MTR_KEY_BYTES], const char *comment);
enum mtr_key_file_status mtr_public_file_read(const char *path, uint8_t ret_key[MTR_KEY_BYTES]);

/* Gives one without a sum its sum: in place of the old file, and flushed. OK also when there is nothing to do. MISSING,
 * UNREADABLE, DAMAGED. */
enum mtr_key_file_status mtr_public_file_renew(const char *path, const char *comment);

#endif
