#include "contract/key_file.h"

#include "contract/durable.h"
#include "contract/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <limits.h>
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

bool mtr_signing_pair_make(struct mtr_key_pair *ret_pair)
{
	uint8_t expanded[crypto_sign_SECRETKEYBYTES];

	if (sodium_init() < 0)
		return false;
	randombytes_buf(ret_pair->secret_key, sizeof ret_pair->secret_key);
	int error = crypto_sign_seed_keypair(ret_pair->public_key, expanded, ret_pair->secret_key);

	sodium_memzero(expanded, sizeof expanded);
	return error == 0;
}

void mtr_signing_pair_sign(const struct mtr_key_pair *pair, const void *bytes, size_t size,
			   uint8_t ret_signature[MTR_SIGNATURE_BYTES])
{
	uint8_t public_key[MTR_KEY_BYTES], expanded[crypto_sign_SECRETKEYBYTES];

	crypto_sign_seed_keypair(public_key, expanded, pair->secret_key);
	crypto_sign_detached(ret_signature, NULL, bytes, size, expanded);
	sodium_memzero(expanded, sizeof expanded);
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

static int name_part(const char *part, const char *path, bool replace)
{
	if (!replace)
		return mtr_name_file(part, path);
	return rename(part, path) < 0 ? -errno : mtr_flush_entry(path);
}

/* Whoever could read the one before can read this one, whoever writes it. */
static int keep_access(int fd, const char *former)
{
	struct stat about;

	if (stat(former, &about) < 0 || fchown(fd, about.st_uid, about.st_gid) < 0 ||
	    fchmod(fd, about.st_mode & 0777) < 0)
		return -errno;
	return 0;
}

/* A new file with this text, or none: what was begun and cut off bears another name. */
static enum mtr_key_file_status write_file(const char *path, const char *text, size_t size, bool replace)
{
	char part[PATH_MAX];

	if (!replace && access(path, F_OK) == 0)
		return MTR_KEY_FILE_EXISTS;
	if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part) {
		errno = ENAMETOOLONG;
		return MTR_KEY_FILE_UNREADABLE;
	}
	(void)unlink(part);
	int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return MTR_KEY_FILE_UNREADABLE;
	int error = replace ? keep_access(fd, path) : 0;

	if (error == 0 && (!write_all(fd, text, size) || fsync(fd) < 0))
		error = -errno;
	close(fd);
	if (error == 0)
		error = name_part(part, path, replace);
	if (error == 0)
		return MTR_KEY_FILE_OK;
	unlink(part);
	errno = -error;
	return error == -EEXIST ? MTR_KEY_FILE_EXISTS : MTR_KEY_FILE_UNREADABLE;
}

/* `secret_key` may be NULL: a sum stands there then. 0 when it doesn't fit. */
static size_t print_keys(const uint8_t *public_key, const uint8_t *secret_key, const char *comment, char text[FILE_MAX])
{
	char public_text[MTR_KEY_TEXT], secret_text[MTR_KEY_TEXT] = "";

	mtr_key_text(public_key, public_text);
	if (secret_key)
		mtr_key_text(secret_key, secret_text);
	const int size = snprintf(text, FILE_MAX, "; %s\n[key]\npublic-key = %s\n%s%s%s", comment, public_text,
				  secret_key ? "secret-key = " : "", secret_text, secret_key ? "\n" : "");

	sodium_memzero(secret_text, sizeof secret_text);
	if (size <= 0 || (unsigned)size >= FILE_MAX || (!secret_key && !mtr_lines_seal(text, FILE_MAX)))
		return 0;
	return strlen(text);
}

static enum mtr_key_file_status write_keys(const char *path, const uint8_t *public_key, const uint8_t *secret_key,
					   const char *comment, bool replace)
{
	char text[FILE_MAX];
	enum mtr_key_file_status status = MTR_KEY_FILE_UNREADABLE;
	const size_t size = print_keys(public_key, secret_key, comment, text);

	if (size)
		status = write_file(path, text, size, replace);
	else
		errno = EMSGSIZE;
	int saved_errno = errno;

	sodium_memzero(text, sizeof text);
	errno = saved_errno;
	return status;
}

enum mtr_key_file_status mtr_key_file_write(const char *path, const struct mtr_key_pair *pair, const char *comment)
{
	return write_keys(path, pair->public_key, pair->secret_key, comment, false);
}

