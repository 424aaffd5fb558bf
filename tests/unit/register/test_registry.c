#include "world.h"

static void a_unit_is_created_and_changed_by_its_code(void **state)
{
	struct world *w = *state;
	Mtr__PutUnit *body = unit(w, "HUYEN-C", "TINH-UY");
	const Mtr__Done *done = expect_done(SEND(w, OPERATOR, PUT_UNIT, body));
	uint64_t id = done->id;

	assert_true(done->created);
	assert_int_equal(done->type, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT);
	assert_string_equal(done->code, "HUYEN-C");
	body->name = text("Huyện ủy C");
	body->party_parent_code = text("SO-A");
	done = expect_done(SEND(w, OPERATOR, PUT_UNIT, body));
	assert_false(done->created);
	assert_int_equal(done->id, id);
}

static void the_tree_has_one_root_and_no_cycle(void **state)
{
	struct world *w = *state;
	Mtr__PutUnit *body = unit(w, "SO-A", "PHONG-A1");

	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, "KHAC", "")), FIELD_MISSING, "put_unit.parent_code");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, "KHAC", "KHONG-CO")), UNKNOWN_UNIT, "put_unit.parent_code");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, body), UNIT_CYCLE, "put_unit.parent_code");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, "SO-A", "SO-A")), UNIT_CYCLE, "put_unit.parent_code");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, "TINH-UY", "SO-A")), UNIT_CYCLE, "put_unit.parent_code");
	body = unit(w, "SO-A", "TINH-UY");
	body->party_parent_code = text("PHONG-A1");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, body), UNIT_CYCLE, "put_unit.party_parent_code");
	expect_done(SEND(w, OPERATOR, PUT_UNIT, unit(w, "TINH-UY", "")));
}

static void the_tree_is_no_deeper_than_sixteen(void **state)
{
	struct world *w = *state;
	char codes[17][8];
	Mtr__PutUnit *body;

	strcpy(codes[1], "SO-B");
	for (size_t i = 2; i <= 16; i++) {
		snprintf(codes[i], sizeof codes[i], "U-%zu", i);
		if (i < 16)
			expect_done(SEND(w, OPERATOR, PUT_UNIT, unit(w, codes[i], codes[i - 1])));
	}
	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, codes[16], codes[15])), FIELD_RANGE, "put_unit.parent_code");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, "SO-B", "SO-A")), FIELD_RANGE, "put_unit.parent_code");
	body = unit(w, codes[16], "TINH-UY");
	body->party_parent_code = text(codes[15]);
	ERROR(SEND(w, OPERATOR, PUT_UNIT, body), FIELD_RANGE, "put_unit.party_parent_code");
}

static Mtr__DissolveUnit *dissolution(struct world *w, const char *code, const char *successor)
{
	Mtr__DissolveUnit *body = NEW(w, dissolve_unit);

	body->code = text(code);
	body->successor_code = text(successor);
	return body;
}

static void a_unit_dissolves_into_a_successor(void **state)
{
	struct world *w = *state;

	ERROR(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "KHONG-CO", "SO-B")), UNKNOWN_UNIT, "dissolve_unit.code");
	ERROR(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "SO-A", "KHONG-CO")), UNKNOWN_UNIT,
	      "dissolve_unit.successor_code");
	ERROR(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "SO-A", "SO-B")), UNIT_IN_USE, "dissolve_unit.code");
	ERROR(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "PHONG-A1", "PHONG-A1")), UNIT_CYCLE,
	      "dissolve_unit.successor_code");
	expect_done(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "PHONG-A1", "SO-B")));
	ERROR(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "PHONG-A1", "SO-B")), UNIT_DISSOLVED,
	      "dissolve_unit.code");
	ERROR(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "SO-A", "PHONG-A1")), UNIT_DISSOLVED,
	      "dissolve_unit.successor_code");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, "PHONG-A1", "SO-A")), UNIT_DISSOLVED, "put_unit.code");
	ERROR(SEND(w, OPERATOR, PUT_UNIT, unit(w, "MOI", "PHONG-A1")), UNIT_DISSOLVED, "put_unit.parent_code");
	expect_done(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "SO-A", "SO-B")));
}

