/* The readers beside a writer and a journal: waiting, waking, the log, stopping. */
#include "unit/reader/library.h"

#include "reader/park.h"
#include "reader/query.h"

#define CLERK_ID 2u

/* With one reader: what was asked before has been answered, or waits. */
static void let_wait(struct library *library)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__ServerStatus status = MTR__SERVER_STATUS__INIT;

	query.body_case = MTR__QUERY__BODY_SERVER_STATUS;
	query.server_status = &status;
	mtr__answer__free_unpacked(ask(library, OPERATOR_ID, &query), NULL);
}

static Mtr__Query units_at(Mtr__List *list, uint64_t revision)
{
	Mtr__Query query = MTR__QUERY__INIT;

	mtr__list__init(list);
	list->type = MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT;
	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = list;
	query.least_revision = revision;
	return query;
}

static void a_revision_ahead_is_refused(void **state)
{
	struct library *library = open_library(SOON_MS, 2);
	Mtr__List list;
	uint64_t number;

	(void)state;
	const Mtr__Query query = units_at(&list, 2);

	assert_int_equal(code_of(ask(library, OPERATOR_ID, &query), &number),
			 MTR__ERROR_CODE__ERROR_CODE_AHEAD_OF_REGISTER);
	assert_int_equal(number, 1);
	close_library(library);
}

/* Nothing commits by itself: whoever waits brings the commit forward. */
static void a_revision_to_come_is_waited_for(void **state)
{
	struct library *library = open_library(NEVER_MS, 2);
	Mtr__Answer *answer;
	Mtr__Query query;
	Mtr__List list;

	(void)state;
	for (uint32_t number = 0; number < 5; number++) {
		put_unit(library, number);
		query = units_at(&list, library->head);
		answer = ask(library, OPERATOR_ID, &query);
		assert_int_equal(answer->body_case, MTR__ANSWER__BODY_PAGE);
		assert_true(answer->revision >= library->head);
		assert_int_equal(answer->page->n_rows, number + 1);
		mtr__answer__free_unpacked(answer, NULL);
	}
	close_library(library);
}

/* The thread that asks when the time is up: nothing commits, so the revision can't be read. */
static void waiting_for_a_revision_ends(void **state)
{
	struct library *library = open_library(NEVER_MS, 1);
	const struct mtr_readers_options options = {
		.store = library->house.store, .engine = library->house.engine, .writer = library->house.writer};
	struct mtr_arena *arena = mtr_arena_new(1 << 20), *scratch = mtr_arena_new(1 << 20);
	struct mtr_work *work;
	Mtr__List list;
	uint8_t bytes[64];
	struct mtr_attempted attempted;
	uint64_t number;

	(void)state;
	put_unit(library, 0);
	const Mtr__Query query = units_at(&list, library->head);

	work = mtr_work_new(bytes, mtr__query__pack(&query, bytes));
	work->principal_id = OPERATOR_ID;
	assert_int_equal(mtr_query_attempt(&options, arena, scratch, NULL, work, true, &attempted),
			 MTR_ATTEMPT_REVISION);
	assert_int_equal(attempted.awaited, library->head);
	assert_int_equal(mtr_query_attempt(&options, arena, scratch, NULL, work, false, &attempted),
			 MTR_ATTEMPT_ANSWERED);
	assert_int_equal(code_of(answer_of(work), &number), MTR__ERROR_CODE__ERROR_CODE_TIMED_OUT);
	assert_int_equal(number, library->head - 1);
	mtr_work_free(&work);
	mtr_arena_free(&scratch);
	mtr_arena_free(&arena);
	close_library(library);
}

