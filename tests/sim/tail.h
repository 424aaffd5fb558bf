/* The end of the journal's last segment. */
#ifndef SIM_TAIL_H
#define SIM_TAIL_H

#include "engine/engine.h"

/* Where its last block that isn't all zeros ends; 0 without a segment. */
uint64_t tail_content(const char *directory);

/* Nothing but zeros lies behind the last frame. */
bool tail_is_clean(const char *directory, struct mtr_engine *engine);

#endif
