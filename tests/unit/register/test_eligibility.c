#include "world.h"

/* One programme with one condition; each call changes it and proposes anew. */
struct trial {
	struct world *w;
	Mtr__PutProgramme *programme;
	Mtr__Condition *condition;
	Mtr__PutProgramme__PutCondition *titles;
	Mtr__PutPerson *body;
};

static struct trial trial(struct world *w, Mtr__ConditionKind kind)
{
	struct trial t = {.w = w, .programme = programme(w, "CAO-CAP")};

	t.condition = NEW(w, condition);
	t.condition->kind = kind;
	t.condition->instrument = text("2893-CV/BTCTU");
	t.programme->programme->n_conditions = 1;
	t.programme->programme->conditions = list_of(w, 1, t.condition);
	t.titles = NEW(w, put_programme__put_condition);
	t.programme->title_values = list_of(w, 1, t.titles);
	t.body = person(w, "Phạm Thị Dung", "SO-A");
	return t;
}
#define TRIAL(w, name) trial(w, MTR__CONDITION_KIND__CONDITION_KIND_##name)

static void value_titles(struct trial *t, const char *code)
{
	t->programme->n_title_values = 1;
	t->titles->n_value_codes = 1;
	t->titles->value_codes = list_of(t->w, 1, code);
}

static const Mtr__Answer *attempt(struct trial *t)
{
	struct world *w = t->w;

	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, t->programme));
	t->body->person->id = 0;
	return SEND(w, CLERK_A, PROPOSE, proposal(w, "CAO-CAP", put_person(w, CLERK_A, t->body)));
}

static void passes(struct trial *t)
{
	expect_ack(attempt(t));
}

static void fails(struct trial *t, const char *field, const char *found, const char *wanted)
{
	const Mtr__Answer *answer = attempt(t);
	const Mtr__Finding *finding;

	ERROR(answer, NOT_ELIGIBLE, "propose.person");
	assert_int_equal(answer->error->n_findings, 1);
	finding = answer->error->findings[0];
	assert_int_equal(finding->condition, t->condition->kind);
	assert_string_equal(finding->field, field);
	assert_string_equal(finding->found, found);
	assert_string_equal(finding->wanted, wanted);
	assert_string_equal(finding->instrument, "2893-CV/BTCTU");
}

static void age_by_year_of_birth(void **state)
{
	struct trial t = TRIAL(*state, AGE);

	t.condition->maximum = 39;
	t.body->person->birth = 19811231;
	passes(&t);
	t.body->person->birth = 19800101;
	fails(&t, "birth", "40", "..39");
	t.condition->minimum = 38;
	t.body->person->birth = 19830000;
	fails(&t, "birth", "37", "38..39");
}

static void age_at_a_date(void **state)
{
	struct trial t = TRIAL(*state, AGE);

	t.condition->maximum = 39;
	t.condition->age_at_date = true;
	t.body->person->birth = 19800226;
	passes(&t);
	t.body->person->birth = 19800225;
	fails(&t, "birth", "40", "..39");
	t.condition->age_date = 20200224;
	passes(&t);
	t.condition->age_date = 20211231;
	fails(&t, "birth", "41", "..39");
	t.condition->age_at_date = false;
	t.condition->age_date = 20190101;
	passes(&t);
}

static void age_with_a_signed_offset_for_listed_titles(void **state)
{
	struct trial t = TRIAL(*state, AGE);

	t.condition->minimum = 40;
	t.condition->minimum_offset = -5;
	t.condition->maximum = 50;
	t.condition->maximum_offset = -5;
	t.programme->n_title_values = 1;
	t.titles->n_offset_codes = 1;
	t.titles->offset_codes = list_of(t.w, 1, "TP");
	t.body->person->birth = 19850000;
	hold(t.w, t.body, "PTP", "");
	fails(&t, "birth", "35", "40..50");
	hold(t.w, t.body, "TP", "");
	passes(&t);
	t.body->person->birth = 19740000;
	fails(&t, "birth", "46", "35..45");
	hold(t.w, t.body, "PTP", "");
	passes(&t);
	t.condition->maximum = 4;
	t.condition->minimum = 0;
	hold(t.w, t.body, "TP", "");
	fails(&t, "birth", "46", "..-1");
}

