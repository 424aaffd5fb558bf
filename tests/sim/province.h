/* What there is in the province, by code. */
#ifndef SIM_PROVINCE_H
#define SIM_PROVINCE_H

#include "sim.h"

#define PROVINCE_UNITS 8u
#define PROVINCE_NOMINATING 5u
#define PROVINCE_PROGRAMMES 2u
#define PROVINCE_PEOPLE 15u /* person i + 1 is of nominating unit i % PROVINCE_NOMINATING */

extern const char *const province_units[PROVINCE_UNITS];
extern const char *const province_nominating[PROVINCE_NOMINATING];
extern const char *const province_programmes[PROVINCE_PROGRAMMES];

/* The id of the letter that a nominating unit has written for a programme. */
uint64_t province_letter(uint32_t programme, uint32_t nominating);

/* Packed commands. `closes` is the deadline, 0: none; `number` of a person 0: a new one. */
size_t province_put_programme(uint32_t number, uint32_t seats, uint64_t closes, uint8_t *ret_bytes, size_t room);
size_t province_put_person(struct sim *sim, uint32_t number, const char *unit, uint64_t written_at, uint8_t *ret_bytes,
			   size_t room);

#endif
