/* The disk's inside: what platter.c, which follows the trace, and image.c, which cuts the power, have in common. */
#ifndef FAULTS_PLATTER_STATE_H
#define FAULTS_PLATTER_STATE_H

#include "platter.h"

#define NAMES_MAX 256u
#define CHANGES_MAX 4096u
#define KEPT_SECTORS 256u

/* Sectors by number; NULL: zeros. */
struct sectors_of {
	const uint8_t **at;
	size_t count;
};

/* A sector as it was written, and not flushed yet. */
struct pending {
	size_t sector;
	const uint8_t *bytes;
	bool lost; /* its flush failed: no later one brings it to the disk */
};

struct disk_file {
	struct sectors_of latest, durable;
	uint64_t size, durable_size;
	struct pending *pending; /* in the order of writing */
	size_t pending_count, pending_room;
};

struct name {
	const char *path;
	bool is_directory;
	uint32_t file;
};

struct names {
	struct name at[NAMES_MAX];
	size_t count;
};

struct kept {
	struct kept *next;
	uint8_t bytes[KEPT_SECTORS][SECTOR_BYTES];
};

struct platter {
	struct disk_file *files;
	uint32_t file_count;
	struct names names;                       /* on the disk */
	const struct event *changes[CHANGES_MAX]; /* of names, not flushed, in order */
	size_t change_count;
	struct kept *kept;
	size_t kept_used;
};

const uint8_t *sector_at(const struct sectors_of *content, size_t sector);
/* Is it an entry of this directory? */
bool is_in(const char *path, const char *directory);
void names_add(struct names *names, const char *path, bool is_directory, uint32_t file);
void names_change(struct names *names, const struct event *event);

#endif
