/* An engine that keeps its records in memory: as durable as a process that never dies. */
#ifndef MTR_FUZZ_MEMORY_ENGINE_H
#define MTR_FUZZ_MEMORY_ENGINE_H

#include "engine/engine.h"

struct mtr_engine *fuzz_engine_new(void);
void fuzz_engine_free(struct mtr_engine **engine);

/* Forgets the records after `revision`, which there is. */
void fuzz_engine_go_back(struct mtr_engine *engine, uint64_t revision);

#endif
