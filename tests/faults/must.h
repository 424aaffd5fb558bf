/* What a test can't go on without. */
#ifndef FAULTS_MUST_H
#define FAULTS_MUST_H

#include <stdlib.h>

/* Memory that must be there. */
static inline void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

#endif
