/* Pages that were read before they were asked for. */
#include "reader/ahead.h"

#include "unit/reader/library.h"

#include <stdatomic.h>

#define NOW ((struct mtr_monotime){.ms = 5000})
#define UNITS 40u
#define PAGE_ROWS 3u
#define PASSES_MOST 1000u

static atomic_uint found_ahead;

bool __real_mtr_ahead_take(struct mtr_ahead *, const struct mtr_work *, struct mtr_ahead_page *);
bool __wrap_mtr_ahead_take(struct mtr_ahead *, const struct mtr_work *, struct mtr_ahead_page *);

bool __wrap_mtr_ahead_take(struct mtr_ahead *ahead, const struct mtr_work *asked, struct mtr_ahead_page *ret_page)
{
	const bool found = __real_mtr_ahead_take(ahead, asked, ret_page);

	if (found)
		atomic_fetch_add(&found_ahead, 1);
	return found;
}

static struct mtr_work *question(uint32_t principal_id, const char *text)
{
	struct mtr_work *work = mtr_work_new(text, strlen(text));

	assert_non_null(work);
	work->principal_id = principal_id;
	return work;
}

static void read_ahead_at(struct mtr_ahead *ahead, const char *text, uint64_t revision, struct mtr_monotime now)
{
	struct mtr_ahead_page page = {.work = question(OPERATOR_ID, text), .revision = revision};

	assert_true(mtr_ahead_begin(ahead, page.work, now));
	assert_true(mtr_work_answer(page.work, text, strlen(text)));
	mtr_ahead_end(ahead, &page);
}

static void read_ahead(struct mtr_ahead *ahead, const char *text, uint64_t revision)
{
	read_ahead_at(ahead, text, revision, NOW);
}

/* The revision it holds for; 0: nothing was read. */
static uint64_t taken(struct mtr_ahead *ahead, uint32_t principal_id, const char *text)
{
	struct mtr_work *asked = question(principal_id, text);
	struct mtr_ahead_page page = {.revision = 0};

	if (mtr_ahead_take(ahead, asked, &page)) {
		assert_int_equal(page.work->answer_size, strlen(text));
		assert_memory_equal(page.work->answer, text, strlen(text));
		mtr_ahead_drop(&page);
	}
	mtr_work_free(&asked);
	return page.revision;
}

static void it_is_the_answer_to_one_question_of_one_principal(void **state)
{
	struct mtr_ahead *ahead = mtr_ahead_new();

	(void)state;
	read_ahead(ahead, "after 7", 3);
	assert_int_equal(taken(ahead, OPERATOR_ID + 1, "after 7"), 0);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 8"), 0);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 77"), 0);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 7"), 3);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 7"), 0);
	mtr_ahead_free(&ahead);
	assert_null(ahead);
}

static void what_nobody_has_asked_for_makes_room_in_time(void **state)
{
	const struct mtr_monotime soon = {.ms = NOW.ms + MTR_AHEAD_KEEP_MS - 1}, late = {.ms = soon.ms + 1};
	struct mtr_work *one_more = question(OPERATOR_ID, "one more");
	struct mtr_ahead *ahead = mtr_ahead_new();
	char text[32];

	(void)state;
	for (uint32_t i = 0; i < MTR_AHEAD_PAGES; i++) {
		(void)snprintf(text, sizeof text, "after %u", i);
		read_ahead(ahead, text, i + 1);
	}
	assert_false(mtr_ahead_begin(ahead, one_more, soon));
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 3"), 4);
	assert_true(mtr_ahead_begin(ahead, one_more, soon));
	read_ahead_at(ahead, "another", 9, late);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 0"), 0);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 1"), 2);
	assert_int_equal(taken(ahead, OPERATOR_ID, "another"), 9);
	mtr_ahead_free(&ahead);
}

static void a_later_answer_takes_the_place_of_an_earlier(void **state)
{
	struct mtr_ahead *ahead = mtr_ahead_new();

	(void)state;
	read_ahead(ahead, "after 7", 3);
	read_ahead(ahead, "after 7", 4);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 7"), 4);
	assert_int_equal(taken(ahead, OPERATOR_ID, "after 7"), 0);
	mtr_ahead_free(&ahead);
}

static void what_is_being_read_makes_no_room(void **state)
{
	const struct mtr_monotime late = {.ms = NOW.ms + MTR_AHEAD_KEEP_MS};
	struct mtr_work *works[MTR_AHEAD_PAGES], *one_more = question(OPERATOR_ID, "one more");
	struct mtr_work *same = question(OPERATOR_ID, "after 3");
	struct mtr_ahead *ahead = mtr_ahead_new();
	char text[32];

	(void)state;
	for (uint32_t i = 0; i < MTR_AHEAD_PAGES; i++) {
		(void)snprintf(text, sizeof text, "after %u", i);
		works[i] = question(OPERATOR_ID, text);
		assert_true(mtr_ahead_begin(ahead, works[i], NOW));
	}
	assert_false(mtr_ahead_begin(ahead, one_more, late));
	assert_false(mtr_ahead_begin(ahead, same, late));
	mtr_ahead_end(ahead, &(struct mtr_ahead_page){.work = works[3]});
	assert_true(mtr_ahead_begin(ahead, one_more, late));
	mtr_work_free(&same);
	mtr_ahead_free(&ahead);
}

