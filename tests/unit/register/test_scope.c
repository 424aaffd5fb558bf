#include "world.h"

#include "register/rules/managing.h"
#include "register/scope.h"
#include "register/tree.h"

/* Units by id: 1 TINH-UY, 2 BTC, 3 SO-A, 4 SO-B, 5 TRUONG, 6 TRUONG-QL, 7 PHONG-A1. */
enum { TINH_UY = 1, BTC, SO_A, SO_B, TRUONG, TRUONG_QL, PHONG_A1 };

static const struct mtr_scope *scope_of(struct world *w, uint32_t principal_id)
{
	struct mtr_txn txn;
	const struct mtr_scope *scope;

	mtr_txn_begin_read(&txn, w->store);
	scope = mtr_scope_of(&txn, w->messages, mtr_read_principal(&txn, w->messages, principal_id));
	mtr_txn_abort(&txn);
	assert_non_null(scope);
	for (size_t i = 1; i < scope->count; i++)
		assert_true(mtr_home_compare(scope->homes[i - 1], scope->homes[i]) < 0);
	return scope;
}

static bool has(const struct mtr_scope *scope, struct mtr_home home)
{
	for (size_t i = 0; i < scope->count; i++)
		if (mtr_home_compare(scope->homes[i], home) == 0)
			return true;
	return false;
}

/* Parts of SO-A, PHONG-A1 and SO-B in programme 1, a class of it. */
static void fill(struct world *w)
{
	Mtr__OpenClass *class = NEW(w, open_class);

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	expect_done(allocate(w, "CAO-CAP", "PHONG-A1", 1));
	expect_done(allocate(w, "CAO-CAP", "SO-B", 1));
	class->code = text("LOP-1");
	class->programme_code = text("CAO-CAP");
	class->provider_unit_code = text("TRUONG");
	class->student_manager_unit_code = text("TRUONG-QL");
	class->opens_on = 20200401;
	class->capacity = 10;
	class->decision_number = text("1-QĐ");
	expect_done(SEND(w, ORGANISER, OPEN_CLASS, class));
}

static void a_nominator_reads_its_subtree(void **state)
{
	struct world *w = *state;
	const struct mtr_scope *scope;

	fill(w);
	scope = scope_of(w, CLERK_A);
	assert_int_equal(scope->count, 5);
	assert_true(has(scope, mtr_home_public()));
	assert_true(has(scope, mtr_home_people(SO_A)));
	assert_true(has(scope, mtr_home_people(PHONG_A1)));
	assert_true(has(scope, mtr_home_part(1, SO_A)));
	assert_true(has(scope, mtr_home_part(1, PHONG_A1)));
	scope = scope_of(w, CLERK_A1);
	assert_int_equal(scope->count, 3);
	assert_false(has(scope, mtr_home_part(1, SO_A)));
}

static void an_approver_also_reads_the_decisions(void **state)
{
	struct world *w = *state;
	const struct mtr_scope *scope;

	fill(w);
	scope = scope_of(w, APPROVER_A);
	assert_int_equal(scope->count, 6);
	assert_true(has(scope, mtr_home_programme(1)));
	assert_true(has(scope, mtr_home_part(1, SO_A)));
	assert_false(has(scope, mtr_home_part(1, SO_B)));
}

static void an_organiser_reads_its_programmes(void **state)
{
	struct world *w = *state;
	const struct mtr_scope *scope;

	fill(w);
	scope = scope_of(w, ORGANISER);
	assert_int_equal(scope->count, 1 + 7 + 3 + 1 + 1);
	assert_true(has(scope, mtr_home_people(TINH_UY)));
	assert_true(has(scope, mtr_home_part(1, SO_B)));
	assert_true(has(scope, mtr_home_programme(1)));
	assert_true(has(scope, mtr_home_class(1)));
	scope = scope_of(w, OUTSIDER);
	assert_int_equal(scope->count, 2);
	assert_true(has(scope, mtr_home_people(SO_B)));
}

static void a_school_reads_its_classes(void **state)
{
	struct world *w = *state;
	const struct mtr_scope *scope;

	fill(w);
	scope = scope_of(w, SCHOOL);
	assert_int_equal(scope->count, 2);
	assert_true(has(scope, mtr_home_class(1)));
	assert_true(has(scope_of(w, MANAGER), mtr_home_class(1)));
}

static void the_auditor_reads_everything_and_the_operator_the_keys(void **state)
{
	struct world *w = *state;
	const struct mtr_scope *scope = scope_of(w, OPERATOR);

	assert_true(scope_of(w, AUDITOR)->everything);
	assert_int_equal(scope->count, 2);
	assert_true(has(scope, mtr_home_principals()));
	assert_true(has(scope, mtr_home_public()));
}

static bool within(struct world *w, uint32_t unit_id, uint32_t root_id)
{
	struct mtr_txn txn;
	bool out;

	mtr_txn_begin_read(&txn, w->store);
	out = mtr_unit_within(&txn, w->messages, unit_id, root_id);
	mtr_txn_abort(&txn);
	return out;
}

