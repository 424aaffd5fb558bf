/* What a process has one of, however many clients it opens: the ZeroMQ context, and each state directory's
 * environment (LMDB loses its locks when one is opened twice). Thread-safe. A forked child starts anew. */
#ifndef MTR_CLIENT_PROCESS_H
#define MTR_CLIENT_PROCESS_H

#include <sys/types.h>

/* Takes a reference to the context; NULL without memory or descriptors. */
void *mtr_process_context(void);
/* Gives it back; the last one ends the context, for which all sockets must be closed. */
void mtr_process_context_release(void);

/* 0; STATE when a client of this process holds the directory, MEMORY. */
int mtr_process_claim(dev_t device, ino_t inode);
void mtr_process_unclaim(dev_t device, ino_t inode);

#endif
