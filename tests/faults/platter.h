/* What is on the disk for certain at some moment of a trace, and what may be: writes that weren't flushed, and entries
 * of directories that weren't. From it, images of what a power cut leaves. */
#ifndef FAULTS_PLATTER_H
#define FAULTS_PLATTER_H

#include "model/random.h"
#include "trace.h"

#define SECTOR_BYTES 512u
#define IMAGE_HASH_BYTES 16u

struct platter;

/* The disk as the trace began. The trace outlives it. */
struct platter *platter_new(const struct trace *trace);
void platter_free(struct platter **platter);
/* Goes on to the next event. */
void platter_step(struct platter *platter, const struct event *event);
/* Is a name that begins so given by a rename, and its directory not flushed? */
bool platter_is_naming(const struct platter *platter, const char *path);

/* What a power cut leaves of the sectors that were written and not flushed. */
enum sectors {
	SECTORS_NONE,
	SECTORS_ALL,
	SECTORS_FIRST, /* of each file, those written first, up to a moment */
	SECTORS_LAST,  /* those written last: reordered */
	SECTORS_SOME,  /* any */
	SECTORS_ONE,   /* a single one */
	SECTORS_ALL_BUT_ONE,
};
#define SECTOR_CHOICES 7u

/* What it leaves of the entries made, renamed and removed in a directory that wasn't flushed. */
enum entries {
	ENTRIES_NONE,
	ENTRIES_ALL,
	ENTRIES_FIRST, /* of each directory, up to a moment */
	ENTRIES_SOME,  /* any: reordered, but what a rename ties together is all there or not at all */
};
#define ENTRY_CHOICES 4u

struct cut {
	enum sectors sectors;
	enum entries entries;
	bool old_sizes; /* a length that wasn't flushed is lost */
};

/* Describes it for whoever must find out what went wrong. */
void cut_describe(const struct cut *cut, char *ret_text, size_t room);

struct image;

struct image *platter_cut(const struct platter *platter, const struct cut *cut, struct random *random);
void image_free(struct image **image);
/* In a file whose path begins so: are of the sectors below `end` that were written and not flushed some there, and some
 * not? */
bool image_is_torn(const struct image *image, const char *path, size_t end);
/* Of names, lengths and contents of what lies in the directory; "": everything. */
void image_hash(const struct image *image, const char *directory, uint8_t ret_hash[IMAGE_HASH_BYTES]);
/* Writes it into a directory that is there and empty. */
void image_write(const struct image *image, const char *directory);

#endif
