#include "model_internal.h"

void *new_row(struct model *m, const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = mtr_arena_alloc(m->arena, descriptor->sizeof_message);

	descriptor->message_init(message);
	return message;
}

void *keep(struct model *m, const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = mtr_arena_alloc(m->arena, size);

	protobuf_c_message_pack(message, bytes);
	return protobuf_c_message_unpack(message->descriptor, mtr_arena_allocator(m->arena), size, bytes);
}

char *keep_text(struct model *m, const char *text)
{
	return mtr_arena_text(m->arena, text);
}

struct model *model_new(struct mtr_arena *arena, uint64_t now, const uint8_t operator_key[MTR_KEY_BYTES])
{
	struct model *m = mtr_arena_alloc(arena, sizeof *m);
	Mtr__Principal *operator;

	m->arena = arena;
	m->now = now;
	m->today = day_of(now);
	operator= new_row(m, &mtr__principal__descriptor);
	operator->id = 1;
	operator->public_key.data = mtr_arena_copy(arena, operator_key, MTR_KEY_BYTES);
	operator->public_key.len = MTR_KEY_BYTES;
	operator->name = keep_text(m, "operator");
	operator->role = MTR__ROLE__ROLE_OPERATOR;
	m->principals[1] = operator;
	m->principal_count = 1;
	return m;
}

/* Who may, as the column of docs/rules.md has it. */
static const struct {
	model_command run;
	uint32_t roles;
} commands[] = {
#define N (1u << MTR__ROLE__ROLE_NOMINATOR)
#define O (1u << MTR__ROLE__ROLE_ORGANISER)
#define A (1u << MTR__ROLE__ROLE_APPROVER)
#define S (1u << MTR__ROLE__ROLE_SCHOOL)
#define P (1u << MTR__ROLE__ROLE_OPERATOR)
	[MTR__COMMAND__BODY_PUT_UNIT] = {do_put_unit, P},
	[MTR__COMMAND__BODY_DISSOLVE_UNIT] = {do_dissolve_unit, P},
	[MTR__COMMAND__BODY_PUT_PRINCIPAL] = {do_put_principal, P},
	[MTR__COMMAND__BODY_REVOKE_PRINCIPAL] = {do_revoke_principal, P},
	[MTR__COMMAND__BODY_PUT_TITLE] = {do_put_title, O},
	[MTR__COMMAND__BODY_PUT_PERSON] = {do_put_person, N | O},
	[MTR__COMMAND__BODY_PUT_PLAN] = {do_put_plan, O},
	[MTR__COMMAND__BODY_PUT_PROGRAMME] = {do_put_programme, O},
	[MTR__COMMAND__BODY_REGISTER_DEMAND] = {do_register_demand, N},
	[MTR__COMMAND__BODY_ALLOCATE] = {do_allocate, O},
	[MTR__COMMAND__BODY_TRANSFER] = {do_transfer, O},
	[MTR__COMMAND__BODY_RETURN_SEATS] = {do_return_seats, N | O},
	[MTR__COMMAND__BODY_PUT_LETTER] = {do_put_letter, N},
	[MTR__COMMAND__BODY_PROPOSE] = {do_propose, N},
	[MTR__COMMAND__BODY_WITHDRAW] = {do_withdraw, N},
	[MTR__COMMAND__BODY_SUBSTITUTE] = {do_substitute, N},
	[MTR__COMMAND__BODY_SETTLE_LATE] = {do_settle_late, O},
	[MTR__COMMAND__BODY_VET] = {do_vet, O},
	[MTR__COMMAND__BODY_FREEZE] = {do_freeze, O},
	[MTR__COMMAND__BODY_DECIDE] = {do_decide, A},
	[MTR__COMMAND__BODY_FORWARD] = {do_forward, O},
	[MTR__COMMAND__BODY_OPEN_CLASS] = {do_open_class, S | O},
	[MTR__COMMAND__BODY_SUMMON] = {do_summon, O | S},
	[MTR__COMMAND__BODY_ENROL] = {do_enrol, S},
	[MTR__COMMAND__BODY_CLOSE_CLASS] = {do_close_class, S},
	[MTR__COMMAND__BODY_REDACT] = {do_redact, P},
#undef N
#undef O
#undef A
#undef S
#undef P
};

Mtr__ErrorCode refuse(struct turn *turn, Mtr__ErrorCode code)
{
	turn->verdict->code = code;
	return code;
}

