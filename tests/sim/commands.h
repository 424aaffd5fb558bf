/* What people do, and the province they do it in. */
#ifndef SIM_COMMANDS_H
#define SIM_COMMANDS_H

#include "sim.h"

/* Principals by their numbers in the register. */
enum {
	PRINCIPAL_OPERATOR = 1,
	PRINCIPAL_ORGANISER,
	PRINCIPAL_DISTRICT_1,
	PRINCIPAL_DISTRICT_2,
	PRINCIPAL_COMMUNE_1, /* below district 1 */
	PRINCIPAL_APPROVER,
	PRINCIPAL_SCHOOL,
	PRINCIPAL_AUDITOR,
	PRINCIPALS_END,
};

/* Has the register decide what the province starts with. */
bool province_set_up(struct sim *sim);

/* A command this principal might send now, packed; its size. `written_at` is its clock's time. */
size_t command_make(struct sim *sim, uint32_t principal, uint64_t written_at, uint8_t *ret_bytes, size_t room);

#endif
