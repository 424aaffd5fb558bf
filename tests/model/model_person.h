/* Whom a command means. */
#ifndef MODEL_MODEL_PERSON_H
#define MODEL_MODEL_PERSON_H

#include "model_internal.h"

Mtr__ErrorCode shape_reference(const Mtr__PersonReference *reference);
Mtr__ErrorCode find_person(struct turn *turn, const Mtr__PersonReference *reference, uint32_t nominating_unit,
			   const Mtr__Person **ret_person);

#endif
