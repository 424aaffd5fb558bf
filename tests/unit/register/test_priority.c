#include "world.h"

#include "register/rules/priority.h"

/* Titles of 103-KH/TU's examples: ranks of deputy head, head, deputy director, director. */
struct ladder {
	struct mtr_arena *arena;
	Mtr__Title titles[4];
	Mtr__Standard theory[4]; /* of number 1 to 3 at their index */
	Mtr__Standard *supplied[1], *demanded[1], *attained[1];
	Mtr__Programme programme;
	Mtr__Person person;
	Mtr__HeldTitle held, *held_list[1];
	Mtr__PlannedTitle planned[2], *planned_list[2];
};
enum { PTP, TP, PGD, GD };

static int ladder_setup(void **state)
{
	struct ladder *l = calloc(1, sizeof *l);

	assert_non_null(l);
	l->arena = mtr_arena_new(1u << 20);
	mtr__programme__init(&l->programme);
	mtr__person__init(&l->person);
	for (uint32_t i = 0; i < 4; i++) {
		mtr__standard__init(&l->theory[i]);
		l->theory[i].scheme = MTR__SCHEME__SCHEME_THEORY;
		l->theory[i].number = i;
		mtr__title__init(&l->titles[i]);
		l->titles[i].id = i + 1;
		l->titles[i].rank = i + 1;
	}
	l->supplied[0] = &l->theory[3];
	l->programme.supplies = l->supplied;
	l->programme.n_supplies = 1;
	l->demanded[0] = &l->theory[3];
	l->person.held = l->held_list;
	l->person.planned = l->planned_list;
	l->held_list[0] = &l->held;
	l->planned_list[0] = &l->planned[0];
	l->planned_list[1] = &l->planned[1];
	mtr__held_title__init(&l->held);
	mtr__planned_title__init(&l->planned[0]);
	mtr__planned_title__init(&l->planned[1]);
	*state = l;
	return 0;
}

static int ladder_teardown(void **state)
{
	struct ladder *l = *state;

	mtr_arena_free(&l->arena);
	free(l);
	return 0;
}

/* Holds one title (or none: -1), is planned for up to two until 2025. */
static struct mtr_candidate candidate(struct ladder *l, int held, int planned, int also_planned)
{
	struct mtr_candidate out = {.person = &l->person, .day = 20200225};

	l->person.n_held = held >= 0 ? 1 : 0;
	l->person.n_planned = (planned >= 0 ? 1u : 0u) + (also_planned >= 0 ? 1u : 0u);
	if (held >= 0)
		out.held[0] = &l->titles[held];
	if (planned >= 0)
		out.planned[0] = &l->titles[planned];
	if (also_planned >= 0)
		out.planned[1] = &l->titles[also_planned];
	l->planned[0].term_from = l->planned[1].term_from = 2020;
	l->planned[0].term_to = l->planned[1].term_to = 2025;
	return out;
}

static struct mtr_priority priority(struct ladder *l, const struct mtr_candidate *candidate)
{
	struct mtr_priority out;

	assert_true(mtr_priority_of(l->arena, &l->programme, candidate, &out));
	return out;
}

static void a_head_of_division_planned_as_deputy_director_is_a_successor(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, TP, PGD, -1);
	struct mtr_priority p = priority(l, &c);

	assert_int_equal(p.group, SUCCESSOR);
	assert_int_equal(p.basis_count, 1);
	assert_int_equal(p.bases[0]->title_id, PGD + 1);
	assert_int_equal(p.bases[0]->ranks_below, 1);
	assert_int_equal(p.bases[0]->term_from, 2020);
	assert_int_equal(p.bases[0]->term_to, 2025);
}

static void a_deputy_head_planned_as_deputy_director_or_director_is_a_reserve(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, PTP, PGD, GD);
	struct mtr_priority p = priority(l, &c);

	assert_int_equal(p.group, RESERVE);
	assert_int_equal(p.basis_count, 2);
	assert_int_equal(p.bases[0]->ranks_below, 2);
	assert_int_equal(p.bases[1]->ranks_below, 3);
}

