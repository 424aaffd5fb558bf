/* Whom operations are about. */
#ifndef MODEL_GENERATE_PEOPLE_H
#define MODEL_GENERATE_PEOPLE_H

#include "generate_internal.h"

/* Somebody for a nomination of the unit to the programme: mostly one who could be put forward. 0 if there is nobody. */
uint32_t pick_person(struct generator *g, uint32_t programme_id, uint32_t unit_id);

/* By citizen number, id, or name, birth and unit; seldom wrongly. */
Mtr__PersonReference *refer_to(struct generator *g, uint32_t person_id);

#endif
