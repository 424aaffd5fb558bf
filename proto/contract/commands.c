#include "contract/commands.h"

#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/queries.pb-c.h"

#include <string.h>

#define BIT(role) (1u << MTR__ROLE__ROLE_##role)
#define ALL (BIT(NOMINATOR) | BIT(ORGANISER) | BIT(APPROVER) | BIT(SCHOOL) | BIT(AUDITOR) | BIT(OPERATOR))

#define COMMAND(TAG, name, roles)                                                                                      \
	{                                                                                                              \
		MTR__COMMAND__BODY_##TAG, name, roles                                                                  \
	}
#define QUERY(TAG, name, roles)                                                                                        \
	{                                                                                                              \
		MTR__QUERY__BODY_##TAG, name, roles                                                                    \
	}

/* In order of tag. */
static const struct mtr_command_info commands[] = {
	COMMAND(PUT_UNIT, "put_unit", BIT(OPERATOR)),
	COMMAND(DISSOLVE_UNIT, "dissolve_unit", BIT(OPERATOR)),
	COMMAND(PUT_PRINCIPAL, "put_principal", BIT(OPERATOR)),
	COMMAND(REVOKE_PRINCIPAL, "revoke_principal", BIT(OPERATOR)),
	COMMAND(PUT_TITLE, "put_title", BIT(ORGANISER)),
	COMMAND(PUT_PERSON, "put_person", BIT(NOMINATOR) | BIT(ORGANISER)),
	COMMAND(PUT_PLAN, "put_plan", BIT(ORGANISER)),
	COMMAND(PUT_PROGRAMME, "put_programme", BIT(ORGANISER)),
	COMMAND(REGISTER_DEMAND, "register_demand", BIT(NOMINATOR)),
	COMMAND(ALLOCATE, "allocate", BIT(ORGANISER)),
	COMMAND(TRANSFER, "transfer", BIT(ORGANISER)),
	COMMAND(RETURN_SEATS, "return_seats", BIT(NOMINATOR) | BIT(ORGANISER)),
	COMMAND(PUT_LETTER, "put_letter", BIT(NOMINATOR)),
	COMMAND(PROPOSE, "propose", BIT(NOMINATOR)),
	COMMAND(WITHDRAW, "withdraw", BIT(NOMINATOR)),
	COMMAND(SUBSTITUTE, "substitute", BIT(NOMINATOR)),
	COMMAND(SETTLE_LATE, "settle_late", BIT(ORGANISER)),
	COMMAND(VET, "vet", BIT(ORGANISER)),
	COMMAND(FREEZE, "freeze", BIT(ORGANISER)),
	COMMAND(DECIDE, "decide", BIT(APPROVER)),
	COMMAND(FORWARD, "forward", BIT(ORGANISER)),
	COMMAND(OPEN_CLASS, "open_class", BIT(SCHOOL) | BIT(ORGANISER)),
	COMMAND(SUMMON, "summon", BIT(ORGANISER) | BIT(SCHOOL)),
	COMMAND(ENROL, "enrol", BIT(SCHOOL)),
	COMMAND(CLOSE_CLASS, "close_class", BIT(SCHOOL)),
	COMMAND(REDACT, "redact", BIT(OPERATOR)),
	COMMAND(CLOSE_OUTBOX, "close_outbox", ALL & ~BIT(AUDITOR)),
	COMMAND(END_RECONCILIATION, "end_reconciliation", BIT(OPERATOR)),
};

/* Nobody may send these: the register writes them itself. */
static const struct mtr_command_info records[] = {
	COMMAND(CHECKPOINT, "checkpoint", 0),
	COMMAND(INCARNATION, "incarnation", 0),
};

static const struct mtr_command_info queries[] = {
	QUERY(LIST, "list", ALL),       QUERY(FEED, "feed", ALL),
	QUERY(TALLIES, "tallies", ALL), QUERY(NOMINATION_STATUS, "nomination_status", ALL),
	QUERY(LOG, "log", ALL),         QUERY(SERVER_STATUS, "server_status", ALL),
	QUERY(HISTORY, "history", ALL), QUERY(INCARNATIONS, "incarnations", ALL),
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct mtr_command_info *by_tag(const struct mtr_command_info *table, size_t count, uint32_t tag)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].tag == tag)
			return &table[i];
	return NULL;
}

static const struct mtr_command_info *by_name(const struct mtr_command_info *table, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

uint32_t mtr_role_bit(Mtr__Role role)
{
	if (role < MTR__ROLE__ROLE_NOMINATOR || role > MTR__ROLE__ROLE_OPERATOR)
		return 0;
	return 1u << role;
}

const struct mtr_command_info *mtr_command_by_tag(uint32_t tag)
{
	const struct mtr_command_info *info = by_tag(commands, COUNT(commands), tag);

	return info ? info : by_tag(records, COUNT(records), tag);
}

const struct mtr_command_info *mtr_command_by_name(const char *name)
{
	return by_name(commands, COUNT(commands), name);
}

const struct mtr_command_info *mtr_query_by_tag(uint32_t tag)
{
	return by_tag(queries, COUNT(queries), tag);
}

const struct mtr_command_info *mtr_query_by_name(const char *name)
{
	return by_name(queries, COUNT(queries), name);
}

bool mtr_command_allows(const struct mtr_command_info *info, Mtr__Role role)
{
	return (info->roles & mtr_role_bit(role)) != 0;
}

const struct mtr_command_info *mtr_command_table(size_t *ret_count)
{
	*ret_count = COUNT(commands);
	return commands;
}

const struct mtr_command_info *mtr_query_table(size_t *ret_count)
{
	*ret_count = COUNT(queries);
	return queries;
}
