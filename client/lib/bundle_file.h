/* A bundle: sealed entries of one desk's outbox for one server, or the sealed answers to them, as a file.
 *
 *	"MTRBNDL\n"  8 bytes
 *	format       u32: 1
 *	kind         u32: 1 entries, 2 answers
 *	server key   32 bytes
 *	desk key     32 bytes
 *	items        each: length u32, from 1; a packed Relay (entries) or Relayed (answers) of so many bytes
 *	end          u32: 0
 *	hash         32: BLAKE2b-256 of everything before it; nothing follows
 *
 * Numbers are big-endian. The hash is against damage on the way; what is in the boxes nobody else can make or read.
 *
 * Functions that return int return 0 or one of enum mtr_client_error: BUNDLE_FILE, MEMORY unless said otherwise. */
#ifndef MTR_CLIENT_BUNDLE_FILE_H
#define MTR_CLIENT_BUNDLE_FILE_H

#include "contract/bytes.h"
#include "contract/limits.h"

#include <stdint.h>

#define MTR_BUNDLE_FORMAT 1u

enum mtr_bundle_kind {
	MTR_BUNDLE_ENTRIES = 1,
	MTR_BUNDLE_ANSWERS = 2,
};

struct mtr_bundle_header {
	enum mtr_bundle_kind kind;
	uint8_t server[MTR_KEY_BYTES], desk[MTR_KEY_BYTES];
};

struct mtr_bundle_writer;

/* A new file, mode 0600. BUNDLE_EXISTS. */
int mtr_bundle_create(struct mtr_bundle_writer **ret_writer, const char *path, const struct mtr_bundle_header *header);
int mtr_bundle_add(struct mtr_bundle_writer *writer, struct mtr_bytes item);
/* Makes the file whole and durable, frees and nulls; after an error the file is gone. */
int mtr_bundle_finish(struct mtr_bundle_writer **writer);
/* Removes the file, frees and nulls; NULL is fine. */
void mtr_bundle_discard(struct mtr_bundle_writer **writer);

struct mtr_bundle_reader;

/* Reads the whole file once, so that a damaged one is known before anything is done with it.
 * BUNDLE_DAMAGED, BUNDLE_KIND, BUNDLE_NEWER. */
int mtr_bundle_open(struct mtr_bundle_reader **ret_reader, const char *path, enum mtr_bundle_kind kind,
		    struct mtr_bundle_header *ret_header);
/* The next item, valid until the next call; size 0 at the end. BUNDLE_DAMAGED. */
int mtr_bundle_next(struct mtr_bundle_reader *reader, struct mtr_bytes *ret_item);
/* Frees and nulls; NULL is fine. */
void mtr_bundle_close(struct mtr_bundle_reader **reader);

#endif