static void the_best_group_over_all_plans_counts_and_all_are_shown(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, TP, GD, PGD);
	struct mtr_priority p = priority(l, &c);

	assert_int_equal(p.group, SUCCESSOR);
	assert_int_equal(p.basis_count, 2);
	assert_int_equal(p.bases[0]->group, RESERVE);
	assert_int_equal(p.bases[1]->group, SUCCESSOR);
}

static void an_incumbent_lacks_what_the_programme_supplies(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, PGD, GD, -1);
	struct mtr_priority p;

	l->titles[PGD].standards = l->demanded;
	l->titles[PGD].n_standards = 1;
	p = priority(l, &c);
	assert_int_equal(p.group, INCUMBENT);
	assert_int_equal(p.basis_count, 2);
	assert_int_equal(p.bases[0]->lacking->scheme, MTR__SCHEME__SCHEME_THEORY);
	assert_int_equal(p.bases[0]->lacking->number, 3);
	l->attained[0] = &l->theory[2];
	l->person.attained = l->attained;
	l->person.n_attained = 1;
	assert_int_equal(priority(l, &c).group, INCUMBENT);
	l->attained[0] = &l->theory[3];
	assert_int_equal(priority(l, &c).group, SUCCESSOR);
	l->person.n_attained = 0;
	l->supplied[0] = &l->theory[2];
	assert_int_equal(priority(l, &c).group, SUCCESSOR);
	l->demanded[0] = &l->theory[1];
	assert_int_equal(priority(l, &c).group, INCUMBENT);
}

static void an_exact_scale_is_covered_by_its_own_number_only(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, PGD, -1, -1);

	l->titles[PGD].standards = l->demanded;
	l->titles[PGD].n_standards = 1;
	l->theory[2].scheme = l->theory[3].scheme = MTR__SCHEME__SCHEME_REFRESHER_TIER;
	l->demanded[0] = &l->theory[2];
	assert_int_equal(priority(l, &c).group, AUDIENCE);
	l->supplied[0] = &l->theory[2];
	assert_int_equal(priority(l, &c).group, INCUMBENT);
	l->attained[0] = &l->theory[3];
	l->person.attained = l->attained;
	l->person.n_attained = 1;
	assert_int_equal(priority(l, &c).group, INCUMBENT);
}

static void an_expired_or_lower_plan_does_not_count(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, TP, PGD, -1);

	l->planned[0].term_to = 2019;
	assert_int_equal(priority(l, &c).group, AUDIENCE);
	assert_int_equal(priority(l, &c).basis_count, 0);
	l->planned[0].term_to = 2020;
	assert_int_equal(priority(l, &c).group, SUCCESSOR);
	c = candidate(l, GD, PGD, -1);
	assert_int_equal(priority(l, &c).group, AUDIENCE);
	c = candidate(l, GD, GD, -1);
	assert_int_equal(priority(l, &c).group, AUDIENCE);
}

static void one_without_a_title_starts_from_rank_zero(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, -1, PTP, -1);

	assert_int_equal(priority(l, &c).group, SUCCESSOR);
	c = candidate(l, -1, TP, -1);
	assert_int_equal(priority(l, &c).group, RESERVE);
	c = candidate(l, -1, -1, -1);
	assert_int_equal(priority(l, &c).group, AUDIENCE);
}

/* The rank key of a person under one tie-break. */
static void key_of(struct ladder *l, Mtr__TieBreak kind, uint8_t ret_key[MTR_RANK_KEY_BYTES])
{
	struct mtr_candidate c = candidate(l, TP, -1, -1);

	l->programme.tie_breaks = &kind;
	l->programme.n_tie_breaks = 1;
	mtr_rank_key(&l->programme, &c, AUDIENCE, 1, 1, ret_key);
}

static void expect_before(const uint8_t *x, const uint8_t *y)
{
	assert_true(memcmp(x, y, MTR_RANK_KEY_BYTES) < 0);
}

