/* What covers what on the scales of standards. No I/O. */
#ifndef MTR_REGISTER_STANDARDS_H
#define MTR_REGISTER_STANDARDS_H

#include "matricula/v1/entities.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

/* True where a higher number covers the lower ones. */
bool mtr_scheme_cumulative(Mtr__Scheme scheme);

/* One of these covers `wanted`: the same scheme, and the same number or, on a cumulative scale, at least it. */
bool mtr_standard_covered(Mtr__Standard *const *by, size_t count, const Mtr__Standard *wanted);

/* All of them are covered; false for none. */
bool mtr_standards_all_covered(Mtr__Standard *const *by, size_t by_count, Mtr__Standard *const *wanted, size_t count);

#endif