enum mtr_key_file_status mtr_public_file_write(const char *path, const uint8_t key[MTR_KEY_BYTES], const char *comment)
{
	return write_keys(path, key, NULL, comment, false);
}

struct parsed {
	struct mtr_key_pair pair;
	bool has_public, has_secret;
	bool sealed; /* there is a sum, and it is right */
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

typedef bool (*pair_check)(const struct mtr_key_pair *pair);

static bool is_curve_pair(const struct mtr_key_pair *pair)
{
	uint8_t public_key[MTR_KEY_BYTES];

	return crypto_scalarmult_base(public_key, pair->secret_key) == 0 &&
	       sodium_memcmp(public_key, pair->public_key, sizeof public_key) == 0;
}

static bool is_signing_pair(const struct mtr_key_pair *pair)
{
	uint8_t public_key[MTR_KEY_BYTES], expanded[crypto_sign_SECRETKEYBYTES];
	int error = crypto_sign_seed_keypair(public_key, expanded, pair->secret_key);

	sodium_memzero(expanded, sizeof expanded);
	return error == 0 && sodium_memcmp(public_key, pair->public_key, sizeof public_key) == 0;
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

/* A sum that isn't right stays in the text, where nothing takes it for a line of a key file. */
static bool parse(char *text, bool secret, struct parsed *ret_parsed)
{
	size_t size = strlen(text);

	ret_parsed->sealed = !secret && mtr_lines_unseal(text, &size);
	text[size] = '\0';
	return ini_parse_string(text, take_line, ret_parsed) == 0 && ret_parsed->has_public &&
	       ret_parsed->has_secret == secret;
}

/* What stands in a key file; `secret` asks for one that nobody else can read. */
static enum mtr_key_file_status load(const char *path, bool secret, struct parsed *ret_parsed)
{
	enum mtr_key_file_status status = MTR_KEY_FILE_DAMAGED;
	struct stat about;
	char text[FILE_MAX];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? MTR_KEY_FILE_MISSING : MTR_KEY_FILE_UNREADABLE;
	if (fstat(fd, &about) != 0) {
		status = MTR_KEY_FILE_UNREADABLE;
	} else if (!S_ISREG(about.st_mode) || about.st_size >= (off_t)FILE_MAX) {
		status = MTR_KEY_FILE_DAMAGED;
	} else if (secret && about.st_mode & 077) {
		status = MTR_KEY_FILE_EXPOSED;
	} else if (!read_text(fd, text)) {
		status = MTR_KEY_FILE_UNREADABLE;
	} else if (parse(text, secret, ret_parsed)) {
		status = MTR_KEY_FILE_OK;
	}
	int saved_errno = errno;

	sodium_memzero(text, sizeof text);
	close(fd);
	errno = saved_errno;
	return status;
}

static enum mtr_key_file_status read_pair(const char *path, pair_check belong_together, struct mtr_key_pair *ret_pair)
{
	struct parsed parsed = {0};
	enum mtr_key_file_status status = load(path, true, &parsed);
	int saved_errno = errno;

	if (status == MTR_KEY_FILE_OK && !belong_together(&parsed.pair))
		status = MTR_KEY_FILE_DAMAGED;
	if (status == MTR_KEY_FILE_OK)
		*ret_pair = parsed.pair;
	mtr_key_pair_wipe(&parsed.pair);
	errno = saved_errno;
	return status;
}

enum mtr_key_file_status mtr_key_file_read(const char *path, struct mtr_key_pair *ret_pair)
{
	return read_pair(path, is_curve_pair, ret_pair);
}

enum mtr_key_file_status mtr_signing_file_read(const char *path, struct mtr_key_pair *ret_pair)
{
	return read_pair(path, is_signing_pair, ret_pair);
}

enum mtr_key_file_status mtr_public_file_read(const char *path, uint8_t ret_key[MTR_KEY_BYTES])
{
	struct parsed parsed = {0};
	enum mtr_key_file_status status = load(path, false, &parsed);

	if (status == MTR_KEY_FILE_OK)
		memcpy(ret_key, parsed.pair.public_key, MTR_KEY_BYTES);
	return status;
}

enum mtr_key_file_status mtr_public_file_renew(const char *path, const char *comment)
{
	struct parsed parsed = {0};
	const enum mtr_key_file_status status = load(path, false, &parsed);

	if (status != MTR_KEY_FILE_OK || parsed.sealed)
		return status;
	return write_keys(path, parsed.pair.public_key, NULL, comment, true);
}
