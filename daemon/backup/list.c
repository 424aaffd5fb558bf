#include "backup/list.h"

#include "contract/lines.h"
#include "engine/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAC_CONTEXT "MTR-BACKUP-LIST1"
/* Of a list with as many files as there may be. */
#define LIST_BYTES_MAX (MTR_BACKUP_FILES_MAX * 320u)
/* Of the lines behind the list itself: MAC and sum. */
#define TAIL_MAX 160u

void mtr_list_free(struct mtr_backup_list *list)
{
	free(list->files);
	*list = (struct mtr_backup_list){.at = 0};
}

bool mtr_source_same(const struct mtr_source_mark *x, const struct mtr_source_mark *y)
{
	return x->inode == y->inode && x->modified == y->modified && x->size == y->size;
}

bool mtr_list_add(struct mtr_backup_list *list, const struct mtr_backup_file *file)
{
	if (list->count == MTR_BACKUP_FILES_MAX)
		return false;
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		struct mtr_backup_file *more = reallocarray(list->files, room, sizeof *more);

		if (!more)
			return false;
		list->files = more;
		list->room = room;
	}
	list->files[list->count++] = *file;
	return true;
}

const struct mtr_backup_file *mtr_list_find(const struct mtr_backup_list *list, enum mtr_sealed_kind kind)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->files[i].kind == kind)
			return &list->files[i];
	return NULL;
}

struct mtr_sealed_head mtr_list_head(const struct mtr_backup_list *list, const struct mtr_backup_file *file)
{
	struct mtr_sealed_head head = {
		.kind = file->kind, .first = file->first, .last = file->last, .journal = list->journal};

	memcpy(head.recipient, list->recipient, MTR_KEY_BYTES);
	return head;
}

void mtr_list_name(uint64_t at, char ret_name[MTR_LIST_NAME_BYTES])
{
	snprintf(ret_name, MTR_LIST_NAME_BYTES, "list-%016" PRIx64, at);
}

static void print_list(FILE *out, const struct mtr_backup_list *list)
{
	char recipient[MTR_KEY_TEXT], server[MTR_KEY_TEXT], hex[2 * MTR_HASH_BYTES + 1];

	mtr_key_text(list->recipient, recipient);
	mtr_key_text(list->server, server);
	mtr_hex_text(list->chain, MTR_HASH_BYTES, hex);
	fprintf(out,
		"matricula-backup 1\nat %" PRIu64 "\nfor %s\nserver %s\njournal %" PRIu64 "\nincarnation %" PRIu64
		"\nrevision %" PRIu64 "\nchain %s\n",
		list->at, recipient, server, list->journal, list->incarnation, list->revision, hex);
	for (size_t i = 0; i < list->count; i++) {
		const struct mtr_backup_file *file = &list->files[i];

		mtr_hex_text(file->file.digest, MTR_HASH_BYTES, hex);
		fprintf(out,
			"file %s %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %s %d %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
			file->file.name, (int)file->kind, file->first, file->last, file->file.bytes, hex, file->whole,
			file->source.inode, file->source.modified, file->source.size);
	}
}

/* The text in memory that the caller frees; NULL without memory. */
static char *list_text(const struct mtr_backup_list *list, size_t *ret_size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_size);

	if (!out)
		return NULL;
	print_list(out, list);
	bool failed = ferror(out);

	if (fclose(out) != 0 || failed) {
		free(text);
		return NULL;
	}
	return text;
}

static void mac_of(const char *text, size_t size, const struct mtr_key_pair *server, uint8_t ret_mac[MTR_HASH_BYTES])
{
	uint8_t key[crypto_generichash_KEYBYTES];

	crypto_generichash(key, sizeof key, (const uint8_t *)MAC_CONTEXT, sizeof MAC_CONTEXT - 1, server->secret_key,
			   MTR_KEY_BYTES);
	crypto_generichash(ret_mac, MTR_HASH_BYTES, (const uint8_t *)text, size, key, sizeof key);
	sodium_memzero(key, sizeof key);
}