static void what_was_a_dissolved_units_is_its_successors(void **state)
{
	struct world *w = *state;
	Mtr__Allocate *grant = NEW(w, allocate);
	uint64_t id;

	expect_done(allocate(w, "CAO-CAP", "PHONG-A1", 2));
	id = nominate(w, CLERK_A1, "PHONG-A1", AUDIENCE);
	ERROR(withdraw(w, CLERK_B, id, ""), UNKNOWN_NOMINATION, "withdraw.nomination_id");
	expect_done(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "PHONG-A1", "SO-B")));
	ERROR(withdraw(w, CLERK_A, id, ""), UNKNOWN_NOMINATION, "withdraw.nomination_id");
	ERROR(SEND(w, CLERK_A1, PROPOSE, proposal(w, "CAO-CAP", 1)), UNIT_DISSOLVED, "propose.unit_code");
	ERROR(allocate(w, "CAO-CAP", "PHONG-A1", 1), UNIT_DISSOLVED, "allocate.unit_code");
	expect_ack(withdraw(w, CLERK_B, id, ""));
	propose(w, CLERK_B, nomination(w, id)->person_id);
	expect_done(SEND(w, OPERATOR, DISSOLVE_UNIT, dissolution(w, "BTC", "SO-B")));
	expect_done(allocate(w, "CAO-CAP", "SO-B", 1));
	grant->programme_code = text("CAO-CAP");
	grant->unit_code = text("SO-B");
	grant->seats = 1;
	expect_done(SEND(w, OUTSIDER, ALLOCATE, grant));
}

static void keys_have_a_role_and_most_a_unit(void **state)
{
	struct world *w = *state;
	Mtr__PutPrincipal *body = key(w, 99, MTR__ROLE__ROLE_NOMINATOR, "");
	const Mtr__Done *done;

	ERROR(SEND(w, OPERATOR, PUT_PRINCIPAL, body), FIELD_MISSING, "put_principal.unit_code");
	body->unit_code = text("KHONG-CO");
	ERROR(SEND(w, OPERATOR, PUT_PRINCIPAL, body), UNKNOWN_UNIT, "put_principal.unit_code");
	body->unit_code = text("SO-A");
	done = expect_done(SEND(w, OPERATOR, PUT_PRINCIPAL, body));
	assert_true(done->created);
	assert_int_equal(done->id, PRINCIPALS);
	body->role = MTR__ROLE__ROLE_APPROVER;
	done = expect_done(SEND(w, OPERATOR, PUT_PRINCIPAL, body));
	assert_false(done->created);
	assert_int_equal(done->id, PRINCIPALS);
	body->public_key.len = 31;
	ERROR(SEND(w, OPERATOR, PUT_PRINCIPAL, body), FIELD_FORMAT, "put_principal.public_key");
	body->public_key.len = 0;
	ERROR(SEND(w, OPERATOR, PUT_PRINCIPAL, body), FIELD_MISSING, "put_principal.public_key");
}

static Mtr__RevokePrincipal *revocation(struct world *w, uint8_t number, const char *reason)
{
	Mtr__RevokePrincipal *body = NEW(w, revoke_principal);

	body->public_key = key(w, number, MTR__ROLE__ROLE_AUDITOR, "")->public_key;
	body->reason = text(reason);
	return body;
}

static void a_revoked_key_does_nothing_and_stays_revoked(void **state)
{
	struct world *w = *state;

	ERROR(SEND(w, OPERATOR, REVOKE_PRINCIPAL, revocation(w, CLERK_A, "")), FIELD_MISSING,
	      "revoke_principal.reason");
	ERROR(SEND(w, OPERATOR, REVOKE_PRINCIPAL, revocation(w, 200, "Mất")), UNKNOWN_PRINCIPAL,
	      "revoke_principal.public_key");
	expect_done(SEND(w, OPERATOR, REVOKE_PRINCIPAL, revocation(w, CLERK_A, "Mất máy")));
	ERROR(SEND(w, CLERK_A, PROPOSE, proposal(w, "CAO-CAP", 1)), REVOKED, "");
	assert_false(w->outcome.consumes);
	assert_int_equal(w->outcome.answer->revision, 0);
	ERROR(SEND(w, OPERATOR, PUT_PRINCIPAL, key(w, CLERK_A, MTR__ROLE__ROLE_NOMINATOR, "SO-A")), KEY_TAKEN,
	      "put_principal.public_key");
	ERROR(SEND(w, 500, PROPOSE, proposal(w, "CAO-CAP", 1)), NOT_REGISTERED, "");
	assert_false(w->outcome.consumes);
}

