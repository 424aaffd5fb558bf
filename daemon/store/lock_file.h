/* LMDB's lock file, which it maps and writes without asking whether the disk has room for it. */
#ifndef MTR_STORE_LOCK_FILE_H
#define MTR_STORE_LOCK_FILE_H

/* Before an environment in `directory` is opened for at most `readers`: makes the lock file, if it isn't there, and
 * gives it blocks; without them LMDB's first write to it on a full disk is a SIGBUS. Not while this process has that
 * environment open, whose lock would be lost.
 * 0, ENOSPC or EDQUOT. Where files can't be made or given blocks it is 0 too: LMDB will say why. */
int mtr_lock_file_reserve(const char *directory, unsigned readers);

#endif
