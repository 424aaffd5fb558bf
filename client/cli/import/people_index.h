/* Who is on record already, and who stood in the file before: found by citizen number, or by name, birth and unit. */
#ifndef MTR_CLI_PEOPLE_INDEX_H
#define MTR_CLI_PEOPLE_INDEX_H

#include "matricula/v1/entities.pb-c.h"
#include "program/call.h"

#include <stdint.h>

struct mtr_people_index;

struct mtr_people_entry {
	uint64_t key;
	uint32_t person_id; /* 0: only in the file */
	uint32_t record;    /* for mtr_people_index_record; 0: none kept */
	bool ambiguous;     /* several on record */
	uint64_t row;       /* 0: only on record */
};

/* Packed records kept, so that a list over a slow link needn't ask for each person again; beyond this they are asked
 * for one by one. */
#define MTR_PEOPLE_RECORDS_MAX (64u << 20)

struct mtr_people_index *mtr_people_index_new(void);
void mtr_people_index_free(struct mtr_people_index **index);

/* Adds everybody in scope, with their records as far as there is room. Enum mtr_exit. */
int mtr_people_index_fill(struct mtr_call *call, struct mtr_people_index *index);

/* Keys never 0. Names count whatever their case. */
uint64_t mtr_people_key_of_number(const char *citizen_number);
uint64_t mtr_people_key_of_name(const char *name, uint32_t birth, const char *unit_code);

/* The record kept for an entry, in the arena; NULL without. */
Mtr__Person *mtr_people_index_record(const struct mtr_people_index *index, const struct mtr_people_entry *entry,
				     struct mtr_arena *arena);

/* The entry of a key; NULL without. Lasts until the next put. */
struct mtr_people_entry *mtr_people_index_find(struct mtr_people_index *index, uint64_t key);
/* The entry of a key, made when there was none. */
struct mtr_people_entry *mtr_people_index_put(struct mtr_people_index *index, uint64_t key);

#endif
