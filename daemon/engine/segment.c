#include "engine/segment.h"

#include "contract/crc32c.h"
#include "engine/big_endian.h"
#include "engine/frame.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MAGIC 0x4d54524au
#define HEADER_BYTES 80u
#define NEXT_NAME "journal-next"
#define ZEROS_BYTES (256u * 1024u)

void mtr_segment_name(uint64_t first, char ret_name[MTR_SEGMENT_NAME_BYTES])
{
	(void)snprintf(ret_name, MTR_SEGMENT_NAME_BYTES, "journal-%016" PRIx64, first);
}

/* A full disk shows as one of several codes. */
static int full_as_nospc(int error)
{
	return error == EDQUOT || error == EFBIG ? -ENOSPC : -error;
}

int mtr_write_all(int fd, const void *bytes, size_t size, uint64_t offset)
{
	const uint8_t *at = bytes;

	while (size) {
		ssize_t written = pwrite(fd, at, size, (off_t)offset);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? full_as_nospc(errno) : -EIO;
		at += written;
		size -= (size_t)written;
		offset += (uint64_t)written;
	}
	return 0;
}

int mtr_read_all(int fd, void *ret_bytes, size_t size, uint64_t offset)
{
	uint8_t *at = ret_bytes;

	while (size) {
		ssize_t got = pread(fd, at, size, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -EBADMSG;
		at += got;
		size -= (size_t)got;
		offset += (uint64_t)got;
	}
	return 0;
}

/* The revision in a segment's name; 0 if it isn't one. */
static uint64_t name_revision(const char *name)
{
	char again[MTR_SEGMENT_NAME_BYTES];
	uint64_t first = strlen(name) == 24 && strncmp(name, "journal-", 8) == 0 ? strtoull(name + 8, NULL, 16) : 0;

	mtr_segment_name(first, again);
	return strcmp(name, again) == 0 ? first : 0;
}

static int compare_revisions(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static int collect(DIR *listing, uint64_t **ret_firsts, size_t *ret_count)
{
	uint64_t *firsts = NULL;
	size_t count = 0, room = 0;
	struct dirent *entry;

	for (errno = 0; (entry = readdir(listing)); errno = 0) {
		uint64_t first = name_revision(entry->d_name);

		if (first == 0)
			continue;
		if (count == room) {
			room = room ? 2 * room : 64;
			uint64_t *more = reallocarray(firsts, room, sizeof *firsts);

			if (!more) {
				free(firsts);
				return -ENOMEM;
			}
			firsts = more;
		}
		firsts[count++] = first;
	}
	if (errno) {
		free(firsts);
		return -errno;
	}
	if (count)
		qsort(firsts, count, sizeof *firsts, compare_revisions);
	*ret_firsts = firsts;
	*ret_count = count;
	return 0;
}

int mtr_segment_list(int directory, uint64_t **ret_firsts, size_t *ret_count)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	DIR *listing = fdopendir(fd);

	if (!listing) {
		int error = -errno;

		close(fd);
		return error;
	}
	int error = collect(listing, ret_firsts, ret_count);

	closedir(listing);
	return error;
}

static void encode(const struct mtr_segment *segment, uint8_t ret_block[MTR_FRAME_ALIGN])
{
	uint8_t *at = ret_block;

	memset(ret_block, 0, MTR_FRAME_ALIGN);
	mtr_store_be32(&at, MAGIC);
	mtr_store_be32(&at, MTR_SEGMENT_VERSION);
	mtr_store_be64(&at, segment->incarnation);
	mtr_store_be64(&at, segment->size);
	mtr_store_be64(&at, segment->first);
	mtr_store_be64(&at, segment->previous);
	mtr_store_octets(&at, segment->chain_before, MTR_HASH_BYTES);
	mtr_store_be32(&at, segment->seed);
	mtr_store_be32(&at, mtr_crc32c(0, ret_block, (size_t)(at - ret_block)));
}

/* A version that only a damaged header has: with ours in its place the CRC is right. */
static bool is_our_version(const uint8_t header[HEADER_BYTES])
{
	uint8_t copy[HEADER_BYTES], *version = copy + 4;
	const uint8_t *crc = header + HEADER_BYTES - 4;

	memcpy(copy, header, sizeof copy);
	mtr_store_be32(&version, MTR_SEGMENT_VERSION);
	return mtr_load_be32(&crc) == mtr_crc32c(0, copy, HEADER_BYTES - 4);
}

static int decode(const uint8_t header[HEADER_BYTES], struct mtr_segment *ret_segment)
{
	struct mtr_segment segment;
	const uint8_t *at = header;

	if (mtr_load_be32(&at) != MAGIC)
		return -EBADMSG;
	uint32_t version = mtr_load_be32(&at);

	if (version > MTR_SEGMENT_VERSION)
		return is_our_version(header) ? -EBADMSG : -EPROTONOSUPPORT;
	segment.incarnation = mtr_load_be64(&at);
	segment.size = mtr_load_be64(&at);
	segment.first = mtr_load_be64(&at);
	segment.previous = mtr_load_be64(&at);
	mtr_load_octets(&at, segment.chain_before, MTR_HASH_BYTES);
	segment.seed = mtr_load_be32(&at);
	if (mtr_load_be32(&at) != mtr_crc32c(0, header, HEADER_BYTES - 4) || version != MTR_SEGMENT_VERSION)
		return -EBADMSG;
	*ret_segment = segment;
	return 0;
}

static int check(int fd, uint64_t first, struct mtr_segment *ret_segment, uint64_t *ret_offset)
{
	uint8_t header[HEADER_BYTES];
	struct mtr_segment segment;
	struct stat status;

	*ret_offset = 0;
	if (fstat(fd, &status) < 0)
		return -errno;
	int error = mtr_read_all(fd, header, sizeof header, 0);

	if (error == 0)
		error = decode(header, &segment);
	if (error < 0)
		return error;
	if (segment.first != first)
		return -EBADMSG;
	if ((uint64_t)status.st_size != segment.size) {
		*ret_offset = (uint64_t)status.st_size < segment.size ? (uint64_t)status.st_size : segment.size;
		return -EBADMSG;
	}
	*ret_segment = segment;
	return 0;
}

int mtr_segment_open(int directory, uint64_t first, bool writable, struct mtr_segment *ret_segment, int *ret_fd,
		     uint64_t *ret_offset)
{
	char name[MTR_SEGMENT_NAME_BYTES];

	mtr_segment_name(first, name);
	int fd = openat(directory, name, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -errno;
	int error = check(fd, first, ret_segment, ret_offset);

	if (error < 0)
		close(fd);
	else
		*ret_fd = fd;
	return error;
}

/* Blocks are reserved first, so a full disk shows before a lot is written; writing the zeros then makes the flushes
 * of frames cheaper than over blocks that were only reserved. */
static int fill(int fd, uint64_t size, const atomic_bool *cancel)
{
	int error = posix_fallocate(fd, 0, (off_t)size);

	if (error)
		return full_as_nospc(error);
	uint8_t *zeros = calloc(1, ZEROS_BYTES);

	if (!zeros)
		return -ENOMEM;
	for (uint64_t at = 0; at < size && error == 0; at += ZEROS_BYTES) {
		size_t part = size - at < ZEROS_BYTES ? (size_t)(size - at) : ZEROS_BYTES;

		error = atomic_load(cancel) ? -ECANCELED : mtr_write_all(fd, zeros, part, at);
	}
	free(zeros);
	return error == 0 && fsync(fd) < 0 ? full_as_nospc(errno) : error;
}

/* Asked before a file is made and removed again, over and over: others may watch the directory. */
static bool has_room(int directory, uint64_t size)
{
	struct statvfs about;

	return fstatvfs(directory, &about) < 0 || (uint64_t)about.f_bfree * about.f_frsize >= size;
}

int mtr_segment_prepare(int directory, uint64_t size, const atomic_bool *cancel)
{
	if (unlinkat(directory, NEXT_NAME, 0) < 0 && errno != ENOENT)
		return -errno;
	if (!has_room(directory, size))
		return -ENOSPC;
	int fd = openat(directory, NEXT_NAME, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return full_as_nospc(errno);
	int error = fill(fd, size, cancel);

	if (error == 0 && fsync(directory) < 0)
		error = -errno;
	if (error < 0)
		(void)unlinkat(directory, NEXT_NAME, 0);
	close(fd);
	return error;
}

int mtr_segment_rewrite_header(int fd, const struct mtr_segment *segment)
{
	uint8_t block[MTR_FRAME_ALIGN];

	encode(segment, block);
	return mtr_write_all(fd, block, sizeof block, 0);
}

static int name_next(int directory, uint64_t first)
{
	char name[MTR_SEGMENT_NAME_BYTES];

	mtr_segment_name(first, name);
	if (renameat(directory, NEXT_NAME, directory, name) < 0)
		return full_as_nospc(errno);
	return fsync(directory) < 0 ? -EIO : 0;
}

int mtr_segment_begin(int directory, const struct mtr_segment *segment, int *ret_fd)
{
	int fd = openat(directory, NEXT_NAME, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -errno;
	int error = mtr_segment_rewrite_header(fd, segment);

	if (error == 0 && fsync(fd) < 0)
		error = -EIO;
	if (error == 0)
		error = name_next(directory, segment->first);
	if (error < 0)
		close(fd);
	else
		*ret_fd = fd;
	return error;
}

void mtr_segment_go_direct(int fd)
{
	const int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		(void)fcntl(fd, F_SETFL, flags | O_DIRECT);
}
