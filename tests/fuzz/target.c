#include "target.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: doesn't hold: %s\n", file, line, what);
	abort();
}