static void news_wakes_those_at_the_head(void **state)
{
	struct library *library = open_library(SOON_MS, 1);
	Mtr__Answer *at_head, *news;
	struct mtr_work *work;
	Mtr__Query query;
	Mtr__Feed feed;
	bool told = false;

	(void)state;
	put_unit(library, 0);
	house_wait_committed(&library->house, library->head);
	query = feed_from(&feed, NULL, 0);
	at_head = ask(library, OPERATOR_ID, &query);
	assert_true(at_head->page->at_head);
	assert_int_equal(at_head->page->n_rows, 2);
	query = feed_from(&feed, at_head->page, 25000);
	submit(library, OPERATOR_ID, &query);
	let_wait(library);
	work = desk_unit(&library->desk, 1);
	assert_true(mtr_writer_submit(library->house.writer, work));
	/* Two replies, in whatever order: the unit's, and the page with it. */
	while (!told) {
		news = answer_in_time(library);
		if (news->body_case == MTR__ANSWER__BODY_PAGE) {
			assert_int_equal(news->page->n_rows, 1);
			assert_int_equal(news->page->rows[0]->type, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT);
			told = true;
		}
		mtr__answer__free_unpacked(news, NULL);
	}
	mtr__answer__free_unpacked(at_head, NULL);
	close_library(library);
}

static void no_news_is_told_in_the_end(void **state)
{
	struct library *library = open_library(SOON_MS, 2);
	Mtr__Answer *at_head, *later;
	Mtr__Query query;
	Mtr__Feed feed;

	(void)state;
	query = feed_from(&feed, NULL, 0);
	at_head = ask(library, OPERATOR_ID, &query);
	query = feed_from(&feed, at_head->page, 30);
	submit(library, OPERATOR_ID, &query);
	later = answer_in_time(library);
	assert_int_equal(later->body_case, MTR__ANSWER__BODY_PAGE);
	assert_int_equal(later->page->n_rows, 0);
	assert_true(later->page->at_head);
	mtr__answer__free_unpacked(later, NULL);
	mtr__answer__free_unpacked(at_head, NULL);
	close_library(library);
}

static void stopping_answers_those_who_wait(void **state)
{
	struct library *library = open_library(SOON_MS, 1);
	Mtr__Answer *at_head;
	Mtr__Query query;
	Mtr__Feed feed;
	uint64_t number;

	(void)state;
	query = feed_from(&feed, NULL, 0);
	at_head = ask(library, OPERATOR_ID, &query);
	query = feed_from(&feed, at_head->page, 25000);
	submit(library, OPERATOR_ID, &query);
	let_wait(library);
	stop_readers(library);
	assert_int_equal(code_of(next_answer(library), &number), MTR__ERROR_CODE__ERROR_CODE_STOPPING);
	mtr__answer__free_unpacked(at_head, NULL);
	close_library(library);
}

static Mtr__Answer *read_log(struct library *library, uint32_t principal_id, uint64_t before, uint32_t limit)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Log log = MTR__LOG__INIT;

	log.before_revision = before;
	log.limit = limit;
	query.body_case = MTR__QUERY__BODY_LOG;
	query.log = &log;
	query.least_revision = library->head;
	return ask(library, principal_id, &query);
}

static void the_log_runs_backward(void **state)
{
	struct library *library = open_library(SOON_MS, 2);
	uint64_t expected, before = 0;
	Mtr__Answer *answer;

	(void)state;
	/* More than the reader's window. */
	for (uint32_t number = 0; number < 300; number++)
		put_unit(library, number);
	expected = library->head;
	do {
		answer = read_log(library, OPERATOR_ID, before, 7);
		assert_int_equal(answer->body_case, MTR__ANSWER__BODY_LOG);
		assert_true(answer->log->n_entries > 0 && answer->log->n_entries <= 7);
		for (size_t i = 0; i < answer->log->n_entries; i++) {
			const Mtr__LogEntry *entry = answer->log->entries[i];

			assert_int_equal(entry->revision, expected);
			if (expected > 1) {
				assert_string_equal(entry->command, "put_unit");
				assert_string_equal(entry->principal_name, "Quản trị");
				assert_int_equal(entry->principal_id, OPERATOR_ID);
				assert_int_equal(entry->effects, 1);
				assert_int_equal(entry->error_code, 0);
			}
			expected--;
		}
		before = answer->log->next_before;
		mtr__answer__free_unpacked(answer, NULL);
	} while (before);
	assert_int_equal(expected, 0);
	close_library(library);
}