static void tie_breaks_order_people_of_one_group(void **state)
{
	struct ladder *l = *state;
	uint8_t first[MTR_RANK_KEY_BYTES], second[MTR_RANK_KEY_BYTES];
	Mtr__Rating ratings[2] = {MTR__RATING__INIT, MTR__RATING__INIT}, *list[] = {&ratings[0], &ratings[1]};
	static const struct {
		Mtr__TieBreak kind;
		size_t field;
	} dates[] = {
		{MTR__TIE_BREAK__TIE_BREAK_OLDER, offsetof(Mtr__Person, birth)},
		{MTR__TIE_BREAK__TIE_BREAK_LONGER_SERVICE, offsetof(Mtr__Person, service_since)},
		{MTR__TIE_BREAK__TIE_BREAK_PARTY_SENIORITY, offsetof(Mtr__Person, party_since)},
	};

	for (size_t i = 0; i < 3; i++) {
		uint32_t *date = (uint32_t *)(void *)((char *)&l->person + dates[i].field);

		*date = 19790000;
		key_of(l, dates[i].kind, first);
		*date = 19800101;
		key_of(l, dates[i].kind, second);
		expect_before(first, second);
		*date = 0;
		key_of(l, dates[i].kind, first);
		expect_before(second, first);
	}
	l->person.ratings = list;
	l->person.n_ratings = 2;
	ratings[0].year = 2019;
	ratings[0].grade = MTR__GRADE__GRADE_EXCELLENT;
	ratings[1].year = 2018;
	ratings[1].grade = MTR__GRADE__GRADE_COMPLETED;
	key_of(l, MTR__TIE_BREAK__TIE_BREAK_BETTER_RATING, first);
	ratings[1].year = 2020;
	key_of(l, MTR__TIE_BREAK__TIE_BREAK_BETTER_RATING, second);
	expect_before(first, second);
	l->titles[TP].rank = 9;
	key_of(l, MTR__TIE_BREAK__TIE_BREAK_HIGHER_TITLE, first);
	l->titles[TP].rank = 8;
	key_of(l, MTR__TIE_BREAK__TIE_BREAK_HIGHER_TITLE, second);
	expect_before(first, second);
	l->person.sex = MTR__SEX__SEX_FEMALE;
	key_of(l, MTR__TIE_BREAK__TIE_BREAK_WOMEN, first);
	l->person.sex = MTR__SEX__SEX_MALE;
	key_of(l, MTR__TIE_BREAK__TIE_BREAK_WOMEN, second);
	expect_before(first, second);
}

static void the_key_is_group_tie_breaks_unit_order_and_id(void **state)
{
	struct ladder *l = *state;
	struct mtr_candidate c = candidate(l, TP, -1, -1);
	Mtr__TieBreak kinds[] = {MTR__TIE_BREAK__TIE_BREAK_WOMEN, MTR__TIE_BREAK__TIE_BREAK_OLDER};
	uint8_t key[MTR_RANK_KEY_BYTES];
	const uint8_t expected[MTR_RANK_KEY_BYTES] = {3, 0, 0,    0,    1,    0x01, 0x2e, 0x1f, 0xfb, 0, 0, 0, 0, 0, 0,
						      0, 0, 0xff, 0xff, 0xff, 0xff, 0,    0,    0,    0, 0, 0, 1, 2};

	l->person.birth = 19800059;
	l->programme.tie_breaks = kinds;
	l->programme.n_tie_breaks = 2;
	mtr_rank_key(&l->programme, &c, RESERVE, 0, 0x102, key);
	assert_memory_equal(key, expected, sizeof key);
}

#define LADDER_TEST(name) cmocka_unit_test_setup_teardown(name, ladder_setup, ladder_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LADDER_TEST(a_head_of_division_planned_as_deputy_director_is_a_successor),
		LADDER_TEST(a_deputy_head_planned_as_deputy_director_or_director_is_a_reserve),
		LADDER_TEST(the_best_group_over_all_plans_counts_and_all_are_shown),
		LADDER_TEST(an_incumbent_lacks_what_the_programme_supplies),
		LADDER_TEST(an_exact_scale_is_covered_by_its_own_number_only),
		LADDER_TEST(an_expired_or_lower_plan_does_not_count),
		LADDER_TEST(one_without_a_title_starts_from_rank_zero),
		LADDER_TEST(tie_breaks_order_people_of_one_group),
		LADDER_TEST(the_key_is_group_tie_breaks_unit_order_and_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