static void men_from_forty_or_women_from_thirty_eight(void **state)
{
	struct trial t = TRIAL(*state, AGE);
	Mtr__Condition *women = NEW(t.w, condition);

	t.condition->sex = MTR__SEX__SEX_MALE;
	t.condition->minimum = 40;
	women->kind = t.condition->kind;
	women->instrument = t.condition->instrument;
	women->sex = MTR__SEX__SEX_FEMALE;
	women->minimum = 38;
	t.programme->programme->n_conditions = 2;
	t.programme->programme->conditions = list_of(t.w, 2, t.condition, women);
	t.body->person->birth = 19810000;
	fails(&t, "birth", "39", "40..");
	t.body->person->sex = MTR__SEX__SEX_FEMALE;
	passes(&t);
	t.body->person->birth = 19830000;
	fails(&t, "birth", "37", "38..");
}

static void a_rule_counts_while_it_is_valid(void **state)
{
	struct trial t = TRIAL(*state, DOCUMENTS);

	t.condition->valid_from = 20200226;
	passes(&t);
	t.condition->valid_from = 20200225;
	fails(&t, "documents_complete", "false", "true");
	t.condition->valid_until = 20200225;
	fails(&t, "documents_complete", "false", "true");
	t.condition->valid_from = 20200101;
	t.condition->valid_until = 20200224;
	passes(&t);
	t.condition->valid_until = 0;
	t.body->person->documents_complete = true;
	passes(&t);
}

static void party_membership_and_degree(void **state)
{
	struct trial t = TRIAL(*state, PARTY_MEMBERSHIP);

	t.condition->minimum = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL;
	t.body->person->party = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_PROBATIONARY;
	fails(&t, "party", "PARTY_MEMBERSHIP_PROBATIONARY", "PARTY_MEMBERSHIP_FULL..");
	t.body->person->party = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL;
	passes(&t);
	t = TRIAL(*state, DEGREE);
	t.condition->minimum = MTR__DEGREE__DEGREE_BACHELOR;
	t.body->person->degree = MTR__DEGREE__DEGREE_COLLEGE;
	fails(&t, "degree", "DEGREE_COLLEGE", "DEGREE_BACHELOR..");
	t.body->person->degree = MTR__DEGREE__DEGREE_MASTER;
	passes(&t);
}

static void standard_and_equivalence(void **state)
{
	struct trial t = TRIAL(*state, STANDARD);

	t.condition->standard = standard(t.w, MTR__SCHEME__SCHEME_THEORY, 2);
	fails(&t, "attained", "", "SCHEME_THEORY:2");
	t.body->person->n_attained = 1;
	t.body->person->attained = list_of(t.w, 1, standard(t.w, MTR__SCHEME__SCHEME_THEORY, 1));
	fails(&t, "attained", "SCHEME_THEORY:1", "SCHEME_THEORY:2");
	t.body->person->attained[0]->number = 2;
	passes(&t);
	t = TRIAL(*state, THEORY_EQUIVALENCE);
	fails(&t, "theory_equivalence", "false", "true");
	t.body->person->theory_equivalence = true;
	passes(&t);
}

