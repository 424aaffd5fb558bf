#include "contract/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

/* A file we wrote has some 200 bytes; room for a few more lines of comment. */
#define FILE_MAX 4096u

const char *mtr_key_file_status_name(enum mtr_key_file_status status)
{
	switch (status) {
	case MTR_KEY_FILE_OK:
		return "OK";
	case MTR_KEY_FILE_MISSING:
		return "MISSING";
	case MTR_KEY_FILE_UNREADABLE:
		return "UNREADABLE";
	case MTR_KEY_FILE_EXPOSED:
		return "EXPOSED";
	case MTR_KEY_FILE_DAMAGED:
		return "DAMAGED";
	case MTR_KEY_FILE_EXISTS:
		return "EXISTS";
	}
	return "?";
}

void mtr_key_text(const uint8_t key[MTR_KEY_BYTES], char ret_text[MTR_KEY_TEXT])
{
	zmq_z85_encode(ret_text, key, MTR_KEY_BYTES);
}

bool mtr_key_parse(const char *text, uint8_t ret_key[MTR_KEY_BYTES])
{
	uint8_t key[MTR_KEY_BYTES];

	if (strnlen(text, MTR_KEY_TEXT) != MTR_KEY_TEXT - 1 || !zmq_z85_decode(key, text))
		return false;
	memcpy(ret_key, key, sizeof key);
	sodium_memzero(key, sizeof key);
	return true;
}

bool mtr_key_pair_make(struct mtr_key_pair *ret_pair)
{
	return sodium_init() >= 0 && crypto_box_keypair(ret_pair->public_key, ret_pair->secret_key) == 0;
}

void mtr_key_pair_wipe(struct mtr_key_pair *pair)
{
	sodium_memzero(pair, sizeof *pair);
}

static bool write_all(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		size -= (size_t)written;
	}
	return true;
}

/* Makes the new file's entry durable. */
static bool sync_parent(const char *path)
{
	char *copy = strdup(path);
	bool synced = false;

	if (!copy)
		return false;
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		synced = fsync(fd) == 0;
		close(fd);
	}
	free(copy);
	return synced;
}

enum mtr_key_file_status mtr_key_file_write(const char *path, const struct mtr_key_pair *pair, const char *comment)
{
	char public_text[MTR_KEY_TEXT], secret_text[MTR_KEY_TEXT], text[FILE_MAX];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? MTR_KEY_FILE_EXISTS : MTR_KEY_FILE_UNREADABLE;

	mtr_key_text(pair->public_key, public_text);
	mtr_key_text(pair->secret_key, secret_text);
	int size = snprintf(text, sizeof text, "; %s\n[key]\npublic-key = %s\nsecret-key = %s\n", comment, public_text,
			    secret_text);
	bool written = size > 0 && (size_t)size < sizeof text && write_all(fd, text, (size_t)size) && fsync(fd) == 0;
	int saved_errno = errno;

	sodium_memzero(text, sizeof text);
	sodium_memzero(secret_text, sizeof secret_text);
	close(fd);
	if (written && sync_parent(path))
		return MTR_KEY_FILE_OK;
	if (written)
		saved_errno = errno;
	unlink(path);
	errno = saved_errno;
	return MTR_KEY_FILE_UNREADABLE;
}

struct parsed {
	struct mtr_key_pair pair;
	bool has_public, has_secret;
};

static int take_line(void *context, const char *section, const char *name, const char *value)
{
	struct parsed *parsed = context;
	bool *has;
	uint8_t *key;

	if (strcmp(section, "key") != 0)
		return 0;
	if (strcmp(name, "public-key") == 0) {
		has = &parsed->has_public;
		key = parsed->pair.public_key;
	} else if (strcmp(name, "secret-key") == 0) {
		has = &parsed->has_secret;
		key = parsed->pair.secret_key;
	} else {
		return 0;
	}
	if (*has || !mtr_key_parse(value, key))
		return 0;
	*has = true;
	return 1;
}

static bool belong_together(const struct mtr_key_pair *pair)
{
	uint8_t public_key[MTR_KEY_BYTES];

	return crypto_scalarmult_base(public_key, pair->secret_key) == 0 &&
	       sodium_memcmp(public_key, pair->public_key, sizeof public_key) == 0;
}

/* Reads the whole of a small file. */
static bool read_text(int fd, char text[FILE_MAX])
{
	size_t size = 0;

	while (size < FILE_MAX - 1) {
		ssize_t got = read(fd, text + size, FILE_MAX - 1 - size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		size += (size_t)got;
	}
	text[size] = '\0';
	return true;
}

enum mtr_key_file_status mtr_key_file_read(const char *path, struct mtr_key_pair *ret_pair)
{
	enum mtr_key_file_status status = MTR_KEY_FILE_DAMAGED;
	struct parsed parsed = {0};
	struct stat about;
	char text[FILE_MAX];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? MTR_KEY_FILE_MISSING : MTR_KEY_FILE_UNREADABLE;
	if (fstat(fd, &about) != 0) {
		status = MTR_KEY_FILE_UNREADABLE;
	} else if (!S_ISREG(about.st_mode) || about.st_size >= (off_t)FILE_MAX) {
		status = MTR_KEY_FILE_DAMAGED;
	} else if (about.st_mode & 077) {
		status = MTR_KEY_FILE_EXPOSED;
	} else if (!read_text(fd, text)) {
		status = MTR_KEY_FILE_UNREADABLE;
	} else if (ini_parse_string(text, take_line, &parsed) == 0 && parsed.has_public && parsed.has_secret &&
		   belong_together(&parsed.pair)) {
		*ret_pair = parsed.pair;
		status = MTR_KEY_FILE_OK;
	}
	int saved_errno = errno;

	sodium_memzero(text, sizeof text);
	mtr_key_pair_wipe(&parsed.pair);
	close(fd);
	errno = saved_errno;
	return status;
}
