#include "world.h"

#include "register/grammar/fields.h"

/* Lists of ids that the register fills in from codes. */
static bool filled_in(const ProtobufCMessageDescriptor *message, const char *field)
{
	static const char *const fields[][2] = {
		{"Person", "held"},
		{"Person", "planned"},
		{"Programme", "organising_unit_ids"},
		{"Programme", "provider_unit_ids"},
		{"Condition", "offset_title_ids"},
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strcmp(message->short_name, fields[i][0]) == 0 && strcmp(field, fields[i][1]) == 0)
			return true;
	return false;
}

static bool fits(const ProtobufCFieldDescriptor *field, const struct mtr_field_rule *rule)
{
	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_STRING:
		return rule->check >= MTR_FIELD_CODE && rule->check <= MTR_FIELD_CITIZEN;
	case PROTOBUF_C_TYPE_BYTES:
		return rule->check == MTR_FIELD_KEY || rule->check == MTR_FIELD_OUTBOX;
	case PROTOBUF_C_TYPE_ENUM:
		return rule->check == MTR_FIELD_ENUM;
	case PROTOBUF_C_TYPE_MESSAGE:
		return rule->check == MTR_FIELD_MESSAGE && rule->inner && rule->inner->descriptor == field->descriptor;
	case PROTOBUF_C_TYPE_BOOL:
		return rule->check == MTR_FIELD_ANY;
	default:
		return rule->check == MTR_FIELD_ANY || (rule->check >= MTR_FIELD_DAY && rule->check <= MTR_FIELD_RANGE);
	}
}

static void look_through(const struct mtr_message_rules *rules)
{
	static const struct mtr_field_rule none = {0};

	for (unsigned i = 0; i < rules->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &rules->descriptor->fields[i];
		const struct mtr_field_rule *rule = field->id < rules->field_count ? &rules->fields[field->id] : &none;
		bool list = field->label == PROTOBUF_C_LABEL_REPEATED;

		if (filled_in(rules->descriptor, field->name)) {
			assert_int_equal(rule->check, MTR_FIELD_ANY);
			continue;
		}
		if (!fits(field, rule) || list != (rule->most > 0))
			fail_msg("%s.%s", rules->descriptor->name, field->name);
		if (rule->check == MTR_FIELD_RANGE)
			assert_true(rule->minimum < rule->maximum);
		if (rule->inner)
			look_through(rule->inner);
	}
}

static void every_field_of_every_command_has_a_rule_that_fits(void **state)
{
	size_t count;
	const struct mtr_command_info *table = mtr_command_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct mtr_message_rules *rules = mtr_body_rules(table[i].tag);

		assert_non_null(rules);
		assert_ptr_equal(
			rules->descriptor,
			protobuf_c_message_descriptor_get_field(&mtr__command__descriptor, table[i].tag)->descriptor);
		look_through(rules);
	}
	assert_null(mtr_body_rules(table[0].tag - 1));
	assert_null(mtr_body_rules(table[count - 1].tag + 1));
}

/* Nobody but those in the table gets past the role, and they do. */
static void every_command_asks_for_its_roles(void **state)
{
	static const uint32_t keys[] = {CLERK_A, ORGANISER, APPROVER, SCHOOL, AUDITOR, OPERATOR};
	struct world *w = *state;
	size_t count;
	const struct mtr_command_info *table = mtr_command_table(&count);

	for (size_t i = 0; i < count; i++) {
		const ProtobufCMessage *empty = mtr_message_new(w->messages, mtr_body_rules(table[i].tag)->descriptor);

		for (size_t j = 0; j < sizeof keys / sizeof *keys; j++) {
			const Mtr__Answer *answer = world_send(w, keys[j], (int)table[i].tag, empty);
			bool allowed = mtr_command_allows(&table[i], (Mtr__Role)(MTR__ROLE__ROLE_NOMINATOR + j));

			assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ERROR);
			assert_int_equal(answer->error->code == MTR__ERROR_CODE__ERROR_CODE_ROLE_REFUSED, !allowed);
			assert_true(w->outcome.consumes);
		}
	}
}

static void an_unknown_command_is_consumed(void **state)
{
	struct world *w = *state;

	ERROR(world_send(w, OPERATOR, 0, NULL), UNKNOWN_COMMAND, "");
	assert_true(w->outcome.consumes);
	assert_int_equal(w->outcome.answer->revision, w->revision);
	ERROR(world_send(w, OPERATOR, 999, NULL), UNKNOWN_COMMAND, "");
}

static void a_field_of_a_later_version_is_refused(void **state)
{
	struct world *w = *state;
	Mtr__Propose *body = proposal(w, "CAO-CAP", 1);
	ProtobufCMessageUnknownField later = {.tag = 99};

	body->base.n_unknown_fields = 1;
	body->base.unknown_fields = &later;
	ERROR(SEND(w, CLERK_A, PROPOSE, body), FIELD_FORMAT, "propose");
	body->base.n_unknown_fields = 0;
	body->person->base.n_unknown_fields = 1;
	body->person->base.unknown_fields = &later;
	ERROR(SEND(w, CLERK_A, PROPOSE, body), FIELD_FORMAT, "propose.person");
}

static char *repeat(struct world *w, char c, size_t count)
{
	char *out = mtr_arena_alloc(w->messages, count + 1);

	memset(out, c, count);
	return out;
}

