/* The embedded engine: the journal in segment files of one directory (segment.h, frame.h).
 *
 * Opening checks all segment headers, every frame, record and link of the chain in the last segment, handles a torn
 * tail, and writes again with the same bytes, and flushes, what the store may not have: after a failed flush a file
 * can read back fine from memory and not be on the disk. */
#ifndef MTR_ENGINE_LOCAL_H
#define MTR_ENGINE_LOCAL_H

#include "engine/engine.h"

/* The smallest segment: its header and one frame of the largest size. */
#define MTR_SEGMENT_BYTES_MIN (MTR_FRAME_MAX + 4096u)
#define MTR_SEGMENT_BYTES_DEFAULT (64u * 1024u * 1024u)

struct mtr_local_options {
	const char *directory;  /* the caller holds its lock; nobody else writes in it */
	uint64_t segment_bytes; /* of segments to come; 0: MTR_SEGMENT_BYTES_DEFAULT */
	bool create;            /* make the directory (its parent must be) and an empty journal if there is none */
	/* The last revision the store has committed. The tail after it is written again. A journal that ends before
	 * it was damaged, not torn: nothing is zeroed then. */
	uint64_t committed_revision;
};

enum mtr_damage_kind {
	MTR_DAMAGE_BYTES,   /* of a file */
	MTR_DAMAGE_MISSING, /* the file isn't there; others before it may be missing too */
	MTR_DAMAGE_SHORT,   /* the journal's end is missing, in how many files isn't known */
};

/* Where a journal is damaged. */
struct mtr_damage {
	char file[32];   /* name in the directory; empty when it isn't about a file */
	uint64_t offset; /* in bytes */
	enum mtr_damage_kind kind;
};

/* 0 or: -ENOENT no journal there; -EBADMSG damaged (ret_damage says where); -EPROTO the chain or the order of segments
 * doesn't hold, or one is missing (ret_damage); -EPROTONOSUPPORT written by a newer version; -EINVAL segment_bytes out
 * of range; -ENOSPC no room for a first segment; -ENOMEM; other errno values of the file system. ret_damage may be
 * NULL; it is touched only with the two errors that say so. */
int mtr_local_open(struct mtr_engine **ret_engine, const struct mtr_local_options *options,
		   struct mtr_damage *ret_damage);

/* Random and made with the journal; tells one journal's history from another's. Never 0. */
uint64_t mtr_local_incarnation(const struct mtr_engine *engine);

/* Segment files. Thread-safe. */
uint64_t mtr_local_segments(struct mtr_engine *engine);

/* What the last fetch that failed with -EBADMSG or -EPROTO came upon; an empty file name if none did. Thread-safe. */
void mtr_local_damage(struct mtr_engine *engine, struct mtr_damage *ret_damage);

#endif
