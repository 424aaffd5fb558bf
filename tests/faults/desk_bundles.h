/* The register's part in a bundle. */
#ifndef FAULTS_DESK_BUNDLES_H
#define FAULTS_DESK_BUNDLES_H

#include "contract/key_file.h"

#include <stdint.h>

/* Answers the bundle of entries at `entries` with one at `answers`, which isn't there yet: done, except that the entry
 * `refused` is refused (0: none is). */
void answer_bundle(const struct mtr_key_pair *server, const char *entries, const char *answers, uint64_t refused);

#endif
