/* What a fuzz target is made of: one function that takes any bytes, and never fails for a reason of its own. */
#ifndef MTR_FUZZ_TARGET_H
#define MTR_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Of the target; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, saying what doesn't hold. */
_Noreturn void fuzz_broken(const char *file, int line, const char *what);

/* Holds in every build, and whatever the input. */
#define FUZZ_REQUIRE(condition) ((condition) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #condition))

#endif
