/* A directory of this process for files that inputs become; in memory where the system has such a place. */
#ifndef MTR_FUZZ_SCRATCH_H
#define MTR_FUZZ_SCRATCH_H

#include "contract/bytes.h"

#define FUZZ_PATH_MAX 256

/* "<scratch directory>/<name>". The directory is made at the first call and removed with all in it when the process
 * ends, unless it is killed. */
void fuzz_path(const char *name, char ret_path[FUZZ_PATH_MAX]);

/* A file of mode 0600 with these bytes, in place of one that may be there. */
void fuzz_write_file(const char *path, struct mtr_bytes bytes);

/* The bytes of a file, malloced. */
struct mtr_bytes fuzz_read_file(const char *path);

/* An empty directory of mode 0700, in place of what may be there. */
void fuzz_make_directory(const char *path);

/* With all in it; nothing there is fine. */
void fuzz_remove(const char *path);

#endif