static void a_subtree_follows_both_routes_and_mergers(void **state)
{
	struct world *w = *state;
	Mtr__PutUnit *body = unit(w, "PHONG-A1", "SO-A");
	Mtr__DissolveUnit *merger = NEW(w, dissolve_unit);

	assert_true(within(w, PHONG_A1, TINH_UY));
	assert_true(within(w, SO_A, SO_A));
	assert_false(within(w, SO_A, PHONG_A1));
	assert_false(within(w, PHONG_A1, SO_B));
	assert_false(within(w, 99, TINH_UY));
	body->party_parent_code = text("SO-B");
	expect_done(SEND(w, OPERATOR, PUT_UNIT, body));
	assert_true(within(w, PHONG_A1, SO_B));
	assert_true(within(w, PHONG_A1, SO_A));
	assert_true(has(scope_of(w, CLERK_B), mtr_home_people(PHONG_A1)));
	merger->code = text("PHONG-A1");
	merger->successor_code = text("TRUONG");
	expect_done(SEND(w, OPERATOR, DISSOLVE_UNIT, merger));
	assert_true(within(w, PHONG_A1, TRUONG));
	assert_false(within(w, PHONG_A1, SO_A));
	assert_false(within(w, PHONG_A1, SO_B));
	assert_false(has(scope_of(w, CLERK_B), mtr_home_people(PHONG_A1)));
	assert_false(has(scope_of(w, CLERK_A), mtr_home_people(PHONG_A1)));
	assert_true(has(scope_of(w, CLERK_A1), mtr_home_people(PHONG_A1)));
}

/* More than the register remembers of one decision. */
static void a_subtree_may_be_wide(void **state)
{
	struct world *w = *state;
	const struct mtr_scope *scope;
	char code[16];

	for (int i = 0; i < 120; i++) {
		snprintf(code, sizeof code, "XA-%d", i);
		expect_done(SEND(w, OPERATOR, PUT_UNIT, unit(w, code, i < 60 ? "SO-A" : "PHONG-A1")));
	}
	scope = scope_of(w, CLERK_A);
	assert_int_equal(scope->count, 1 + 2 + 120);
	assert_int_equal(scope_of(w, CLERK_A1)->count, 1 + 1 + 60);
	assert_true(within(w, 127, SO_A));
	expect_done(SEND(w, OPERATOR, PUT_UNIT, unit(w, "SO-A", "SO-B")));
	assert_int_equal(scope_of(w, CLERK_B)->count, 1 + 3 + 120);
}

static void an_advising_organ_acts_for_its_parent(void **state)
{
	struct world *w = *state;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, w->store);
	assert_int_equal(mtr_acting_root(&txn, w->messages, BTC), TINH_UY);
	assert_int_equal(mtr_acting_root(&txn, w->messages, SO_B), SO_B);
	assert_int_equal(mtr_acting_root(&txn, w->messages, TINH_UY), TINH_UY);
	mtr_txn_abort(&txn);
}

/* Holds titles (by id) in units; the body that manages. */
static uint32_t managing_body(struct world *w, uint32_t unit_id, size_t count, const uint32_t held[][2])
{
	Mtr__Person person;
	Mtr__HeldTitle rows[4], *list[4];
	struct mtr_candidate candidate;
	struct mtr_view view;
	struct mtr_txn txn;
	uint32_t out;

	mtr__person__init(&person);
	person.unit_id = unit_id;
	person.n_held = count;
	person.held = list;
	for (size_t i = 0; i < count; i++) {
		mtr__held_title__init(&rows[i]);
		rows[i].title_id = held[i][0];
		rows[i].unit_id = held[i][1];
		list[i] = &rows[i];
	}
	mtr_txn_begin_read(&txn, w->store);
	mtr_view_init(&view, &txn, w->messages);
	assert_true(mtr_candidate_load(&view, &person, 20200225, &candidate));
	out = mtr_managing_body(&view, &candidate);
	mtr_txn_abort(&txn);
	return out;
}

static void the_highest_manager_of_all_titles_decides(void **state)
{
	struct world *w = *state;
	Mtr__PutTitle *named = title(w, "X-A1", 2, 0), *by_b = title(w, "X-B", 2, 0);
	const uint32_t in_a1[][2] = {{1, PHONG_A1}}, in_b[][2] = {{1, SO_B}};
	const uint32_t two[][2] = {{1, PHONG_A1}, {1, SO_B}};
	const uint32_t named_a1[][2] = {{5, SO_B}}, equal[][2] = {{6, SO_A}, {1, PHONG_A1}};
	const uint32_t deeper[][2] = {{5, SO_B}, {6, SO_A}};

	named->managing_unit_code = text("PHONG-A1");
	by_b->managing_unit_code = text("SO-B");
	expect_done(SEND(w, ORGANISER, PUT_TITLE, named));
	expect_done(SEND(w, ORGANISER, PUT_TITLE, by_b));
	assert_int_equal(managing_body(w, PHONG_A1, 0, NULL), SO_A);
	assert_int_equal(managing_body(w, SO_B, 0, NULL), TINH_UY);
	assert_int_equal(managing_body(w, SO_B, 1, in_a1), SO_A);
	assert_int_equal(managing_body(w, SO_A, 1, in_b), TINH_UY);
	assert_int_equal(managing_body(w, PHONG_A1, 2, two), TINH_UY);
	assert_int_equal(managing_body(w, SO_B, 1, named_a1), PHONG_A1);
	assert_int_equal(managing_body(w, SO_B, 2, equal), SO_A);
	assert_int_equal(managing_body(w, SO_B, 2, deeper), SO_B);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_nominator_reads_its_subtree),
		WORLD_TEST(an_approver_also_reads_the_decisions),
		WORLD_TEST(an_organiser_reads_its_programmes),
		WORLD_TEST(a_school_reads_its_classes),
		WORLD_TEST(the_auditor_reads_everything_and_the_operator_the_keys),
		WORLD_TEST(a_subtree_follows_both_routes_and_mergers),
		WORLD_TEST(a_subtree_may_be_wide),
		WORLD_TEST(an_advising_organ_acts_for_its_parent),
		WORLD_TEST(the_highest_manager_of_all_titles_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
