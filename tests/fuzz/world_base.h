/* The beginning of every world and every story. */
#ifndef MTR_FUZZ_WORLD_BASE_H
#define MTR_FUZZ_WORLD_BASE_H

#include "world.h"

/* 2025-03-01 08:00 in Ho Chi Minh City. */
#define FUZZ_START_MS UINT64_C(1740790800000)
/* Enough for some of everything, few enough that a copy is quick. */
#define FUZZ_BASE_STEPS 420u

/* From nothing. */
struct fuzz_story *fuzz_story_of_base(void);
uint32_t fuzz_story_principals(const struct fuzz_story *story);

#endif