static void category_service_and_discipline(void **state)
{
	struct trial t = TRIAL(*state, CATEGORY);
	uint32_t values[] = {MTR__CATEGORY__CATEGORY_OFFICIAL, MTR__CATEGORY__CATEGORY_CIVIL_SERVANT};

	t.condition->values = values;
	t.condition->n_values = 2;
	t.body->person->category = MTR__CATEGORY__CATEGORY_ENTERPRISE;
	fails(&t, "category", "CATEGORY_ENTERPRISE", "CATEGORY_OFFICIAL,CATEGORY_CIVIL_SERVANT");
	t.body->person->category = MTR__CATEGORY__CATEGORY_CIVIL_SERVANT;
	passes(&t);
	t = TRIAL(*state, SERVICE_YEARS);
	t.condition->minimum = 5;
	fails(&t, "service_since", "", "5..");
	t.body->person->service_since = 20150226;
	fails(&t, "service_since", "4", "5..");
	t.body->person->service_since = 20150225;
	passes(&t);
	t = TRIAL(*state, NO_DISCIPLINE);
	t.body->person->discipline_until = 20200225;
	fails(&t, "discipline_until", "2020-02-25", "");
	t.body->person->discipline_until = 20200224;
	passes(&t);
}

static void ratings_of_the_last_two_years(void **state)
{
	struct trial t = TRIAL(*state, RATING);
	Mtr__Rating *ratings[2] = {NEW(t.w, rating), NEW(t.w, rating)};

	t.condition->minimum = MTR__GRADE__GRADE_GOOD;
	fails(&t, "ratings", "2018:,2019:", "GRADE_GOOD..");
	t.body->person->ratings = ratings;
	t.body->person->n_ratings = 2;
	ratings[0]->year = 2019;
	ratings[0]->grade = MTR__GRADE__GRADE_EXCELLENT;
	ratings[1]->year = 2018;
	ratings[1]->grade = MTR__GRADE__GRADE_COMPLETED;
	fails(&t, "ratings", "2018:GRADE_COMPLETED,2019:GRADE_EXCELLENT", "GRADE_GOOD..");
	ratings[1]->grade = MTR__GRADE__GRADE_GOOD;
	passes(&t);
	ratings[1]->year = 2017;
	fails(&t, "ratings", "2018:,2019:GRADE_EXCELLENT", "GRADE_GOOD..");
}

static void audience_and_its_opposite(void **state)
{
	struct trial t = TRIAL(*state, AUDIENCE);

	value_titles(&t, "PGD");
	hold(t.w, t.body, "TP", "");
	plan_for(t.w, t.body, "PGD", 2015, 2019);
	fails(&t, "held", "TP", "PGD");
	plan_for(t.w, t.body, "GD", 2015, 2020);
	fails(&t, "held", "TP,GD", "PGD");
	plan_for(t.w, t.body, "PGD", 2015, 2020);
	passes(&t);
	t.body->n_planned = 0;
	hold(t.w, t.body, "PGD", "");
	passes(&t);
	t = TRIAL(*state, NOT_TITLE);
	value_titles(&t, "PGD");
	hold(t.w, t.body, "PGD", "");
	fails(&t, "held", "PGD", "PGD");
	hold(t.w, t.body, "TP", "");
	plan_for(t.w, t.body, "PGD", 2015, 2020);
	passes(&t);
}

static void every_rule_that_fails_is_named(void **state)
{
	struct trial t = TRIAL(*state, DOCUMENTS);
	Mtr__Condition *other = NEW(t.w, condition);
	const Mtr__Answer *answer;

	other->kind = MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE;
	t.programme->programme->n_conditions = 2;
	t.programme->programme->conditions = list_of(t.w, 2, t.condition, other);
	answer = attempt(&t);
	ERROR(answer, NOT_ELIGIBLE, "propose.person");
	assert_int_equal(answer->error->n_findings, 2);
	assert_int_equal(answer->error->findings[0]->condition, MTR__CONDITION_KIND__CONDITION_KIND_DOCUMENTS);
	assert_int_equal(answer->error->findings[1]->condition, MTR__CONDITION_KIND__CONDITION_KIND_THEORY_EQUIVALENCE);
}

