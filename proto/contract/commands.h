/* The commands and queries of the protocol and which roles may send them: policy as data, default deny. */
#ifndef MTR_CONTRACT_COMMANDS_H
#define MTR_CONTRACT_COMMANDS_H

#include "matricula/v1/vocabulary.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A role's bit in a mask; 0 for no role or one this version doesn't know. */
uint32_t mtr_role_bit(Mtr__Role role);

struct mtr_command_info {
	uint32_t tag;     /* field number in the body of Command or Query */
	const char *name; /* its field name: "propose" */
	uint32_t roles;   /* mask of mtr_role_bit */
};

/* NULL when unknown. `name` may be NULL. By tag there are also the records that the register writes itself, which no
 * role may send. */
const struct mtr_command_info *mtr_command_by_tag(uint32_t tag);
const struct mtr_command_info *mtr_command_by_name(const char *name);
const struct mtr_command_info *mtr_query_by_tag(uint32_t tag);
const struct mtr_command_info *mtr_query_by_name(const char *name);

/* True if the role is in the row's mask. */
bool mtr_command_allows(const struct mtr_command_info *info, Mtr__Role role);

/* All rows that somebody may send, in order of tag. */
const struct mtr_command_info *mtr_command_table(size_t *ret_count);
const struct mtr_command_info *mtr_query_table(size_t *ret_count);

#endif
