/* A class read whole: what comes in part, or changed on the way, isn't taken for the class. */
#include "unit/mirror/served.h"

#define CLASS_ID 1u
#define PEOPLE 80u

struct seen {
	unsigned classes, enrolments, others;
};

static void on_row(void *context, uint32_t type, uint64_t id, const uint8_t *row, size_t size)
{
	struct seen *seen = context;

	assert_true(id && row && size);
	if (type == TYPE(CLASS))
		seen->classes++;
	else if (type == TYPE(ENROLMENT))
		seen->enrolments++;
	else
		seen->others++;
}

static void enrol(struct served *served, uint64_t nomination)
{
	struct fixture *f = served->world->f;
	const struct mtr_effect row = world_enrolment(f, nomination, CLASS_ID, COMMUNE_A);

	fixture_apply(f, &row, 1);
	mtr_arena_reset(f->arena);
}

/* The school's desk, and a class of eighty. */
static struct served *school(void **state)
{
	struct served *served = *state;

	served_become(served, TEACHER, MTR__ROLE__ROLE_SCHOOL, SCHOOL);
	for (unsigned i = 1; i < PEOPLE; i++)
		enrol(served, 1000 + i);
	return served;
}

static int read_class(struct served *served, const char *code, struct seen *ret_seen, size_t *ret_refusal)
{
	const uint8_t *refusal;

	*ret_seen = (struct seen){0};
	*ret_refusal = 0;
	served->pages = 0;
	return mtr_client_read_class(served->desk.client, code, on_row, ret_seen, &refusal, ret_refusal);
}

static void expect_whole(struct served *served, unsigned people, unsigned pages)
{
	struct seen seen;
	size_t refusal;

	assert_int_equal(read_class(served, "LOP-1", &seen, &refusal), 0);
	assert_int_equal(refusal, 0);
	assert_int_equal(seen.classes, 1);
	assert_int_equal(seen.enrolments, people);
	assert_int_equal(seen.others, 0);
	if (pages)
		assert_int_equal(served->pages, pages);
}

static void a_class_is_read_whole(void **state)
{
	struct served *served = school(state);

	for (uint32_t limit = 1; limit < 2 * PEOPLE; limit = 3 * limit + 1) {
		served->limit = limit;
		expect_whole(served, PEOPLE, 0);
	}
	served->limit = 0;
	expect_whole(served, PEOPLE, 1);
}

static void somebody_comes(struct served *served, Mtr__Answer *answer)
{
	(void)answer;
	enrol(served, 5000 + served->pages);
}

static void who_comes_meanwhile_is_on_the_list(void **state)
{
	struct served *served = school(state);

	served->limit = 20;
	served->spoil_page = somebody_comes;
	served->spoil = 2;
	expect_whole(served, PEOPLE + 2, 0);
}

static void lose_a_row(struct served *served, Mtr__Answer *answer)
{
	Mtr__FeedPage *page = answer->page;

	(void)served;
	mtr__feed_row__free_unpacked(page->rows[page->n_rows - 1], NULL);
	page->n_rows--;
}

static void change_a_byte(struct served *served, Mtr__Answer *answer)
{
	ProtobufCBinaryData *row = &answer->page->rows[answer->page->n_rows / 2]->row;

	(void)served;
	row->data[row->len - 1] ^= 1;
}

static void swap_ids(struct served *served, Mtr__Answer *answer)
{
	(void)served;
	answer->page->rows[1]->id += 7000;
}

static void count_one_less(struct served *served, Mtr__Answer *answer)
{
	(void)served;
	answer->page->count--;
}

static void lose_the_proof(struct served *served, Mtr__Answer *answer)
{
	(void)served;
	answer->page->digest.len = 0;
}

/* Once is noticed and made good; twice is said, and nobody gets a row. */
static void what_is_not_the_whole_is_not_taken(void **state)
{
	static void (*const spoils[])(struct served *, Mtr__Answer *) = {lose_a_row, change_a_byte, swap_ids,
									 count_one_less, lose_the_proof};
	struct served *served = school(state);
	struct seen seen;
	size_t refusal;

	for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
		served->spoil_page = spoils[i];
		served->spoil = 1;
		expect_whole(served, PEOPLE, 2);
		served->spoil = 2;
		assert_int_equal(read_class(served, "LOP-1", &seen, &refusal), MTR_CLIENT_CLASS_DIFFERS);
		assert_int_equal(served->pages, 2);
		assert_int_equal(seen.classes + seen.enrolments + seen.others, 0);
	}
}

static void another_schools_class_is_refused(void **state)
{
	struct served *served = school(state);
	struct seen seen;
	size_t refusal;

	assert_int_equal(read_class(served, "LOP-2", &seen, &refusal), 0);
	assert_true(refusal > 0);
	assert_int_equal(read_class(served, "NOWHERE", &seen, &refusal), 0);
	assert_true(refusal > 0);
	assert_int_equal(seen.classes + seen.enrolments, 0);
	assert_int_equal(read_class(served, "", &seen, &refusal), MTR_CLIENT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(a_class_is_read_whole),
		SERVED_TEST(who_comes_meanwhile_is_on_the_list),
		SERVED_TEST(what_is_not_the_whole_is_not_taken),
		SERVED_TEST(another_schools_class_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