static void a_finding_lists_as_many_titles_as_a_condition_may_have(void **state)
{
	struct trial t = TRIAL(*state, AUDIENCE);
	char codes[128][8], *list[128];
	const char *wanted;

	for (size_t i = 0; i < 128; i++) {
		snprintf(codes[i], sizeof codes[i], "T-%03zu", i);
		list[i] = codes[i];
		expect_done(SEND(t.w, ORGANISER, PUT_TITLE, title(t.w, codes[i], 1, 0)));
	}
	t.programme->n_title_values = 1;
	t.titles->n_value_codes = 128;
	t.titles->value_codes = list;
	wanted = attempt(&t)->error->findings[0]->wanted;
	assert_int_equal(strlen(wanted), 128 * 6 - 1);
	assert_memory_equal(wanted, "T-000,T-001,", 12);
	assert_string_equal(wanted + 127 * 6, "T-127");
}

static void a_condition_makes_sense(void **state)
{
	struct world *w = *state;
	struct trial t = TRIAL(w, AGE);
	uint32_t value = 99;
	static const Mtr__ConditionKind with_minimum[] = {
		MTR__CONDITION_KIND__CONDITION_KIND_AGE,           MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP,
		MTR__CONDITION_KIND__CONDITION_KIND_DEGREE,        MTR__CONDITION_KIND__CONDITION_KIND_RATING,
		MTR__CONDITION_KIND__CONDITION_KIND_SERVICE_YEARS,
	};
#define REFUSED(code, field)                                                                                           \
	ERROR(SEND(w, ORGANISER, PUT_PROGRAMME, t.programme), code, "put_programme.programme.conditions.0." field)

	for (size_t i = 0; i < sizeof with_minimum / sizeof *with_minimum; i++) {
		t.condition->kind = with_minimum[i];
		REFUSED(FIELD_MISSING, "minimum");
	}
	t.condition->kind = MTR__CONDITION_KIND__CONDITION_KIND_DEGREE;
	t.condition->minimum = 6;
	REFUSED(FIELD_VALUE, "minimum");
	t.condition->kind = MTR__CONDITION_KIND__CONDITION_KIND_AGE;
	t.condition->maximum = 5;
	REFUSED(FIELD_RANGE, "maximum");
	t.condition->maximum_offset = -101;
	REFUSED(FIELD_RANGE, "maximum_offset");
	t.condition->maximum_offset = 0;
	t.condition->kind = MTR__CONDITION_KIND__CONDITION_KIND_STANDARD;
	REFUSED(FIELD_MISSING, "standard");
	t.condition->kind = MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY;
	REFUSED(FIELD_MISSING, "values");
	t.condition->values = &value;
	t.condition->n_values = 1;
	REFUSED(FIELD_VALUE, "values.0");
	t.condition->valid_from = 20200102;
	t.condition->valid_until = 20200101;
	REFUSED(FIELD_RANGE, "valid_until");
	t.condition->kind = (Mtr__ConditionKind)40;
	REFUSED(FIELD_VALUE, "kind");
	t.condition->kind = MTR__CONDITION_KIND__CONDITION_KIND_UNSPECIFIED;
	REFUSED(FIELD_MISSING, "kind");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(age_by_year_of_birth),
		WORLD_TEST(age_at_a_date),
		WORLD_TEST(age_with_a_signed_offset_for_listed_titles),
		WORLD_TEST(men_from_forty_or_women_from_thirty_eight),
		WORLD_TEST(a_rule_counts_while_it_is_valid),
		WORLD_TEST(party_membership_and_degree),
		WORLD_TEST(standard_and_equivalence),
		WORLD_TEST(category_service_and_discipline),
		WORLD_TEST(ratings_of_the_last_two_years),
		WORLD_TEST(audience_and_its_opposite),
		WORLD_TEST(every_rule_that_fails_is_named),
		WORLD_TEST(a_finding_lists_as_many_titles_as_a_condition_may_have),
		WORLD_TEST(a_condition_makes_sense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
