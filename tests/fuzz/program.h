/* The client program, run inside this process against answers that never change. */
#ifndef MTR_FUZZ_PROGRAM_H
#define MTR_FUZZ_PROGRAM_H

#include "contract/bytes.h"

/* Runs "matricula WORD ...", with settings of its own; `words` ends with NULL, at most 24. What it says goes nowhere,
 * unless ret_out (which may be NULL) is to hold it, malloced. Its exit code, which is one that the program has. */
int fuzz_program_run(const char *const *words, struct mtr_bytes *ret_out);

#endif
