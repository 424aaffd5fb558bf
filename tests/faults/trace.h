/* What one directory tree was asked for, call by call: every write, change of size, entry made, renamed or removed, and
 * every flush. The process's own calls and LMDB's pass through calls.c, which notes them here.
 *
 * Files whose names begin with "lock" are left out: what they hold means nothing after a power cut. */
#ifndef FAULTS_TRACE_H
#define FAULTS_TRACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum event_kind {
	EVENT_WRITE,          /* file, offset, size, bytes (NULL: zeros) */
	EVENT_WRITE_THROUGH,  /* the same, and on the disk when the call returned */
	EVENT_SIZE,           /* file, size */
	EVENT_FLUSH,          /* file */
	EVENT_FLUSH_FAILED,   /* file: what was written before may never be on the disk */
	EVENT_MAKE,           /* path, file */
	EVENT_MAKE_DIRECTORY, /* path */
	EVENT_RENAME,         /* path, to */
	EVENT_UNLINK,         /* path */
	EVENT_FLUSH_ENTRIES,  /* path of the directory */
	/* What is promised from here on; nothing on the disk changes. */
	EVENT_ANSWERED,  /* size: entries of the script answered so far */
	EVENT_BACKED_UP, /* size: the revision that the newest backup holds */
	EVENT_STAGE,     /* size: what comes (enum stage); nothing is promised */
};

struct event {
	enum event_kind kind;
	uint32_t file;
	uint64_t offset, size;
	const uint8_t *bytes;
	char *path, *to; /* below the root, "" is the root itself */
};

/* What was there when the trace began. */
struct base {
	char *path;
	bool is_directory;
	uint32_t file;
	uint64_t size;
	const uint8_t *bytes;
};

struct trace {
	struct event *events;
	size_t count;
	struct base *base;
	size_t base_count;
	uint32_t files;
};

/* From here on what happens below `root` (an absolute path without links) is noted. One trace at a time. */
void trace_begin(const char *root);
/* The trace, which is the caller's. */
struct trace *trace_end(void);
void trace_free(struct trace **trace);

/* Notes a promise. */
void trace_promise(enum event_kind kind, uint64_t size);

/* For calls.c. Between enter and leave no other thread's calls are noted. False when nothing is traced. */
bool trace_enter(void);
void trace_leave(void);
/* The path below the root that an opened file or directory was found at; NULL if it isn't below. */
const char *trace_name(int fd, uint32_t *ret_file, bool *ret_is_directory);
/* The same of a name; false if it isn't below the root. */
bool trace_path(int directory, const char *name, char ret_path[PATH_MAX]);
void trace_write(uint32_t file, uint64_t offset, const void *bytes, size_t size, bool through);
void trace_size(uint32_t file, uint64_t size);
void trace_flush(uint32_t file, bool done);
void trace_flush_entries(const char *path);
void trace_make(int fd, const char *path);
void trace_make_directory(const char *path);
void trace_rename(const char *path, const char *to);
void trace_unlink(const char *path);

#endif
