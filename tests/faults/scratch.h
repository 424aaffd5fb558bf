/* A directory for a test's files, in memory where there is some: none of it has to last. */
#ifndef FAULTS_SCRATCH_H
#define FAULTS_SCRATCH_H

#include <limits.h>
#include <stdio.h>

/* Makes it; without links in its path. */
void scratch_make(char ret_path[PATH_MAX]);
/* Removes it with all that is in it. */
/* Copies a directory with what is in it to a name that isn't there yet. */
void scratch_copy(const char *from, const char *to);
void scratch_remove(const char *path);

/* What the register prints for people goes nowhere; a stream for the test's own report, or NULL. */
FILE *scratch_silence(void);

#endif