static void the_log_keeps_to_the_scope(void **state)
{
	struct library *library = open_library(SOON_MS, 2);
	Mtr__Answer *answer;
	uint64_t number;

	(void)state;
	put_unit(library, 0);
	put_unit(library, 1);
	put_principal(library, 20, MTR__ROLE__ROLE_NOMINATOR, "U-1");
	put_principal(library, 21, MTR__ROLE__ROLE_AUDITOR, "");
	answer = read_log(library, CLERK_ID, 0, 0);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_LOG);
	assert_int_equal(answer->log->n_entries, 0);
	assert_int_equal(answer->log->next_before, 0);
	mtr__answer__free_unpacked(answer, NULL);
	answer = read_log(library, CLERK_ID + 1, 0, 0);
	assert_int_equal(answer->log->n_entries, 5);
	mtr__answer__free_unpacked(answer, NULL);
	/* What the clerk's own desk did, refused as it was, is in the log. */
	struct desk desk = make_desk(9, CLERK_ID);
	const struct verdict verdict = judge(&library->house, desk_unit(&desk, 7));

	assert_refused(verdict, ROLE_REFUSED);
	library->head = verdict.revision;
	answer = read_log(library, CLERK_ID, 0, 0);
	assert_int_equal(answer->log->n_entries, 1);
	assert_int_equal(answer->log->entries[0]->error_code, MTR__ERROR_CODE__ERROR_CODE_ROLE_REFUSED);
	mtr__answer__free_unpacked(answer, NULL);

	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Log log = MTR__LOG__INIT;

	log.nomination_id = 5;
	query.body_case = MTR__QUERY__BODY_LOG;
	query.log = &log;
	assert_int_equal(code_of(ask(library, CLERK_ID, &query), &number),
			 MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION);
	log.nomination_id = 0;
	log.person_id = 5;
	assert_int_equal(code_of(ask(library, CLERK_ID, &query), &number), MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON);
	close_library(library);
}

static void the_server_says_how_it_is(void **state)
{
	struct library *library = open_library(SOON_MS, 2);
	Mtr__ServerStatus asked = MTR__SERVER_STATUS__INIT;
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Answer *answer;

	(void)state;
	put_unit(library, 0);
	put_principal(library, 20, MTR__ROLE__ROLE_NOMINATOR, "U-0");
	query.body_case = MTR__QUERY__BODY_SERVER_STATUS;
	query.server_status = &asked;
	query.least_revision = library->head;
	answer = ask(library, OPERATOR_ID, &query);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_SERVER_STATUS);
	assert_string_equal(answer->server_status->software, "test");
	assert_int_equal(answer->server_status->durable_revision, library->head);
	assert_int_equal(answer->server_status->committed_revision, library->head);
	assert_int_equal(answer->server_status->commands, 2);
	assert_int_equal(answer->server_status->sessions, 3);
	assert_true(answer->server_status->accepts_changes);
	assert_true(answer->server_status->map_used_bytes > 0);
	assert_true(answer->server_status->map_bytes > answer->server_status->map_used_bytes);
	mtr__answer__free_unpacked(answer, NULL);
	answer = ask(library, CLERK_ID, &query);
	assert_int_equal(answer->server_status->durable_revision, library->head);
	assert_int_equal(answer->server_status->commands, 0);
	assert_int_equal(answer->server_status->sessions, 0);
	assert_int_equal(answer->server_status->map_bytes, 0);
	mtr__answer__free_unpacked(answer, NULL);
	close_library(library);
}

