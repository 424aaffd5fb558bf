/* What a computer's disk has not flushed. */
#ifndef SIM_COMPUTER_STATE_H
#define SIM_COMPUTER_STATE_H

#include "computer.h"

#include <sys/types.h>

#define LMDB_META_BYTES 8192u /* its two meta pages */

/* A write that isn't flushed: what was there before. */
struct overwritten {
	struct overwritten *older;
	uint64_t offset;
	size_t size;
	uint8_t bytes[];
};

struct file {
	struct file *next;
	ino_t number;
	int fd;
	struct overwritten *newest;
};

/* A name that the directory has not flushed. */
struct renaming {
	struct renaming *older;
	int directory;
	char from[64], to[64];
};

struct rollback {
	int fd;
	uint8_t meta[LMDB_META_BYTES];
};

/* The one that runs in this thread; NULL. */
struct computer *computer_running(void);

/* What is flushed can't be lost any more. */
void computer_forget_writes(struct file **file);
void computer_forget_renamings(struct computer *computer);
void computer_forget_rollback(struct computer *computer);

/* The system's own. */
ssize_t __real_pwrite(int fd, const void *bytes, size_t size, off_t offset);
int __real_renameat(int from_directory, const char *from, int to_directory, const char *to);

#endif
