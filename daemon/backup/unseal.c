/* Reading sealed files. */
#include "backup/sealed_format.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct reading {
	int file;
	const char *path; /* of the directory */
	const struct mtr_sealed_file *about;
	struct mtr_problem *problem;
	crypto_generichash_state digest;
	uint64_t offset;
	crypto_secretstream_xchacha20poly1305_state stream;
	bool final; /* the last chunk has come */
	uint8_t head[MTR_SEALED_HEAD_BYTES];
	uint8_t chunk[MTR_SEALED_CHUNK_BYTES], contents[MTR_SEALED_CHUNK];
};

static enum mtr_exit_status damaged(const struct reading *reading, const char *what)
{
	return mtr_problem(reading->problem, MTR_EXIT_DAMAGED,
			   "%s/%s is damaged: %s at byte %" PRIu64 "; use another backup, or another copy of this one",
			   reading->path, reading->about->name, what, reading->offset);
}

static enum mtr_exit_status cant_read(const struct reading *reading, int error)
{
	char path[4352];

	snprintf(path, sizeof path, "%s/%s", reading->path, reading->about->name);
	return mtr_problem_reading(reading->problem, error, path);
}

/* As much as there is up to `size`. */
static enum mtr_exit_status load(struct reading *reading, uint8_t *bytes, size_t size, size_t *ret_got)
{
	size_t got = 0;

	while (got < size) {
		ssize_t some = read(reading->file, bytes + got, size - got);

		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return cant_read(reading, errno);
		if (some == 0)
			break;
		got += (size_t)some;
	}
	crypto_generichash_update(&reading->digest, bytes, got);
	*ret_got = got;
	return MTR_EXIT_OK;
}

static enum mtr_exit_status open_file(struct reading *reading, int directory)
{
	struct stat about;

	reading->file = openat(directory, reading->about->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (reading->file < 0 || fstat(reading->file, &about) < 0)
		return cant_read(reading, errno);
	crypto_generichash_init(&reading->digest, NULL, 0, MTR_HASH_BYTES);
	reading->offset =
		(uint64_t)about.st_size < reading->about->bytes ? (uint64_t)about.st_size : reading->about->bytes;
	if (!S_ISREG(about.st_mode) || (uint64_t)about.st_size != reading->about->bytes)
		return damaged(reading, "its size isn't as recorded");
	reading->offset = 0;
	return MTR_EXIT_OK;
}

static enum mtr_exit_status compare_digest(struct reading *reading)
{
	uint8_t digest[MTR_HASH_BYTES];

	crypto_generichash_final(&reading->digest, digest, sizeof digest);
	if (memcmp(digest, reading->about->digest, sizeof digest) == 0)
		return MTR_EXIT_OK;
	reading->offset = 0;
	return damaged(reading, "its contents aren't as recorded, somewhere");
}

static enum mtr_exit_status new_reading(struct reading **ret_reading, const char *path,
					const struct mtr_sealed_file *file, struct mtr_problem *problem)
{
	struct reading *reading = aligned_alloc(64, (sizeof *reading + 63) / 64 * 64);

	if (!reading || sodium_init() < 0) {
		free(reading);
		return mtr_problem(problem, MTR_EXIT_SYSTEM, "no memory, or no random numbers");
	}
	memset(reading, 0, sizeof *reading);
	reading->file = -1;
	reading->path = path;
	reading->about = file;
	reading->problem = problem;
	*ret_reading = reading;
	return MTR_EXIT_OK;
}

static void end_reading(struct reading *reading)
{
	if (reading->file >= 0)
		close(reading->file);
	sodium_memzero(reading, sizeof *reading);
	free(reading);
}

enum mtr_exit_status mtr_sealed_check(int fd, const char *path, const struct mtr_sealed_file *file,
				      struct mtr_problem *problem)
{
	struct reading *reading = NULL;
	size_t got = 1;
	enum mtr_exit_status status = new_reading(&reading, path, file, problem);