/* Many who wait while much happens: each gets exactly one answer. */
static void everybody_gets_one_answer(void **state)
{
	struct library *library = open_library(SOON_MS, 2);
	const uint32_t waiting = 100, units = 60;
	struct house *house = &library->house;
	uint32_t pages = 0, others = 0;
	Mtr__Answer *at_head;
	Mtr__Query query;
	Mtr__Feed feed;
	Mtr__List list;

	(void)state;
	put_unit(library, 0);
	house_wait_committed(house, library->head);
	query = feed_from(&feed, NULL, 0);
	at_head = ask(library, OPERATOR_ID, &query);
	query = feed_from(&feed, at_head->page, 25000);
	for (uint32_t i = 0; i < waiting; i++)
		submit(library, OPERATOR_ID, &query);
	for (uint32_t i = 1; i <= units; i++)
		assert_true(mtr_writer_submit(house->writer, desk_unit(&library->desk, i)));
	while (others < units || pages < waiting) {
		Mtr__Answer *answer = answer_in_time(library);

		if (answer->body_case == MTR__ANSWER__BODY_PAGE) {
			assert_true(answer->page->n_rows > 0);
			pages++;
		} else {
			assert_int_equal(answer->body_case, MTR__ANSWER__BODY_DONE);
			library->head = answer->revision;
			others++;
		}
		mtr__answer__free_unpacked(answer, NULL);
	}
	assert_int_equal(pages, waiting);
	query = units_at(&list, library->head);
	for (uint32_t i = 0; i < 50; i++)
		submit(library, OPERATOR_ID, &query);
	for (uint32_t i = 0; i < 50; i++) {
		Mtr__Answer *answer = next_answer(library);

		assert_int_equal(answer->page->n_rows, units + 1);
		mtr__answer__free_unpacked(answer, NULL);
	}
	mtr__answer__free_unpacked(at_head, NULL);
	close_library(library);
}

static void a_park_is_bounded(void **state)
{
	struct mtr_park *park = mtr_park_new();
	struct mtr_work *work, *all;
	uint32_t count = 0;

	(void)state;
	mtr_park_committed(park, 10);
	for (uint32_t i = 0; i < MTR_PARK_MAX; i++) {
		work = mtr_work_new("", 0);
		work->wait.revision = i % 2 ? 11 : 12;
		work->wait.deadline = 1000 + i;
		assert_int_equal(mtr_park_put(park, work, 5), MTR_PARKED);
	}
	work = mtr_work_new("", 0);
	work->wait.revision = 11;
	work->wait.deadline = 9000;
	assert_int_equal(mtr_park_put(park, work, 5), MTR_PARK_NO);
	assert_null(mtr_park_take_ready(park, 999));
	mtr_park_committed(park, 11);
	for (all = mtr_park_take_ready(park, 999); all; count++) {
		struct mtr_work *next = all->next;

		assert_int_equal(all->wait.revision, 11);
		mtr_work_free(&all);
		all = next;
	}
	assert_int_equal(count, MTR_PARK_MAX / 2);
	assert_int_equal(mtr_park_put(park, work, 5), MTR_PARK_READY);
	work->wait.not_before = 2000;
	assert_int_equal(mtr_park_put(park, work, 5), MTR_PARKED);
	all = mtr_park_take_ready(park, 1000);
	assert_non_null(all);
	assert_null(all->next);
	assert_int_equal(all->wait.deadline, 1000);
	mtr_work_free(&all);
	for (all = mtr_park_close(park), count = 0; all; count++) {
		struct mtr_work *next = all->next;

		mtr_work_free(&all);
		all = next;
	}
	assert_int_equal(count, MTR_PARK_MAX / 2);
	work = mtr_work_new("", 0);
	work->wait.revision = 99;
	work->wait.deadline = 9000;
	assert_int_equal(mtr_park_put(park, work, 5), MTR_PARK_NO);
	mtr_work_free(&work);
	mtr_park_free(&park);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_revision_ahead_is_refused), cmocka_unit_test(a_revision_to_come_is_waited_for),
		cmocka_unit_test(waiting_for_a_revision_ends), cmocka_unit_test(news_wakes_those_at_the_head),
		cmocka_unit_test(no_news_is_told_in_the_end),  cmocka_unit_test(stopping_answers_those_who_wait),
		cmocka_unit_test(the_log_runs_backward),       cmocka_unit_test(the_log_keeps_to_the_scope),
		cmocka_unit_test(the_server_says_how_it_is),   cmocka_unit_test(everybody_gets_one_answer),
		cmocka_unit_test(a_park_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
