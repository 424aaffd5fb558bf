/* One seed from beginning to end. */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "sim.h"

/* `restores`: the register is restored from backups, too. False when something doesn't hold; said on stderr.
 * `ret_trace` (may be NULL) tells one course of events from another.
 */
bool run_seed(uint64_t seed, bool verbose, bool restores, struct tally *tally, uint64_t *ret_trace);

#endif
