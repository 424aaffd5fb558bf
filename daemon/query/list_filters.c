#include "query/list.h"

#define TYPE(name) MTR__ENTITY_TYPE__ENTITY_TYPE_##name
#define HOME(name) MTR__HOME_KIND__HOME_KIND_##name
#define UNKNOWN(name) MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_##name
#define NO_ERROR MTR__ERROR_CODE__ERROR_CODE_NONE

enum filter {
	PLAN = 1,
	PROGRAMME = 2,
	UNIT = 4,
	CLASS = 8,
	CODE = 16,
	CITIZEN = 32,
	STATES = 64,
};

struct mtr_list_kind {
	Mtr__EntityType type;
	Mtr__HomeKind home;
	unsigned filters;
	Mtr__ErrorCode unknown; /* id */
};

static const struct mtr_list_kind kinds[] = {
	{TYPE(UNIT), HOME(PUBLIC), CODE, UNKNOWN(UNIT)},
	{TYPE(PRINCIPAL), HOME(PRINCIPALS), UNIT, UNKNOWN(PRINCIPAL)},
	{TYPE(TITLE), HOME(PUBLIC), CODE, UNKNOWN(TITLE)},
	{TYPE(PERSON), HOME(PEOPLE), UNIT | CITIZEN, UNKNOWN(PERSON)},
	{TYPE(PLAN), HOME(PUBLIC), CODE, UNKNOWN(PLAN)},
	{TYPE(PROGRAMME), HOME(PUBLIC), PLAN | CODE, UNKNOWN(PROGRAMME)},
	{TYPE(ALLOCATION), HOME(PART), PLAN | PROGRAMME | UNIT, NO_ERROR},
	{TYPE(LEDGER_ENTRY), HOME(PART), PLAN | PROGRAMME | UNIT, NO_ERROR},
	{TYPE(LETTER), HOME(PART), PLAN | PROGRAMME | UNIT, UNKNOWN(LETTER)},
	{TYPE(NOMINATION), HOME(PART), PLAN | PROGRAMME | UNIT | CLASS | CITIZEN | STATES, UNKNOWN(NOMINATION)},
	{TYPE(DECISION), HOME(PROGRAMME), PLAN | PROGRAMME, NO_ERROR},
	{TYPE(CLASS), HOME(CLASS), PLAN | PROGRAMME | CLASS | CODE, UNKNOWN(CLASS)},
	{TYPE(SUMMONS), HOME(CLASS), PLAN | PROGRAMME | CLASS, NO_ERROR},
	{TYPE(ENROLMENT), HOME(CLASS), PLAN | PROGRAMME | UNIT | CLASS | STATES, UNKNOWN(NOMINATION)},
	{TYPE(DIVERGENCE), HOME(UNSPECIFIED), 0, NO_ERROR}, /* in homes of several kinds */
};

static const struct mtr_list_kind *kind_of(Mtr__EntityType type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i].type == type)
			return &kinds[i];
	}
	return NULL;
}

static bool refuse(struct mtr_listing *l, Mtr__ErrorCode code, const char *field)
{
	mtr_query_refuse(l->q, code, field, NULL, 0);
	return false;
}

/* A filter that rows of this type don't have would silently give everything, or nothing. */
static bool check_filters(struct mtr_listing *l)
{
	const Mtr__List *list = l->list;
	const struct {
		enum filter filter;
		bool given;
		const char *field;
	} given[] = {
		{PLAN, list->plan_code[0], "list.plan_code"},
		{PROGRAMME, list->programme_code[0], "list.programme_code"},
		{UNIT, list->unit_code[0], "list.unit_code"},
		{CLASS, list->class_code[0], "list.class_code"},
		{CODE, list->code[0], "list.code"},
		{CITIZEN, list->citizen_number[0], "list.citizen_number"},
		{STATES, list->n_states, "list.states"},
	};

	l->kind = kind_of(list->type);
	if (!l->kind)
		return refuse(l, MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE, "list.type");
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
		if (given[i].given && !(l->kind->filters & given[i].filter))
			return refuse(l, MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE, given[i].field);
	}
	for (size_t i = 0; i < list->n_states; i++) {
		if (list->states[i] == MTR__STATE__STATE_UNSPECIFIED ||
		    !protobuf_c_enum_descriptor_get_value(&mtr__state__descriptor, (int)list->states[i]))
			return refuse(l, MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE, "list.states");
	}
	return true;
}

/* A nomination names its class to whoever may see it; the class itself is for those who run it. */
static bool resolve_class(struct mtr_listing *l)
{
	const char *code = l->list->class_code;

	if (l->list->type == TYPE(NOMINATION))
		return mtr_filter_code(l->q, TYPE(CLASS), "list.class_code", code, &l->class_id);
	return mtr_filter_class(l->q, "list.class_code", code, &l->class_id);
}

static bool resolve_unit(struct mtr_listing *l)
{
	const char *code = l->list->unit_code;

	if (l->list->type == TYPE(ENROLMENT) || l->list->type == TYPE(PRINCIPAL))
		return mtr_filter_code(l->q, TYPE(UNIT), "list.unit_code", code, &l->unit_id);
	return mtr_filter_unit(l->q, "list.unit_code", code, l->list->type == TYPE(PERSON), &l->unit_id);
}

/* A person outside the scope is unknown; so is one whose nominations all are (list.c). */
static bool resolve_person(struct mtr_listing *l)
{
	if (!l->list->citizen_number[0])
		return true;
	l->person_id = mtr_find_citizen(l->q->txn, l->list->citizen_number);
	if (!l->person_id && !l->q->txn->error)
		return refuse(l, UNKNOWN(PERSON), "list.citizen_number");
	return !l->q->txn->error;
}