struct taker {
	struct mtr_ahead *ahead;
	uint64_t revision;
};

static void *take_after_7(void *context)
{
	struct taker *taker = context;

	taker->revision = taken(taker->ahead, OPERATOR_ID, "after 7");
	return NULL;
}

static uint64_t revision_taken_meanwhile(uint64_t revision)
{
	struct taker taker = {.ahead = mtr_ahead_new()};
	struct mtr_ahead_page page = {.work = question(OPERATOR_ID, "after 7"), .revision = revision};
	pthread_t thread;

	assert_true(mtr_ahead_begin(taker.ahead, page.work, NOW));
	assert_int_equal(pthread_create(&thread, NULL, take_after_7, &taker), 0);
	assert_true(mtr_work_answer(page.work, "after 7", 7));
	mtr_ahead_end(taker.ahead, &page);
	pthread_join(thread, NULL);
	mtr_ahead_free(&taker.ahead);
	return taker.revision;
}

static void what_is_being_read_is_waited_for(void **state)
{
	(void)state;
	assert_int_equal(revision_taken_meanwhile(3), 3);
	assert_int_equal(revision_taken_meanwhile(0), 0);
}

static struct library *open_with_units(void)
{
	struct library *library = open_library(SOON_MS, 2);

	for (uint32_t number = 0; number < UNITS; number++)
		put_unit(library, number);
	house_wait_committed(&library->house, library->head);
	return library;
}

static Mtr__Answer *ask_page(struct library *library, const Mtr__Answer *last)
{
	Mtr__Feed feed;
	const Mtr__Query query = feed_from(&feed, last ? last->page : NULL, 0);
	Mtr__Answer *page;

	feed.limit = PAGE_ROWS;
	page = ask(library, OPERATOR_ID, &query);
	assert_int_equal(page->body_case, MTR__ANSWER__BODY_PAGE);
	return page;
}

static uint64_t check_units(const Mtr__FeedPage *page, uint64_t last)
{
	for (size_t i = 0; i < page->n_rows; i++)
		if (page->rows[i]->type == MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT) {
			assert_true(page->rows[i]->id > last);
			last = page->rows[i]->id;
		}
	return last;
}

static void read_all_pages(struct library *library)
{
	Mtr__Answer *page = NULL;
	uint64_t unit = 0, rows = 0;
	bool more = true;

	while (more) {
		Mtr__Answer *next = ask_page(library, page);

		if (page)
			mtr__answer__free_unpacked(page, NULL);
		page = next;
		assert_true(page->page->n_rows <= PAGE_ROWS);
		unit = check_units(page->page, unit);
		rows += page->page->n_rows;
		more = page->page->more;
	}
	/* The operator's own row came with the first record. */
	assert_int_equal(rows, UNITS + 1);
	assert_int_equal(page->page->count, UNITS + 1);
	mtr__answer__free_unpacked(page, NULL);
}

/* A question may be quicker than the reader that would read ahead for it, but not always. */
static void pages_come_one_after_the_other(void **state)
{
	struct library *library = open_with_units();
	const unsigned before = atomic_load(&found_ahead);
	unsigned passes = 0;

	(void)state;
	do
		read_all_pages(library);
	while (atomic_load(&found_ahead) == before && ++passes < PASSES_MOST);
	assert_true(atomic_load(&found_ahead) > before);
	close_library(library);
}

static void what_was_read_before_a_change_is_read_again(void **state)
{
	struct library *library = open_with_units();
	Mtr__Answer *first = ask_page(library, NULL), *second;

	(void)state;
	put_unit(library, UNITS);
	house_wait_committed(&library->house, library->head);
	second = ask_page(library, first);
	assert_int_equal(second->revision, library->head);
	mtr__answer__free_unpacked(first, NULL);
	mtr__answer__free_unpacked(second, NULL);
	close_library(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_answer_to_one_question_of_one_principal),
		cmocka_unit_test(what_nobody_has_asked_for_makes_room_in_time),
		cmocka_unit_test(a_later_answer_takes_the_place_of_an_earlier),
		cmocka_unit_test(what_is_being_read_makes_no_room),
		cmocka_unit_test(what_is_being_read_is_waited_for),
		cmocka_unit_test(pages_come_one_after_the_other),
		cmocka_unit_test(what_was_read_before_a_change_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