	if (status)
		return status;
	status = open_file(reading, fd);
	while (!status && got)
		status = load(reading, reading->chunk, sizeof reading->chunk, &got);
	if (!status)
		status = compare_digest(reading);
	end_reading(reading);
	return status;
}

static enum mtr_exit_status read_head(struct reading *reading, const struct mtr_sealed_head *wanted,
				      const struct mtr_key_pair *pair)
{
	uint8_t fixed[MTR_SEALED_FIXED_BYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	const uint8_t *at = reading->head;
	size_t got;
	enum mtr_exit_status status = load(reading, reading->head, sizeof reading->head, &got);

	if (status)
		return status;
	mtr_sealed_put_fixed(wanted, fixed);
	if (got < sizeof reading->head || mtr_load_be32(&at) != MTR_SEALED_MAGIC)
		return damaged(reading, "it isn't a file of a backup");
	if (mtr_load_be32(&at) > MTR_SEALED_VERSION)
		return mtr_problem(reading->problem, MTR_EXIT_NEWER,
				   "%s/%s was written by a newer version of matriculad; install that version",
				   reading->path, reading->about->name);
	if (memcmp(fixed, reading->head, sizeof fixed) != 0)
		return damaged(reading, "it isn't the file it is recorded as");
	if (crypto_box_seal_open(key, reading->head + sizeof fixed, MTR_SEALED_KEY_BYTES, pair->public_key,
				 pair->secret_key) != 0)
		return damaged(reading, "its key can't be opened");
	int failed = crypto_secretstream_xchacha20poly1305_init_pull(
		&reading->stream, reading->head + sizeof fixed + MTR_SEALED_KEY_BYTES, key);

	sodium_memzero(key, sizeof key);
	reading->offset = sizeof reading->head;
	return failed ? damaged(reading, "its stream has no beginning") : MTR_EXIT_OK;
}

static enum mtr_exit_status next_chunk(struct reading *reading, mtr_unsealed_fn take, void *context)
{
	const bool first = reading->offset == sizeof reading->head;
	unsigned long long size = 0;
	uint8_t tag = 0;
	size_t got;
	enum mtr_exit_status status = load(reading, reading->chunk, sizeof reading->chunk, &got);

	if (status)
		return status;
	if (got < crypto_secretstream_xchacha20poly1305_ABYTES ||
	    crypto_secretstream_xchacha20poly1305_pull(&reading->stream, reading->contents, &size, &tag, reading->chunk,
						       got, first ? reading->head : NULL,
						       first ? sizeof reading->head : 0) != 0)
		return damaged(reading, got ? "it was changed" : "it ends too early");
	reading->offset += got;
	reading->final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return size ? take(context, reading->contents, size, reading->problem) : MTR_EXIT_OK;
}

enum mtr_exit_status mtr_unseal(int fd, const char *path, const struct mtr_sealed_file *file,
				const struct mtr_sealed_head *wanted, const struct mtr_key_pair *pair,
				mtr_unsealed_fn take, void *context, struct mtr_problem *problem)
{
	struct reading *reading = NULL;
	size_t more = 0;

	if (memcmp(wanted->recipient, pair->public_key, MTR_KEY_BYTES) != 0)
		return mtr_problem(problem, MTR_EXIT_SECURITY,
				   "%s/%s is encrypted for another key; give the secret key that belongs to it", path,
				   file->name);
	enum mtr_exit_status status = new_reading(&reading, path, file, problem);

	if (status)
		return status;
	status = open_file(reading, fd);
	if (!status)
		status = read_head(reading, wanted, pair);
	while (!status && !reading->final)
		status = next_chunk(reading, take, context);
	if (!status)
		status = load(reading, reading->chunk, 1, &more);
	if (!status && more)
		status = damaged(reading, "something follows its end");
	if (!status)
		status = compare_digest(reading);
	end_reading(reading);
	return status;
}