bool mtr_listing_resolve(struct mtr_listing *l)
{
	if (!check_filters(l) || !mtr_filter_plan(l->q, "list.plan_code", l->list->plan_code, &l->plan_id) ||
	    !mtr_filter_programme(l->q, "list.programme_code", l->list->programme_code, &l->programme_id) ||
	    !resolve_unit(l) || !resolve_class(l) || !resolve_person(l))
		return false;
	if (l->list->type == TYPE(CLASS))
		return mtr_filter_class(l->q, "list.code", l->list->code, &l->code_id);
	return mtr_filter_code(l->q, l->list->type, "list.code", l->list->code, &l->code_id);
}

/* The first number of the homes that are asked for; 0: any. */
static uint32_t home_a(const struct mtr_listing *l)
{
	switch (l->kind->home) {
	case HOME(PEOPLE):
		return l->unit_id;
	case HOME(PART):
	case HOME(PROGRAMME):
		return l->programme_id;
	case HOME(CLASS):
		return l->class_id;
	case HOME(PUBLIC):
	case HOME(PRINCIPALS):
	case HOME(UNSPECIFIED):
	case _MTR__HOME_KIND_IS_INT_SIZE:
		break;
	}
	return 0;
}

struct mtr_home mtr_listing_first_home(const struct mtr_listing *l)
{
	return (struct mtr_home){.kind = (uint8_t)l->kind->home, .a = home_a(l)};
}

bool mtr_listing_beyond(const struct mtr_listing *l, struct mtr_home home)
{
	return (l->kind->home && home.kind != (uint8_t)l->kind->home) || (home_a(l) && home.a != home_a(l));
}

static bool in_plan(struct mtr_listing *l, uint32_t programme_id)
{
	return !l->plan_id || mtr_has_link(l->q->txn, MTR_LINK_PLAN_PROGRAMME, l->plan_id, programme_id);
}

static bool takes_class(struct mtr_listing *l, uint32_t class_id)
{
	const Mtr__Class *class;

	if (!l->plan_id && !l->programme_id)
		return true;
	mtr_arena_reset(l->q->scratch);
	class = mtr_read_class(l->q->txn, l->q->scratch, class_id);
	return class && (!l->programme_id || class->programme_id == l->programme_id) && in_plan(l, class->programme_id);
}

bool mtr_listing_takes_home(struct mtr_listing *l, struct mtr_home home)
{
	if (mtr_listing_beyond(l, home))
		return false;
	if (home.kind == HOME(PART))
		return (!l->unit_id || home.b == l->unit_id) && in_plan(l, home.a);
	if (home.kind == HOME(PROGRAMME))
		return in_plan(l, home.a);
	return home.kind != HOME(CLASS) || takes_class(l, home.a);
}

static bool takes_state(const struct mtr_listing *l, Mtr__State state)
{
	for (size_t i = 0; i < l->list->n_states; i++) {
		if (l->list->states[i] == state)
			return true;
	}
	return !l->list->n_states;
}

static bool takes_nomination(const struct mtr_listing *l, const Mtr__Nomination *nomination)
{
	return (!l->class_id || nomination->class_id == l->class_id) && takes_state(l, nomination->state);
}

static bool takes_enrolment(const struct mtr_listing *l, const Mtr__Enrolment *enrolment)
{
	return (!l->unit_id || enrolment->unit_id == l->unit_id) && takes_state(l, enrolment->state);
}

static bool takes_principal(const struct mtr_listing *l, const Mtr__Principal *principal)
{
	return principal->unit_id == l->unit_id;
}

static const ProtobufCMessage *unpack(struct mtr_listing *l, const struct mtr_row *row,
				      const ProtobufCMessageDescriptor *descriptor)
{
	const ProtobufCMessage *message;

	mtr_arena_reset(l->q->scratch);
	message = protobuf_c_message_unpack(descriptor, mtr_arena_allocator(l->q->scratch), row->bytes.size,
					    row->bytes.data);
	if (!message)
		l->q->txn->error = mtr_arena_exhausted(l->q->scratch) ? MTR_STORE_MEMORY : MTR_STORE_CORRUPT;
	return message;
}

bool mtr_listing_takes_row(struct mtr_listing *l, const struct mtr_row *row)
{
	const ProtobufCMessage *message;

	if (row->type == TYPE(NOMINATION) && (l->class_id || l->list->n_states)) {
		message = unpack(l, row, &mtr__nomination__descriptor);
		return message && takes_nomination(l, (const Mtr__Nomination *)message);
	}
	if (row->type == TYPE(ENROLMENT) && (l->unit_id || l->list->n_states)) {
		message = unpack(l, row, &mtr__enrolment__descriptor);
		return message && takes_enrolment(l, (const Mtr__Enrolment *)message);
	}
	if (row->type == TYPE(PRINCIPAL) && l->unit_id) {
		message = unpack(l, row, &mtr__principal__descriptor);
		return message && takes_principal(l, (const Mtr__Principal *)message);
	}
	return row->type != TYPE(PROGRAMME) || in_plan(l, (uint32_t)row->id);
}

Mtr__ErrorCode mtr_listing_unknown(const struct mtr_listing *l)
{
	return l->kind->unknown;
}

bool mtr_listing_direct(const struct mtr_listing *l)
{
	return l->list->id || l->code_id || l->person_id;
}