static void one_operator_always_remains(void **state)
{
	struct world *w = *state;

	ERROR(SEND(w, OPERATOR, REVOKE_PRINCIPAL, revocation(w, OPERATOR, "Nghỉ")), LAST_OPERATOR,
	      "revoke_principal.public_key");
	ERROR(SEND(w, OPERATOR, PUT_PRINCIPAL, key(w, OPERATOR, MTR__ROLE__ROLE_AUDITOR, "")), LAST_OPERATOR,
	      "put_principal.role");
	expect_done(SEND(w, OPERATOR, PUT_PRINCIPAL, key(w, 99, MTR__ROLE__ROLE_OPERATOR, "")));
	expect_done(SEND(w, OPERATOR, REVOKE_PRINCIPAL, revocation(w, OPERATOR, "Nghỉ")));
	ERROR(SEND(w, PRINCIPALS, REVOKE_PRINCIPAL, revocation(w, 99, "Nghỉ")), LAST_OPERATOR,
	      "revoke_principal.public_key");
}

static void titles_are_the_roots(void **state)
{
	struct world *w = *state;
	Mtr__PutTitle *body = title(w, "BT", 5, 3);
	const Mtr__Done *done;

	ERROR(SEND(w, OUTSIDER, PUT_TITLE, body), OUT_OF_SCOPE, "");
	body->managing_unit_code = text("KHONG-CO");
	ERROR(SEND(w, ORGANISER, PUT_TITLE, body), UNKNOWN_UNIT, "put_title.managing_unit_code");
	body->managing_unit_code = text("TINH-UY");
	done = expect_done(SEND(w, ORGANISER, PUT_TITLE, body));
	assert_true(done->created);
	assert_false(expect_done(SEND(w, ORGANISER, PUT_TITLE, body))->created);
	body->rank = 100;
	ERROR(SEND(w, ORGANISER, PUT_TITLE, body), FIELD_RANGE, "put_title.rank");
	body->rank = 0;
	ERROR(SEND(w, ORGANISER, PUT_TITLE, body), FIELD_RANGE, "put_title.rank");
}

static void a_programme_belongs_to_those_who_organise_it(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *body = programme(w, "MOI");
	const Mtr__Done *done;

	ERROR(SEND(w, OUTSIDER, PUT_PROGRAMME, body), OUT_OF_SCOPE, "put_programme.organising_unit_codes");
	done = expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body));
	assert_true(done->created);
	assert_string_equal(done->code, "MOI");
	body->organising_unit_codes = list_of(w, 1, "SO-B");
	ERROR(SEND(w, OUTSIDER, PUT_PROGRAMME, body), OUT_OF_SCOPE, "");
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), OUT_OF_SCOPE, "put_programme.organising_unit_codes");
	body->n_organising_unit_codes = 2;
	body->organising_unit_codes = list_of(w, 2, "SO-B", "BTC");
	assert_false(expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body))->created);
	expect_done(SEND(w, OUTSIDER, PUT_PROGRAMME, body));
	body->plan_code = text("KH-KHAC");
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), UNKNOWN_PLAN, "put_programme.plan_code");
	body->plan_code = text("KH-2020");
	body->organising_unit_codes = list_of(w, 2, "BTC", "KHONG-CO");
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), UNKNOWN_UNIT, "put_programme.organising_unit_codes.1");
	body->n_organising_unit_codes = 1;
	body->provider_unit_codes = list_of(w, 1, "KHONG-CO");
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), UNKNOWN_UNIT, "put_programme.provider_unit_codes.0");
	body->n_provider_unit_codes = 0;
	body->student_manager_unit_code = text("KHONG-CO");
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), UNKNOWN_UNIT, "put_programme.student_manager_unit_code");
}

