/* Calls of the system that fail on purpose. Those that change or flush what lies below the traced directory count. */
#ifndef FAULTS_FAULTS_H
#define FAULTS_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

enum call {
	CALL_WRITE,  /* into what the file has */
	CALL_EXTEND, /* beyond its end */
	CALL_FLUSH,
	CALL_ROOM,    /* ftruncate, fallocate, posix_fallocate */
	CALL_ENTRY,   /* open that makes a file, mkdir, rename */
	CALL_REMOVE,  /* unlink, rmdir */
	CALL_ENTRIES, /* flush of a directory */
};

enum fault {
	FAULT_NONE,
	FAULT_EIO,   /* nothing was done */
	FAULT_TORN,  /* EIO, and half of it was written: writes only */
	FAULT_FULL,  /* ENOSPC: whatever takes room */
	FAULT_SHORT, /* half of it is written, and said so: writes only */
	FAULT_SPOIL, /* it is done, and a bit of the file is another on the disk: flushes of files only */
};
#define FAULTS 6u

const char *fault_name(enum fault fault);

/* The `countdown`th call that can fail so fails, if its path below the root has `where` in it ("" for any) and, with
 * `flushes_only`, if it is a flush of a file. From 1; replaces what was armed before. */
void fault_arm(enum fault fault, uint32_t countdown, const char *where, bool flushes_only);
/* Calls to come don't fail. True if one did since fault_arm. */
bool fault_disarm(void);

/* From now on everything that takes more room than there is fails with ENOSPC, or no longer. */
void fault_fill(bool full);

/* For calls.c, between trace_enter and trace_leave: how this call is to fail. */
enum fault fault_strike(enum call call, const char *path);

#endif