/* From the disk rather than from memory, where the system lets us. -EIO when it isn't what was written. */
static int read_back(int file, const char *text)
{
	const size_t size = strlen(text);
	char *found = malloc(size + 1);

	if (!found)
		return -ENOMEM;
	(void)posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
	int error = mtr_read_all(file, found, size, 0);

	if (error == -EBADMSG || (!error && memcmp(found, text, size) != 0))
		error = -EIO;
	free(found);
	return error;
}

static enum mtr_exit_status write_part(int fd, const char *path, const char *part, const char *text,
				       struct mtr_problem *problem)
{
	int file = openat(fd, part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int error = file < 0 ? -errno : mtr_write_all(file, text, strlen(text), 0);

	if (!error && fsync(file) < 0)
		error = -errno;
	if (!error)
		error = read_back(file, text);
	if (file >= 0)
		close(file);
	return error ? mtr_problem_writing(problem, -error, path) : MTR_EXIT_OK;
}

/* The whole file in memory that the caller frees; NULL without memory. */
static char *file_text(const struct mtr_backup_list *list, const struct mtr_key_pair *server)
{
	char hex[2 * MTR_HASH_BYTES + 1];
	uint8_t mac[MTR_HASH_BYTES];
	size_t size;
	char *text = list_text(list, &size), *whole = text ? realloc(text, size + TAIL_MAX) : NULL;

	if (!whole) {
		free(text);
		return NULL;
	}
	mac_of(whole, size, server, mac);
	mtr_hex_text(mac, sizeof mac, hex);
	snprintf(whole + size, TAIL_MAX, "mac %s\n", hex);
	if (!mtr_lines_seal(whole, size + TAIL_MAX)) {
		free(whole);
		return NULL;
	}
	return whole;
}

enum mtr_exit_status mtr_list_write(int fd, const char *path, const struct mtr_backup_list *list,
				    const struct mtr_key_pair *server, struct mtr_problem *problem)
{
	char name[MTR_LIST_NAME_BYTES], part[MTR_LIST_NAME_BYTES + 8];
	char *text = file_text(list, server);

	if (!text)
		return mtr_problem(problem, MTR_EXIT_SYSTEM, "no memory for the list of the backup");
	mtr_list_name(list->at, name);
	snprintf(part, sizeof part, "%s.part", name);
	enum mtr_exit_status status = write_part(fd, path, part, text, problem);

	free(text);
	if (!status && (fsync(fd) < 0 || renameat(fd, part, fd, name) < 0 || fsync(fd) < 0))
		status = mtr_problem_writing(problem, errno, path);
	if (status)
		(void)unlinkat(fd, part, 0);
	return status;
}

static void read_key(struct mtr_lines *lines, const char *word, uint8_t ret_key[MTR_KEY_BYTES])
{
	char text[MTR_KEY_TEXT];

	if (mtr_lines_word(lines, word) && mtr_lines_token(lines, text, sizeof text) && !mtr_key_parse(text, ret_key))
		lines->failed = true;
}

static uint64_t read_number(struct mtr_lines *lines, const char *word)
{
	return mtr_lines_word(lines, word) ? mtr_lines_number(lines) : 0;
}

/* What stands in a list must never lead out of its directory. */
static bool is_plain_name(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static bool read_file(struct mtr_lines *lines, struct mtr_backup_list *list)
{
	struct mtr_backup_file file = {.whole = false};

	mtr_lines_word(lines, "file");
	mtr_lines_token(lines, file.file.name, sizeof file.file.name);
	const uint64_t kind = mtr_lines_number(lines);

	file.first = mtr_lines_number(lines);
	file.last = mtr_lines_number(lines);
	file.file.bytes = mtr_lines_number(lines);
	mtr_lines_hex(lines, file.file.digest, sizeof file.file.digest);
	const uint64_t whole = mtr_lines_number(lines);

	file.source.inode = mtr_lines_number(lines);
	file.source.modified = mtr_lines_number(lines);
	file.source.size = mtr_lines_number(lines);
	if (kind < MTR_SEALED_SEGMENT || kind > MTR_SEALED_SETTINGS || whole > 1 || !is_plain_name(file.file.name))
		lines->failed = true;
	file.kind = (enum mtr_sealed_kind)kind;
	file.whole = whole;
	return !lines->failed && mtr_list_add(list, &file);
}

/* True unless the text isn't a list, whole and unchanged. */
static bool parse(const char *text, size_t size, struct mtr_backup_list *list, uint8_t mac[MTR_HASH_BYTES])
{
	if (!mtr_lines_unseal(text, &size))
		return false;
	struct mtr_lines lines = mtr_lines_of(text, size);

	if (mtr_lines_word(&lines, "matricula-backup"))
		(void)mtr_lines_number(&lines);

	list->at = read_number(&lines, "at");
	read_key(&lines, "for", list->recipient);
	read_key(&lines, "server", list->server);
	list->journal = read_number(&lines, "journal");
	list->incarnation = read_number(&lines, "incarnation");
	list->revision = read_number(&lines, "revision");
	if (mtr_lines_word(&lines, "chain"))
		mtr_lines_hex(&lines, list->chain, MTR_HASH_BYTES);
	while (mtr_lines_next_is(&lines, "file"))
		if (!read_file(&lines, list))
			return false;
	if (mtr_lines_word(&lines, "mac"))
		mtr_lines_hex(&lines, mac, MTR_HASH_BYTES);
	return mtr_lines_done(&lines);
}

static int load(int fd, const char *name, char **ret_text, size_t *ret_size)
{
	struct stat about;
	int file = openat(fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), error = 0;

	if (file < 0)
		return errno;
	if (fstat(file, &about) < 0)
		error = errno;
	else if (!S_ISREG(about.st_mode) || about.st_size > (off_t)LIST_BYTES_MAX)
		error = EBADMSG;
	char *text = error ? NULL : malloc((size_t)about.st_size + 1);
	size_t size = 0;

	while (!error && text && size < (size_t)about.st_size) {
		ssize_t got = read(file, text + size, (size_t)about.st_size - size);

		if (got < 0 && errno != EINTR)
			error = errno;
		if (got == 0)
			break;
		size += got > 0 ? (size_t)got : 0;
	}
	close(file);
	if (!error && !text)
		error = ENOMEM;
	if (error) {
		free(text);
		return error;
	}
	*ret_text = text;
	*ret_size = size;
	return 0;
}

enum mtr_exit_status mtr_list_read(int fd, const char *path, uint64_t at, struct mtr_backup_list *ret_list,
				   uint8_t ret_mac[MTR_HASH_BYTES], struct mtr_problem *problem)
{
	struct mtr_backup_list list = {.at = 0};
	enum mtr_exit_status status = MTR_EXIT_OK;
	char name[MTR_LIST_NAME_BYTES], *text = NULL;
	size_t size = 0;

	mtr_list_name(at, name);
	int error = load(fd, name, &text, &size);
	struct mtr_lines first = mtr_lines_of(text, size);

	if (error && error != EBADMSG)
		return mtr_problem_reading(problem, error, path);
	const uint64_t version = error ? 0 : read_number(&first, "matricula-backup");

	if (version > 1)
		status = mtr_problem(problem, MTR_EXIT_NEWER,
				     "%s/%s was written by a newer version of matriculad; install that version", path,
				     name);
	else if (version != 1 || !parse(text, size, &list, ret_mac) || list.at != at)
		status = mtr_problem(problem, MTR_EXIT_DAMAGED,
				     "%s/%s is damaged; use another backup, or another copy of this one", path, name);
	free(text);
	if (status)
		mtr_list_free(&list);
	else
		*ret_list = list;
	return status;
}

bool mtr_list_authentic(const struct mtr_backup_list *list, const uint8_t mac[MTR_HASH_BYTES],
			const struct mtr_key_pair *server)
{
	uint8_t expected[MTR_HASH_BYTES];
	size_t size;
	char *text = list_text(list, &size);

	if (!text)
		return false;
	mac_of(text, size, server, expected);
	free(text);
	return sodium_memcmp(expected, mac, sizeof expected) == 0;
}
