#include "world.h"

#include "register/rules/lifecycle.h"

/* docs/nomination.md's diagram, read as it stands there. */
static size_t diagram_rows(char rows[64][3][48])
{
	FILE *file = fopen(MTR_SOURCE_DIR "/docs/nomination.md", "r");
	char line[256];
	size_t count = 0;

	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		if (sscanf(line, " %47s --> %47[^:]: %47[^\n]", rows[count][0], rows[count][1], rows[count][2]) == 3 &&
		    strcmp(rows[count][0], "[*]") != 0)
			count++;
	fclose(file);
	return count;
}

static const char *short_name(Mtr__State state)
{
	return mtr_enum_name(&mtr__state__descriptor, (int)state) + strlen("STATE_");
}

static void the_table_is_the_diagram(void **state)
{
	char rows[64][3][48];
	size_t diagram = diagram_rows(rows), table;
	const struct mtr_transition *transitions = mtr_transitions(&table);

	(void)state;
	assert_int_equal(diagram, table);
	for (size_t i = 0; i < table; i++) {
		bool found = false;

		for (size_t j = 0; j < diagram; j++)
			found |= strcmp(rows[j][0], short_name(transitions[i].from)) == 0 &&
				 strcmp(rows[j][1], short_name(transitions[i].to)) == 0 &&
				 strcmp(rows[j][2], mtr_step_name(transitions[i].step)) == 0;
		if (!found)
			fail_msg("%s --> %s: %s", short_name(transitions[i].from), short_name(transitions[i].to),
				 mtr_step_name(transitions[i].step));
	}
}

static void every_step_has_a_name_and_a_place(void **state)
{
	(void)state;
	for (enum mtr_step step = 0; step < MTR_STEPS; step++) {
		bool used = false;

		assert_non_null(mtr_step_name(step));
		for (unsigned from = 1; from <= STATE(DEFIED); from++)
			used |= mtr_state_after((Mtr__State)from, step) != STATE(UNSPECIFIED);
		assert_true(used);
	}
}

static void only_what_leads_nowhere_is_final(void **state)
{
	(void)state;
	assert_false(mtr_state_final(STATE(SEATED)));
	assert_false(mtr_state_final(STATE(WAITING)));
	assert_false(mtr_state_final(STATE(ENROLLED)));
	assert_true(mtr_state_final(STATE(COMPLETED)));
	assert_true(mtr_state_final(STATE(WITHDRAWN)));
	assert_true(mtr_state_final(STATE(DEFIED)));
}

/* Of a withdrawn nomination no command can make anything. */
static void a_step_that_is_not_in_the_table_is_refused_by_name(void **state)
{
	struct world *w = *state;
	const Mtr__Answer *answer;

	expect_done(allocate(w, "CAO-CAP", "SO-A", 1));
	nominate(w, CLERK_A, "SO-A", AUDIENCE);
	expect_ack(withdraw(w, CLERK_A, 1, ""));
	answer = withdraw(w, CLERK_A, 1, "");
	ERROR(answer, TRANSITION_REFUSED, "withdraw.nomination_id");
	assert_string_equal(answer->error->found, "STATE_WITHDRAWN");
	assert_string_equal(answer->error->wanted, "withdraw");
	assert_int_equal(answer->error->number, STATE(WITHDRAWN));
	answer = vet(w, 1, false, "x");
	ERROR(answer, TRANSITION_REFUSED, "vet.nomination_id");
	assert_string_equal(answer->error->wanted, "vet not eligible");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_the_diagram),
		cmocka_unit_test(every_step_has_a_name_and_a_place),
		cmocka_unit_test(only_what_leads_nowhere_is_final),
		WORLD_TEST(a_step_that_is_not_in_the_table_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
