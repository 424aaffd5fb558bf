/* Writing sealed files. */
#include "backup/sealed_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct mtr_sealer {
	int directory, file;
	const char *path;
	char name[MTR_SEALED_NAME_MAX - 8], part[MTR_SEALED_NAME_MAX]; /* room for ".part" */
	crypto_secretstream_xchacha20poly1305_state stream;
	crypto_generichash_state digest;
	uint64_t bytes; /* written */
	uint8_t head[MTR_SEALED_HEAD_BYTES];
	bool begun; /* a chunk is written */
	size_t fill;
	uint8_t contents[MTR_SEALED_CHUNK], chunk[MTR_SEALED_CHUNK_BYTES];
};

static enum mtr_exit_status cant_write(const struct mtr_sealer *sealer, int error, struct mtr_problem *problem)
{
	char path[4352];

	snprintf(path, sizeof path, "%s/%s", sealer->path, sealer->name);
	return mtr_problem_writing(problem, error, path);
}

static enum mtr_exit_status put_bytes(struct mtr_sealer *sealer, const uint8_t *bytes, size_t size,
				      struct mtr_problem *problem)
{
	crypto_generichash_update(&sealer->digest, bytes, size);
	sealer->bytes += size;
	while (size) {
		ssize_t written = write(sealer->file, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return cant_write(sealer, errno, problem);
		bytes += written;
		size -= (size_t)written;
	}
	return MTR_EXIT_OK;
}

static enum mtr_exit_status put_chunk(struct mtr_sealer *sealer, uint8_t tag, struct mtr_problem *problem)
{
	unsigned long long size;

	crypto_secretstream_xchacha20poly1305_push(&sealer->stream, sealer->chunk, &size, sealer->contents,
						   sealer->fill, sealer->begun ? NULL : sealer->head,
						   sealer->begun ? 0 : sizeof sealer->head, tag);
	sealer->begun = true;
	sealer->fill = 0;
	return put_bytes(sealer, sealer->chunk, size, problem);
}

static bool make_head(struct mtr_sealer *sealer, const struct mtr_sealed_head *head)
{
	uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES], *at = sealer->head + MTR_SEALED_FIXED_BYTES;

	mtr_sealed_put_fixed(head, sealer->head);
	crypto_secretstream_xchacha20poly1305_keygen(key);
	bool good = crypto_box_seal(at, key, sizeof key, head->recipient) == 0;

	crypto_secretstream_xchacha20poly1305_init_push(&sealer->stream, at + MTR_SEALED_KEY_BYTES, key);
	sodium_memzero(key, sizeof key);
	return good;
}

enum mtr_exit_status mtr_sealer_begin(struct mtr_sealer **ret_sealer, int fd, const char *path, const char *name,
				      const struct mtr_sealed_head *head, struct mtr_problem *problem)
{
	/* The states of libsodium want their alignment. */
	struct mtr_sealer *sealer = aligned_alloc(64, (sizeof *sealer + 63) / 64 * 64);
	enum mtr_exit_status status;

	if (!sealer || sodium_init() < 0) {
		free(sealer);
		return mtr_problem(problem, MTR_EXIT_SYSTEM, "no memory, or no random numbers");
	}
	memset(sealer, 0, sizeof *sealer);
	sealer->directory = fd;
	sealer->path = path;
	snprintf(sealer->name, sizeof sealer->name, "%s", name);
	snprintf(sealer->part, sizeof sealer->part, "%s.part", sealer->name);
	crypto_generichash_init(&sealer->digest, NULL, 0, MTR_HASH_BYTES);
	sealer->file = openat(fd, sealer->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (sealer->file < 0)
		status = cant_write(sealer, errno, problem);
	else if (!make_head(sealer, head))
		status = mtr_problem(
			problem, MTR_EXIT_USAGE,
			"the public key to encrypt for is none; give the one of \"matricula keygen --for-backups "
			"--file FILE\"");
	else
		status = put_bytes(sealer, sealer->head, sizeof sealer->head, problem);
	if (status)
		mtr_sealer_abandon(&sealer);
	else
		*ret_sealer = sealer;
	return status;
}

enum mtr_exit_status mtr_sealer_put(struct mtr_sealer *sealer, const void *bytes, size_t size,
				    struct mtr_problem *problem)
{
	const uint8_t *at = bytes;
	enum mtr_exit_status status = MTR_EXIT_OK;

	while (size && !status) {
		/* A full chunk is kept back until more comes: the last one is marked. */
		if (sealer->fill == sizeof sealer->contents) {
			status = put_chunk(sealer, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, problem);
			continue;
		}
		const size_t room = sizeof sealer->contents - sealer->fill, part = size < room ? size : room;

		memcpy(sealer->contents + sealer->fill, at, part);
		sealer->fill += part;
		at += part;
		size -= part;
	}
	return status;
}

/* From the disk rather than from memory, where the system lets us. */
static enum mtr_exit_status flush_and_check(struct mtr_sealer *sealer, const struct mtr_sealed_file *file,
					    struct mtr_problem *problem)
{
	struct mtr_sealed_file part = *file;

	if (fsync(sealer->file) < 0)
		return cant_write(sealer, errno, problem);
	(void)posix_fadvise(sealer->file, 0, 0, POSIX_FADV_DONTNEED);
	snprintf(part.name, sizeof part.name, "%s", sealer->part);
	return mtr_sealed_check(sealer->directory, sealer->path, &part, problem);
}

static enum mtr_exit_status give_name(struct mtr_sealer *sealer, struct mtr_problem *problem)
{
	if (renameat2(sealer->directory, sealer->part, sealer->directory, sealer->name, RENAME_NOREPLACE) == 0)
		return MTR_EXIT_OK;
	/* Where the file system has no such renaming, a link does the same. */
	if (errno == EINVAL && linkat(sealer->directory, sealer->part, sealer->directory, sealer->name, 0) == 0 &&
	    unlinkat(sealer->directory, sealer->part, 0) == 0)
		return MTR_EXIT_OK;
	return cant_write(sealer, errno, problem);
}

enum mtr_exit_status mtr_sealer_finish(struct mtr_sealer **finished, struct mtr_sealed_file *ret_file,
				       struct mtr_problem *problem)
{
	struct mtr_sealer *sealer = *finished;
	struct mtr_sealed_file file = {.bytes = 0};
	enum mtr_exit_status status = put_chunk(sealer, crypto_secretstream_xchacha20poly1305_TAG_FINAL, problem);

	snprintf(file.name, sizeof file.name, "%s", sealer->name);
	file.bytes = sealer->bytes;
	crypto_generichash_final(&sealer->digest, file.digest, sizeof file.digest);
	if (!status)
		status = flush_and_check(sealer, &file, problem);
	if (!status)
		status = give_name(sealer, problem);
	if (!status)
		*ret_file = file;
	if (status) {
		mtr_sealer_abandon(finished);
		return status;
	}
	close(sealer->file);
	sodium_memzero(sealer, sizeof *sealer);
	free(sealer);
	*finished = NULL;
	return MTR_EXIT_OK;
}

void mtr_sealer_abandon(struct mtr_sealer **abandoned)
{
	struct mtr_sealer *sealer = abandoned ? *abandoned : NULL;

	if (!sealer)
		return;
	if (sealer->file >= 0) {
		close(sealer->file);
		(void)unlinkat(sealer->directory, sealer->part, 0);
	}
	sodium_memzero(sealer, sizeof *sealer);
	free(sealer);
	*abandoned = NULL;
}
