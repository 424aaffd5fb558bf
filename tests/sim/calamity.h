/* The register is backed up, loses its disk, and is restored. */
#ifndef SIM_CALAMITY_H
#define SIM_CALAMITY_H

#include "sim.h"

/* Between two steps, while things go wrong. Nothing unless sim->restoring. */
void calamity(struct sim *sim);
/* After each step: the operator loses patience with outboxes that don't report, if one is to. */
void calamity_go_on(struct sim *sim);
/* A restore that wasn't signed is done properly; all outboxes will report, or the operator won't wait. */
void calamity_heal(struct sim *sim);

#endif
