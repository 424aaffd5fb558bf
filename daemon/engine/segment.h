/* Segment files: journal-<first revision as 16 hex digits>, a header in the first MTR_FRAME_ALIGN bytes, then frames,
 * then zeros up to a size that is fixed when the file is made.
 *
 * at  size
 *  0    4  magic "MTRJ"
 *  4    4  format version: 1
 *  8    8  incarnation of the journal
 * 16    8  size of the file
 * 24    8  first revision
 * 32    8  first revision of the segment before; 0 if this is the first
 * 40   32  chain hash before the first record
 * 72    4  seed of the frames' CRCs, random
 * 76    4  CRC-32C of bytes 0 to 75
 *
 * A segment is made as "journal-next", full of zeros and flushed, and gets header and name when it is begun. It is
 * begun only after the last frame of the one before was flushed. */
#ifndef MTR_ENGINE_SEGMENT_H
#define MTR_ENGINE_SEGMENT_H

#include "contract/limits.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MTR_SEGMENT_VERSION 1u
#define MTR_SEGMENT_NAME_BYTES 25u

struct mtr_segment {
	uint64_t incarnation;
	uint64_t size;
	uint64_t first;
	uint64_t previous;
	uint8_t chain_before[MTR_HASH_BYTES];
	uint32_t seed;
};

void mtr_segment_name(uint64_t first, char ret_name[MTR_SEGMENT_NAME_BYTES]);

/* First revisions of the segments in a directory, in order, in memory that the caller frees. 0, -ENOMEM or -errno. */
int mtr_segment_list(int directory, uint64_t **ret_firsts, size_t *ret_count);

/* Opens a segment and checks its header, name and size.
 * 0, -EBADMSG (*ret_offset says where), -EPROTONOSUPPORT for a newer format, -ENOENT or another -errno. */
int mtr_segment_open(int directory, uint64_t first, bool writable, struct mtr_segment *ret_segment, int *ret_fd,
		     uint64_t *ret_offset);

/* Makes "journal-next" of zeros, flushed, replacing what was left of an earlier one. Gives up with -ECANCELED when
 * *cancel becomes true. -ENOSPC or another -errno; nothing is left then. */
int mtr_segment_prepare(int directory, uint64_t size, const atomic_bool *cancel);

/* Begins the prepared segment: header, name, flushed. 0; -ENOSPC and nothing is begun; else an -errno after which it is
 * unclear what is on the disk. */
int mtr_segment_begin(int directory, const struct mtr_segment *segment, int *ret_fd);

/* From here on what is written to it goes past the page cache, where the file system lets it: whole pages of
 * MTR_FRAME_ALIGN, from memory that is aligned so. A flush then waits for the pages alone; over the cache it also
 * writes the file's time of change (ext4: two writes for one, and a third of the processor's time more). */
void mtr_segment_go_direct(int fd);

/* Writes the header of a segment that is open again with the same bytes; the caller flushes. 0 or -errno. */
int mtr_segment_rewrite_header(int fd, const struct mtr_segment *segment);

/* pwrite of all bytes, pread of all bytes: 0, -errno, or -EBADMSG when the file ends before. */
int mtr_write_all(int fd, const void *bytes, size_t size, uint64_t offset);
int mtr_read_all(int fd, void *ret_bytes, size_t size, uint64_t offset);

#endif