Mtr__ErrorCode refuse_number(struct turn *turn, Mtr__ErrorCode code, uint64_t number)
{
	turn->verdict->number = number;
	turn->verdict->has_number = true;
	return refuse(turn, code);
}

void answer_done(struct turn *turn, Mtr__EntityType type, uint64_t id, bool created)
{
	turn->verdict->type = type;
	turn->verdict->id = id;
	turn->verdict->created = created;
}

void answer_acknowledgement(struct turn *turn, const Mtr__Nomination *nomination)
{
	turn->verdict->nomination_id = nomination->id;
	if (turn->verdict->promoted_count)
		turn->verdict->promoted_id = turn->verdict->promoted[0];
}

void model_execute(struct model *m, uint32_t principal_id, uint64_t now, const Mtr__Command *command,
		   struct verdict *ret_verdict)
{
	struct turn turn = {m, m->principals[principal_id], command, ret_verdict};

	m->now = now;
	m->today = day_of(now);
	*ret_verdict = (struct verdict){0};
	if (!turn.who)
		refuse(&turn, E(NOT_REGISTERED));
	else if (turn.who->revoked)
		refuse(&turn, E(REVOKED));
	else if (!(commands[command->body_case].roles & 1u << turn.who->role))
		refuse(&turn, E(ROLE_REFUSED));
	else
		refuse(&turn, commands[command->body_case].run(&turn));
}

#define FIND(name, rows, count)                                                                                        \
	uint32_t name(const struct model *m, const char *code)                                                         \
	{                                                                                                              \
		for (uint32_t id = 1; id <= m->count; id++)                                                            \
			if (strcmp(m->rows[id]->code, code) == 0)                                                      \
				return id;                                                                             \
		return 0;                                                                                              \
	}

FIND(model_unit, units, unit_count)
FIND(model_title, titles, title_count)
FIND(model_plan, plans, plan_count)
FIND(model_programme, programmes, programme_count)
FIND(model_class, classes, class_count)

bool model_within(const struct model *m, uint32_t unit_id, uint32_t root_id)
{
	const Mtr__Unit *unit = m->units[unit_id];

	if (unit_id == root_id)
		return true;
	if (unit->dissolved)
		return model_within(m, unit->successor_id, root_id);
	return (unit->parent_id && model_within(m, unit->parent_id, root_id)) ||
	       (unit->party_parent_id && model_within(m, unit->party_parent_id, root_id));
}

uint32_t living(const struct model *m, uint32_t unit_id)
{
	while (m->units[unit_id]->dissolved)
		unit_id = m->units[unit_id]->successor_id;
	return unit_id;
}

uint32_t model_acting_root(const struct model *m, uint32_t unit_id)
{
	const Mtr__Unit *unit = m->units[living(m, unit_id)];

	return unit->acts_for_parent && unit->parent_id ? unit->parent_id : unit->id;
}

uint32_t model_root(const struct model *m)
{
	for (uint32_t id = 1; id <= m->unit_count; id++)
		if (m->units[id]->parent_id == 0)
			return id;
	return 0;
}

bool is_or_became(const struct model *m, uint32_t unit_id, uint32_t other_id)
{
	while (unit_id && unit_id != other_id)
		unit_id = m->units[unit_id]->dissolved ? m->units[unit_id]->successor_id : 0;
	return unit_id != 0;
}

bool organised_by(const struct model *m, const Mtr__Programme *programme, uint32_t unit_id)
{
	for (size_t i = 0; i < programme->n_organising_unit_ids; i++)
		if (is_or_became(m, programme->organising_unit_ids[i], unit_id))
			return true;
	return false;
}

bool organises(const struct model *m, const Mtr__Principal *who, uint32_t programme_id)
{
	return organised_by(m, m->programmes[programme_id], who->unit_id);
}

Mtr__ErrorCode find_unit(struct turn *turn, const char *code, uint32_t *ret_id)
{
	uint32_t id = model_unit(turn->m, code);

	if (!id)
		return E(UNKNOWN_UNIT);
	if (turn->m->units[id]->dissolved)
		return E(UNIT_DISSOLVED);
	*ret_id = id;
	return E(NONE);
}