static void titles_of_conditions_come_from_codes(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *body = programme(w, "MOI");
	Mtr__Condition *condition = NEW(w, condition);
	Mtr__PutProgramme__PutCondition *values = NEW(w, put_programme__put_condition);
	struct mtr_txn txn;
	const Mtr__Programme *row;
	uint32_t ignored = 4711;

	condition->kind = MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE;
	condition->values = condition->offset_title_ids = &ignored;
	condition->n_values = condition->n_offset_title_ids = 1;
	body->programme->n_conditions = 1;
	body->programme->conditions = list_of(w, 1, condition);
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), FIELD_MISSING, "put_programme.programme.conditions.0.values");
	body->n_title_values = 1;
	body->title_values = list_of(w, 1, values);
	values->n_value_codes = 2;
	values->value_codes = list_of(w, 2, "GD", "KHONG-CO");
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), UNKNOWN_TITLE, "put_programme.title_values.0.value_codes.1");
	values->value_codes[1] = text("PGD");
	values->n_offset_codes = 1;
	values->offset_codes = list_of(w, 1, "KHONG-CO");
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), UNKNOWN_TITLE, "put_programme.title_values.0.offset_codes.0");
	values->n_offset_codes = 0;
	values->condition = 1;
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), FIELD_RANGE, "put_programme.title_values.0.condition");
	values->condition = 0;
	body->n_title_values = 2;
	body->title_values = list_of(w, 2, values, values);
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, body), FIELD_VALUE, "put_programme.title_values.1.condition");
	body->n_title_values = 1;

	uint32_t id = (uint32_t)expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body))->id;

	mtr_txn_begin_read(&txn, w->store);
	row = mtr_read_programme(&txn, w->messages, id);
	mtr_txn_abort(&txn);
	assert_int_equal(row->conditions[0]->n_values, 2);
	assert_int_equal(row->conditions[0]->values[0], 4);
	assert_int_equal(row->conditions[0]->values[1], 3);
	assert_int_equal(row->conditions[0]->n_offset_title_ids, 0);
}

static void a_figure_is_not_lowered_below_what_is_shared_out(void **state)
{
	struct world *w = *state;
	Mtr__PutProgramme *body = programme(w, "CAO-CAP");
	const Mtr__Answer *answer;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 4));
	expect_done(allocate(w, "CAO-CAP", "SO-B", 3));
	body->programme->quota->in_force = 6;
	answer = SEND(w, ORGANISER, PUT_PROGRAMME, body);
	ERROR(answer, SEATS_OVER_PROGRAMME, "put_programme.programme.quota.in_force");
	assert_int_equal(answer->error->number, 7);
	body->programme->quota->in_force = 7;
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, body));
}

static void a_plan_is_created_and_changed_by_its_code(void **state)
{
	struct world *w = *state;
	Mtr__PutPlan *body = NEW(w, put_plan);

	body->plan = NEW(w, plan);
	body->plan->code = text("KH-2021");
	body->plan->name = text("Kế hoạch năm 2021");
	ERROR(SEND(w, OUTSIDER, PUT_PLAN, body), FIELD_RANGE, "put_plan.plan.year");
	body->plan->year = 2021;
	assert_true(expect_done(SEND(w, OUTSIDER, PUT_PLAN, body))->created);
	assert_false(expect_done(SEND(w, OUTSIDER, PUT_PLAN, body))->created);
	body->plan->date = 20210230;
	ERROR(SEND(w, OUTSIDER, PUT_PLAN, body), DATE_INVALID, "put_plan.plan.date");
	body->plan = NULL;
	ERROR(SEND(w, OUTSIDER, PUT_PLAN, body), FIELD_MISSING, "put_plan.plan");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_unit_is_created_and_changed_by_its_code),
		WORLD_TEST(the_tree_has_one_root_and_no_cycle),
		WORLD_TEST(the_tree_is_no_deeper_than_sixteen),
		WORLD_TEST(a_unit_dissolves_into_a_successor),
		WORLD_TEST(what_was_a_dissolved_units_is_its_successors),
		WORLD_TEST(keys_have_a_role_and_most_a_unit),
		WORLD_TEST(a_revoked_key_does_nothing_and_stays_revoked),
		WORLD_TEST(one_operator_always_remains),
		WORLD_TEST(titles_are_the_roots),
		WORLD_TEST(a_programme_belongs_to_those_who_organise_it),
		WORLD_TEST(titles_of_conditions_come_from_codes),
		WORLD_TEST(a_figure_is_not_lowered_below_what_is_shared_out),
		WORLD_TEST(a_plan_is_created_and_changed_by_its_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
