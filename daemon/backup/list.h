/* What one backup consists of: a text file "list-<time as 16 hexadecimal digits>" beside the files it names, written
 *when all of them are there. A backup without its list is none.
 *
 *	matricula-backup 1
 *	at NUMBER                 time it was begun; newer lists have greater ones
 *	for KEY                   the public key it is encrypted for
 *	server KEY                the server's public key
 *	journal NUMBER            the journal's own number
 *	incarnation NUMBER        the register's
 *	revision NUMBER           the last one that is in it, and …
 *	chain HEX                 … the chain after it
 *	file NAME KIND FIRST LAST BYTES DIGEST WHOLE INODE MODIFIED SIZE      one line a file
 *	mac HEX
 *	sum DIGITS                of the lines before (contract/lines.h), tells damage
 *
 * WHOLE is 1 for a segment that is complete; INODE, MODIFIED (nanoseconds) and SIZE are the source file's and tell
 * whether it is still the same. The MAC is BLAKE2b-256 of all before it, keyed with a key made of the server's secret
 * key: the server can tell that a list is its own without being able to decrypt anything. */
#ifndef MTR_BACKUP_LIST_H
#define MTR_BACKUP_LIST_H

#include "backup/sealed.h"

#include <stdbool.h>

/* A segment of the smallest size for every hour of ten years. */
#define MTR_BACKUP_FILES_MAX 100000u
#define MTR_LIST_NAME_BYTES 22u

/* Tells whether a source file is still what it was. */
struct mtr_source_mark {
	uint64_t inode, modified, size;
};

bool mtr_source_same(const struct mtr_source_mark *x, const struct mtr_source_mark *y);

struct mtr_backup_file {
	struct mtr_sealed_file file;
	enum mtr_sealed_kind kind;
	uint64_t first, last;
	bool whole;
	struct mtr_source_mark source;
};

struct mtr_backup_list {
	uint64_t at;
	uint8_t recipient[MTR_KEY_BYTES], server[MTR_KEY_BYTES];
	uint64_t journal, incarnation, revision;
	uint8_t chain[MTR_HASH_BYTES];
	struct mtr_backup_file *files; /* segments in order */
	size_t count, room;
};

/* Frees what it holds. */
void mtr_list_free(struct mtr_backup_list *list);

/* False without memory. */
bool mtr_list_add(struct mtr_backup_list *list, const struct mtr_backup_file *file);
/* The only file of this kind (REGISTER, SETTINGS), or NULL. */
const struct mtr_backup_file *mtr_list_find(const struct mtr_backup_list *list, enum mtr_sealed_kind kind);
/* The head that a file of the list must have. */
struct mtr_sealed_head mtr_list_head(const struct mtr_backup_list *list, const struct mtr_backup_file *file);

void mtr_list_name(uint64_t at, char ret_name[MTR_LIST_NAME_BYTES]);

/* Writes it, flushed, with its directory. */
enum mtr_exit_status mtr_list_write(int fd, const char *path, const struct mtr_backup_list *list,
				    const struct mtr_key_pair *server, struct mtr_problem *problem);

/* Reads a list and its MAC, which isn't looked at. Everything in it is bounded, and the file names are plain ones. */
enum mtr_exit_status mtr_list_read(int fd, const char *path, uint64_t at, struct mtr_backup_list *ret_list,
				   uint8_t ret_mac[MTR_HASH_BYTES], struct mtr_problem *problem);

/* True if the server with these keys made the list. */
bool mtr_list_authentic(const struct mtr_backup_list *list, const uint8_t mac[MTR_HASH_BYTES],
			const struct mtr_key_pair *server);

#endif