Mtr__ErrorCode find_former_unit(struct turn *turn, const char *code, uint32_t *ret_id)
{
	*ret_id = model_unit(turn->m, code);
	return *ret_id ? E(NONE) : E(UNKNOWN_UNIT);
}

Mtr__ErrorCode find_programme(struct turn *turn, const char *code, uint32_t *ret_id)
{
	*ret_id = model_programme(turn->m, code);
	return *ret_id ? E(NONE) : E(UNKNOWN_PROGRAMME);
}

Mtr__ErrorCode find_class(struct turn *turn, const char *code, uint32_t *ret_id)
{
	*ret_id = model_class(turn->m, code);
	return *ret_id ? E(NONE) : E(UNKNOWN_CLASS);
}

static bool nomination_in_scope(struct turn *turn, const Mtr__Nomination *nomination, const Mtr__Class *taught)
{
	const Mtr__Principal *who = turn->who;

	switch (who->role) {
	case MTR__ROLE__ROLE_NOMINATOR:
		return model_within(turn->m, nomination->unit_id, who->unit_id);
	case MTR__ROLE__ROLE_ORGANISER:
		return organises(turn->m, who, nomination->programme_id);
	case MTR__ROLE__ROLE_APPROVER:
		return is_or_became(turn->m, nomination->managing_unit_id, who->unit_id) ||
		       model_within(turn->m, nomination->unit_id, who->unit_id);
	case MTR__ROLE__ROLE_SCHOOL:
		if (!taught)
			return false;
		return nomination->class_id ? nomination->class_id == taught->id
					    : nomination->programme_id == taught->programme_id;
	case MTR__ROLE__ROLE_AUDITOR:
	case MTR__ROLE__ROLE_OPERATOR:
	case MTR__ROLE__ROLE_UNSPECIFIED:
	case _MTR__ROLE_IS_INT_SIZE:
	default:
		return false;
	}
}

Mtr__ErrorCode find_nomination(struct turn *turn, uint64_t id, const Mtr__Class *taught,
			       Mtr__Nomination **ret_nomination)
{
	if (id == 0 || id > turn->m->nomination_count || !nomination_in_scope(turn, turn->m->nominations[id], taught))
		return E(UNKNOWN_NOMINATION);
	*ret_nomination = turn->m->nominations[id];
	return E(NONE);
}

Mtr__ErrorCode shape_code(const char *code, bool required)
{
	size_t size = strlen(code);

	if (size == 0)
		return required ? E(FIELD_MISSING) : E(NONE);
	if (size > 32)
		return E(FIELD_TOO_LONG);
	if (size < 2 || code[0] == '-' || code[size - 1] == '-' ||
	    strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != size)
		return E(FIELD_FORMAT);
	return E(NONE);
}

/* Other shapes of text are the contract's own tests' affair: no operation here makes them. */
Mtr__ErrorCode shape_text(const char *text, size_t most, bool required)
{
	if (required && text[strspn(text, " ")] == 0)
		return E(FIELD_MISSING);
	if (strlen(text) > most)
		return E(FIELD_TOO_LONG);
	for (; *text; text++)
		if ((unsigned char)*text < ' ')
			return E(FIELD_CHARACTER);
	return E(NONE);
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
	if (month == 2)
		return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

Mtr__ErrorCode shape_date(uint32_t date, bool partial, bool required)
{
	uint32_t year = date / 10000, month = date / 100 % 100, day = date % 100;

	if (date == 0)
		return required ? E(FIELD_MISSING) : E(NONE);
	if (year < 1900 || year > 2199 || month > 12 || (month == 0 && day != 0) || (day == 0 && !partial))
		return E(DATE_INVALID);
	return month && day > month_days(year, month) ? E(DATE_INVALID) : E(NONE);
}

Mtr__ErrorCode shape_range(uint64_t value, uint64_t least, uint64_t most)
{
	return value < least || value > most ? E(FIELD_RANGE) : E(NONE);
}

uint32_t day_of(uint64_t ms)
{
	uint64_t days = (ms + 7 * 3600 * 1000) / (24 * 3600 * 1000);
	uint32_t year = 1970, month = 1;

	for (uint32_t length = 365; days >= length; length = month_days(year, 2) == 29 ? 366 : 365) {
		days -= length;
		year++;
	}
	for (; days >= month_days(year, month); month++)
		days -= month_days(year, month);
	return year * 10000 + month * 100 + (uint32_t)days + 1;
}