static void text_has_a_longest(void **state)
{
	struct world *w = *state;
	Mtr__PutUnit *body = unit(w, "MOI", "TINH-UY");
	Mtr__Withdraw *withdrawal = NEW(w, withdraw);

	body->name = repeat(w, 'x', 201);
	ERROR(SEND(w, OPERATOR, PUT_UNIT, body), FIELD_TOO_LONG, "put_unit.name");
	assert_int_equal(w->outcome.answer->error->number, 200);
	body->name = repeat(w, 'x', 200);
	expect_done(SEND(w, OPERATOR, PUT_UNIT, body));
	body->code = repeat(w, 'X', 33);
	ERROR(SEND(w, OPERATOR, PUT_UNIT, body), FIELD_TOO_LONG, "put_unit.code");
	body->code = text("a");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, body), FIELD_FORMAT, "put_unit.code");
	body->code = text("");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, body), FIELD_MISSING, "put_unit.code");
	withdrawal->reason = repeat(w, 'x', 1001);
	ERROR(SEND(w, CLERK_A, WITHDRAW, withdrawal), FIELD_TOO_LONG, "withdraw.reason");
	withdrawal->reason = text("một\nhai");
	ERROR(SEND(w, CLERK_A, WITHDRAW, withdrawal), UNKNOWN_NOMINATION, "withdraw.nomination_id");
}

static void lists_have_a_most(void **state)
{
	struct world *w = *state;
	Mtr__PutTitle *body = title(w, "MOI", 1, 0);
	Mtr__Standard *many[33];
	Mtr__PutProgramme *change = programme(w, "CAO-CAP");
	Mtr__TieBreak kinds[] = {1, 2, 3, 4, 5};

	for (size_t i = 0; i < 33; i++)
		many[i] = standard(w, MTR__SCHEME__SCHEME_SKILL, (uint32_t)i + 1);
	body->standards = many;
	body->n_standards = 33;
	ERROR(SEND(w, ORGANISER, PUT_TITLE, body), TOO_MANY_ITEMS, "put_title.standards");
	assert_int_equal(w->outcome.answer->error->number, 32);
	body->n_standards = 32;
	expect_done(SEND(w, ORGANISER, PUT_TITLE, body));
	many[2]->number = 10000;
	ERROR(SEND(w, ORGANISER, PUT_TITLE, body), FIELD_RANGE, "put_title.standards.2.number");
	assert_string_equal(w->outcome.answer->error->found, "10000");
	assert_string_equal(w->outcome.answer->error->wanted, "1..9999");
	many[1]->scheme = (Mtr__Scheme)5;
	ERROR(SEND(w, ORGANISER, PUT_TITLE, body), FIELD_VALUE, "put_title.standards.1.scheme");
	change->programme->tie_breaks = kinds;
	change->programme->n_tie_breaks = 5;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, change), TOO_MANY_ITEMS, "put_programme.programme.tie_breaks");
	change->programme->n_tie_breaks = 4;
	kinds[3] = 0;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, change), FIELD_MISSING, "put_programme.programme.tie_breaks.3");
	kinds[3] = (Mtr__TieBreak)7;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, change), FIELD_VALUE, "put_programme.programme.tie_breaks.3");
}

/* More titles in conditions than a row may hold. */
static void a_row_that_is_too_large_is_refused(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *body = programme(w, "LON");
	Mtr__Condition *conditions[32];
	uint32_t values[128];

	for (size_t i = 0; i < 128; i++)
		values[i] = MTR__CATEGORY__CATEGORY_OFFICIAL;
	for (size_t i = 0; i < 32; i++) {
		conditions[i] = NEW(w, condition);
		conditions[i]->kind = MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY;
		conditions[i]->instrument = repeat(w, 'x', 64);
		conditions[i]->values = values;
		conditions[i]->n_values = 128;
	}
	body->programme->conditions = conditions;
	body->programme->n_conditions = 32;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body));
	for (size_t i = 0; i < 128; i++)
		values[i] = UINT32_MAX;
	for (size_t i = 0; i < 32; i++)
		conditions[i]->kind = MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), TOO_MANY_ITEMS, "");
}

/* An arena too small for the decision is no answer, and nothing is half done. */
static void memory_that_runs_out_is_told_apart(void **state)
{
	struct world *w = *state;
	Mtr__Propose *body = proposal(w, "CAO-CAP", someone(w, CLERK_A, "SO-A", INCUMBENT));
	Mtr__Command command = MTR__COMMAND__INIT;
	bool decided = false;

	command.body_case = MTR__COMMAND__BODY_PROPOSE;
	command.propose = body;
	for (size_t limit = 64; !decided; limit += 256) {
		struct mtr_arena *arena = mtr_arena_new(limit);
		struct mtr_txn txn;
		struct mtr_outcome outcome = {0};
		struct mtr_decision_input input = {
			.txn = &txn, .arena = arena, .principal_id = CLERK_A, .now = w->now, .revision = 1};
		enum mtr_decide_status status;

		mtr_txn_begin_read(&txn, w->store);
		status = mtr_decide(&input, &command, &outcome);
		assert_int_equal(txn.error, MTR_STORE_OK);
		decided = status == MTR_DECIDE_OK;
		if (decided)
			assert_int_equal(outcome.answer->body_case, MTR__ANSWER__BODY_ACKNOWLEDGEMENT);
		else
			assert_int_equal(status, MTR_DECIDE_MEMORY);
		mtr_txn_abort(&txn);
		mtr_arena_free(&arena);
		assert_true(limit < MTR_DECISION_ARENA);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_every_command_has_a_rule_that_fits),
		WORLD_TEST(every_command_asks_for_its_roles),
		WORLD_TEST(an_unknown_command_is_consumed),
		WORLD_TEST(a_field_of_a_later_version_is_refused),
		WORLD_TEST(text_has_a_longest),
		WORLD_TEST(lists_have_a_most),
		WORLD_TEST(a_row_that_is_too_large_is_refused),
		WORLD_TEST(memory_that_runs_out_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
