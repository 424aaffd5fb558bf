#include "bundle_file.h"
#include "bundle_layout.h"
#include "matricula/matricula.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mtr_bundle_writer {
	crypto_generichash_state hash; /* first: it asks for alignment */
	FILE *file;
	char *path;
};

static int failed(void)
{
	return errno == ENOMEM ? MTR_CLIENT_MEMORY : MTR_CLIENT_BUNDLE_FILE;
}

static int put(struct mtr_bundle_writer *writer, const void *bytes, size_t size)
{
	crypto_generichash_update(&writer->hash, bytes, size);
	return fwrite(bytes, 1, size, writer->file) == size ? 0 : failed();
}

static int put_number(struct mtr_bundle_writer *writer, uint32_t number)
{
	uint8_t bytes[4];

	mtr_store_u32(bytes, number);
	return put(writer, bytes, sizeof bytes);
}

static int put_header(struct mtr_bundle_writer *writer, const struct mtr_bundle_header *header)
{
	int error = put(writer, MTR_BUNDLE_MAGIC, MTR_BUNDLE_MAGIC_BYTES);

	if (!error)
		error = put_number(writer, MTR_BUNDLE_FORMAT);
	if (!error)
		error = put_number(writer, (uint32_t)header->kind);
	if (!error)
		error = put(writer, header->server, MTR_KEY_BYTES);
	if (!error)
		error = put(writer, header->desk, MTR_KEY_BYTES);
	return error;
}

static int create_file(struct mtr_bundle_writer *writer, const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (file < 0)
		return errno == EEXIST ? MTR_CLIENT_BUNDLE_EXISTS : failed();
	writer->file = fdopen(file, "wb");
	if (writer->file)
		return 0;
	close(file);
	unlink(path);
	return MTR_CLIENT_MEMORY;
}

int mtr_bundle_create(struct mtr_bundle_writer **ret_writer, const char *path, const struct mtr_bundle_header *header)
{
	/* Aligned as libsodium asks. */
	struct mtr_bundle_writer *writer = aligned_alloc(64, (sizeof *writer + 63) / 64 * 64);
	int error;

	if (!writer)
		return MTR_CLIENT_MEMORY;
	writer->file = NULL;
	writer->path = strdup(path);
	error = writer->path ? create_file(writer, path) : MTR_CLIENT_MEMORY;
	if (error) {
		free(writer->path);
		free(writer);
		return error;
	}
	crypto_generichash_init(&writer->hash, NULL, 0, MTR_HASH_BYTES);
	error = put_header(writer, header);
	if (error) {
		mtr_bundle_discard(&writer);
		return error;
	}
	*ret_writer = writer;
	return 0;
}

int mtr_bundle_add(struct mtr_bundle_writer *writer, struct mtr_bytes item)
{
	int error = put_number(writer, (uint32_t)item.size);

	return error ? error : put(writer, item.data, item.size);
}

/* The entry in its directory too. File systems of sticks may not be able to; the file itself is what counts. */
static void flush_directory(const char *path)
{
	char *copy = strdup(path);
	int directory = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (directory >= 0) {
		(void)fsync(directory);
		close(directory);
	}
	free(copy);
}

static int write_end(struct mtr_bundle_writer *writer)
{
	uint8_t hash[MTR_HASH_BYTES];
	int error = put_number(writer, 0);

	if (error)
		return error;
	crypto_generichash_final(&writer->hash, hash, sizeof hash);
	if (fwrite(hash, 1, sizeof hash, writer->file) != sizeof hash || fflush(writer->file) != 0 ||
	    fsync(fileno(writer->file)) != 0)
		return failed();
	return 0;
}

int mtr_bundle_finish(struct mtr_bundle_writer **writer)
{
	int error = write_end(*writer);

	if (error) {
		mtr_bundle_discard(writer);
		return error;
	}
	flush_directory((*writer)->path);
	fclose((*writer)->file);
	free((*writer)->path);
	free(*writer);
	*writer = NULL;
	return 0;
}

void mtr_bundle_discard(struct mtr_bundle_writer **writer)
{
	int why = errno;

	if (!*writer)
		return;
	fclose((*writer)->file);
	unlink((*writer)->path);
	free((*writer)->path);
	free(*writer);
	*writer = NULL;
	errno = why;
}
