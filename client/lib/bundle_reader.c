#include "bundle_file.h"
#include "bundle_layout.h"
#include "matricula/matricula.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An item: a sealed request or a sealed reply, which is as long as a reply may be and its box. */
#define ITEM_MAX (MTR_REPLY_MAX + 1024u)

struct mtr_bundle_reader {
	crypto_generichash_state hash; /* first: it asks for alignment */
	FILE *file;
	bool ended;
	uint8_t item[ITEM_MAX];
};

/* Reads exactly `size` bytes. BUNDLE_DAMAGED when there are fewer. */
static int get_plain(struct mtr_bundle_reader *reader, void *ret_bytes, size_t size)
{
	if (fread(ret_bytes, 1, size, reader->file) == size)
		return 0;
	return ferror(reader->file) ? MTR_CLIENT_BUNDLE_FILE : MTR_CLIENT_BUNDLE_DAMAGED;
}

static int get(struct mtr_bundle_reader *reader, void *ret_bytes, size_t size)
{
	int error = get_plain(reader, ret_bytes, size);

	if (!error)
		crypto_generichash_update(&reader->hash, ret_bytes, size);
	return error;
}

/* From the start of the file: the header, whatever its kind. */
static int get_header(struct mtr_bundle_reader *reader, struct mtr_bundle_header *ret_header)
{
	uint8_t bytes[MTR_BUNDLE_HEADER_BYTES];
	const uint8_t *keys = bytes + MTR_BUNDLE_MAGIC_BYTES + 8;
	int error;

	crypto_generichash_init(&reader->hash, NULL, 0, MTR_HASH_BYTES);
	reader->ended = false;
	rewind(reader->file);
	error = get(reader, bytes, sizeof bytes);
	if (error)
		return error;
	if (memcmp(bytes, MTR_BUNDLE_MAGIC, MTR_BUNDLE_MAGIC_BYTES) != 0)
		return MTR_CLIENT_BUNDLE_DAMAGED;

	uint32_t format = mtr_load_u32(bytes + MTR_BUNDLE_MAGIC_BYTES);
	uint32_t kind = mtr_load_u32(bytes + MTR_BUNDLE_MAGIC_BYTES + 4);

	if (format > MTR_BUNDLE_FORMAT)
		return MTR_CLIENT_BUNDLE_NEWER;
	if (format != MTR_BUNDLE_FORMAT || (kind != MTR_BUNDLE_ENTRIES && kind != MTR_BUNDLE_ANSWERS))
		return MTR_CLIENT_BUNDLE_DAMAGED;
	ret_header->kind = (enum mtr_bundle_kind)kind;
	memcpy(ret_header->server, keys, MTR_KEY_BYTES);
	memcpy(ret_header->desk, keys + MTR_KEY_BYTES, MTR_KEY_BYTES);
	return 0;
}

static int check_end(struct mtr_bundle_reader *reader)
{
	uint8_t hash[MTR_HASH_BYTES], written[MTR_HASH_BYTES];
	int error = get_plain(reader, written, sizeof written);

	reader->ended = true;
	crypto_generichash_final(&reader->hash, hash, sizeof hash);
	if (error)
		return error;
	if (memcmp(hash, written, sizeof hash) != 0 || fgetc(reader->file) != EOF)
		return MTR_CLIENT_BUNDLE_DAMAGED;
	return ferror(reader->file) ? MTR_CLIENT_BUNDLE_FILE : 0;
}

int mtr_bundle_next(struct mtr_bundle_reader *reader, struct mtr_bytes *ret_item)
{
	uint8_t number[4];
	uint32_t size = 0;
	int error = 0;

	if (!reader->ended) {
		error = get(reader, number, sizeof number);
		size = error ? 0 : mtr_load_u32(number);
	}
	if (!error && size > sizeof reader->item)
		error = MTR_CLIENT_BUNDLE_DAMAGED;
	if (!error && size > 0)
		error = get(reader, reader->item, size);
	if (!error && size == 0 && !reader->ended)
		error = check_end(reader);
	if (!error)
		*ret_item = (struct mtr_bytes){reader->item, size};
	return error;
}

static int failed(void)
{
	return errno == ENOMEM ? MTR_CLIENT_MEMORY : MTR_CLIENT_BUNDLE_FILE;
}

/* A pipe can't be read twice, and must not be waited for. */
static int open_file(struct mtr_bundle_reader *reader, const char *path)
{
	struct stat about;
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (file < 0)
		return failed();
	if (fstat(file, &about) == 0 && S_ISREG(about.st_mode))
		reader->file = fdopen(file, "rb");
	else
		errno = EINVAL;
	if (reader->file)
		return 0;
	int error = failed();

	close(file);
	return error;
}

static int read_through(struct mtr_bundle_reader *reader)
{
	struct mtr_bytes item = {.size = 1};
	int error = 0;

	while (!error && item.size > 0)
		error = mtr_bundle_next(reader, &item);
	return error;
}

int mtr_bundle_open(struct mtr_bundle_reader **ret_reader, const char *path, enum mtr_bundle_kind kind,
		    struct mtr_bundle_header *ret_header)
{
	/* Aligned as libsodium asks. */
	struct mtr_bundle_reader *reader = aligned_alloc(64, (sizeof *reader + 63) / 64 * 64);
	struct mtr_bundle_header header;
	int error;

	if (!reader)
		return MTR_CLIENT_MEMORY;
	reader->file = NULL;
	error = open_file(reader, path);
	if (!error)
		error = get_header(reader, &header);
	if (!error)
		error = read_through(reader);
	if (!error && header.kind != kind)
		error = MTR_CLIENT_BUNDLE_KIND;
	if (!error)
		error = get_header(reader, &header);
	if (error) {
		mtr_bundle_close(&reader);
		return error;
	}
	*ret_header = header;
	*ret_reader = reader;
	return 0;
}

void mtr_bundle_close(struct mtr_bundle_reader **reader)
{
	int why = errno;

	if (!*reader)
		return;
	if ((*reader)->file)
		fclose((*reader)->file);
	free(*reader);
	*reader = NULL;
	errno = why;
}
