#include "unit/reader/world.h"

static size_t classes_of(struct world *world, uint32_t principal_id)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__List list = MTR__LIST__INIT;

	list.type = TYPE(CLASS);
	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = &list;
	const Mtr__Answer *answer = ask(world, principal_id, &query);

	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_PAGE);
	return answer->page->n_rows;
}

static void a_kept_scope_ends_with_its_revision(void **state)
{
	struct world *world = *state;
	const size_t before = classes_of(world, TEACHER);

	assert_int_equal(classes_of(world, TEACHER), before);
	const struct mtr_effect rows[] = {world_class(world->f, 900, "LOP-MOI", SENIOR, SCHOOL)};

	fixture_apply(world->f, rows, 1);
	assert_int_equal(classes_of(world, TEACHER), before + 1);
}

/* Two keys whose scopes lie in the same place. */
static void a_scope_is_nobody_else_s(void **state)
{
	enum { OTHER = TEACHER + 32 };
	struct world *world = *state;
	const struct mtr_effect rows[] = {
		world_principal(world->f, OTHER, MTR__ROLE__ROLE_SCHOOL, OTHER_SCHOOL),
		world_class(world->f, 900, "LOP-MOI", SENIOR, SCHOOL),
	};

	fixture_apply(world->f, rows, 2);
	const size_t of_teacher = classes_of(world, TEACHER), of_other = classes_of(world, OTHER);

	assert_int_not_equal(of_teacher, of_other);
	assert_int_equal(classes_of(world, TEACHER), of_teacher);
	assert_int_equal(classes_of(world, OTHER), of_other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_kept_scope_ends_with_its_revision),
		WORLD_TEST(a_scope_is_nobody_else_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
