/* The log's scope, on a journal in memory. */
#include "engine/record.h"
#include "unit/reader/world.h"

#include <errno.h>

#define RECORDS_MAX 9000u

struct journal {
	struct mtr_engine engine;
	struct mtr_arena *arena;
	struct mtr_bytes records[RECORDS_MAX]; /* of revision 1 and on */
	uint64_t head;
	int error; /* what a fetch comes to */
};

static int fetch(struct mtr_engine *engine, uint64_t from, mtr_record_fn each, void *context)
{
	static const uint8_t chain[MTR_HASH_BYTES];
	struct journal *journal = (struct journal *)engine;
	int result = journal->error;

	for (uint64_t revision = from; !result && revision <= journal->head; revision++)
		result = each(context, revision, chain, journal->records[revision - 1].data,
			      journal->records[revision - 1].size);
	return result;
}

static const struct mtr_engine_operations operations = {.fetch = fetch};

static void append(struct journal *journal, uint32_t principal_id, uint64_t nomination_id, uint64_t other_nomination_id,
		   uint32_t person_id)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	uint64_t nominations[] = {nomination_id, other_nomination_id};
	struct mtr_record_parts parts = {.header = &header};
	uint8_t digest[MTR_HASH_BYTES];

	assert_true(journal->head < RECORDS_MAX);
	header.revision = ++journal->head;
	header.at = journal->head * 1000;
	header.principal_id = principal_id;
	header.command_tag = 27; /* vet */
	header.nomination_ids = nominations;
	header.n_nomination_ids = (nomination_id != 0) + (size_t)(other_nomination_id != 0);
	header.person_ids = &person_id;
	header.n_person_ids = person_id != 0;
	assert_int_equal(mtr_record_build(journal->arena, &parts, &journal->records[journal->head - 1], digest), 0);
}

static int log_setup(void **state)
{
	struct journal *journal = calloc(1, sizeof *journal);
	struct world *world;

	world_setup(state);
	world = *state;
	journal->engine.operations = &operations;
	journal->arena = mtr_arena_new(64u << 20);
	world->options.engine = &journal->engine;
	return 0;
}

static struct journal *journal_of(struct world *world)
{
	return (struct journal *)world->options.engine;
}

static int log_teardown(void **state)
{
	struct journal *journal = journal_of(*state);

	mtr_arena_free(&journal->arena);
	free(journal);
	return world_teardown(state);
}

/* The store has come as far as the journal. */
static void catch_up(struct world *world)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	const uint8_t chain[MTR_HASH_BYTES] = {0};
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, world->f->store);
	while (world->f->revision < journal_of(world)->head) {
		header.revision = ++world->f->revision;
		header.at = header.revision * 1000;
		mtr_apply(&txn, &header, NULL, 0, chain);
	}
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static const Mtr__Answer *read_log(struct world *world, uint32_t principal_id, Mtr__Log log)
{
	Mtr__Query query = MTR__QUERY__INIT;

	catch_up(world);
	query.body_case = MTR__QUERY__BODY_LOG;
	query.log = &log;
	return ask(world, principal_id, &query);
}

static void expect_revisions(const Mtr__Answer *answer, size_t count, const uint64_t *revisions)
{
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_LOG);
	assert_int_equal(answer->log->n_entries, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(answer->log->entries[i]->revision, revisions[i]);
}

static void fill(struct journal *journal)
{
	append(journal, OPERATOR, 0, 0, 0);    /* 1 */
	append(journal, CLERK_A, 1, 0, 1);     /* 2 */
	append(journal, CLERK_B, 4, 0, 4);     /* 3 */
	append(journal, ORGANISER, 1, 4, 0);   /* 4 */
	append(journal, ORGANISER_A, 5, 0, 1); /* 5 */
	append(journal, TEACHER, 3, 0, 3);     /* 6 */
	append(journal, APPROVER_A, 3, 0, 3);  /* 7 */
	append(journal, 0, 0, 0, 0);           /* 8: the register itself */
}

static void each_reads_what_its_own_did(void **state)
{
	struct world *world = *state;
	const Mtr__Log all = MTR__LOG__INIT;

	fill(journal_of(world));
	expect_revisions(read_log(world, AUDITOR, all), 8, (const uint64_t[]){8, 7, 6, 5, 4, 3, 2, 1});
	expect_revisions(read_log(world, OPERATOR, all), 8, (const uint64_t[]){8, 7, 6, 5, 4, 3, 2, 1});
	expect_revisions(read_log(world, CLERK_A, all), 3, (const uint64_t[]){7, 5, 2});
	expect_revisions(read_log(world, APPROVER_A, all), 3, (const uint64_t[]){7, 5, 2});
	expect_revisions(read_log(world, CLERK_B, all), 1, (const uint64_t[]){3});
	expect_revisions(read_log(world, TEACHER, all), 1, (const uint64_t[]){6});
	/* The board acts for the province: all units' desks are below it. */
	expect_revisions(read_log(world, ORGANISER, all), 6, (const uint64_t[]){7, 6, 5, 4, 3, 2});
	assert_string_equal(read_log(world, CLERK_B, all)->log->entries[0]->principal_name, "desk 6");
	assert_string_equal(world->answer->log->entries[0]->command, "vet");
	assert_int_equal(world->answer->log->entries[0]->at, 3000);
}

static void an_organiser_reads_of_its_programmes(void **state)
{
	struct world *world = *state;
	const Mtr__Log all = MTR__LOG__INIT;

	fill(journal_of(world));
	append(journal_of(world), CLERK_B, 5, 0, 1);
	append(journal_of(world), CLERK_B, 4, 0, 4);
	expect_revisions(read_log(world, ORGANISER_A, all), 4, (const uint64_t[]){9, 7, 5, 2});
}

/* Of an entry with subjects of several, each reader sees its own. */
static void others_stay_unnamed(void **state)
{
	struct world *world = *state;
	const Mtr__Log all = MTR__LOG__INIT;
	const Mtr__LogEntry *entry;

	append(journal_of(world), CLERK_A, 1, 4, 4);
	entry = read_log(world, CLERK_A, all)->log->entries[0];
	assert_int_equal(entry->n_nomination_ids, 1);
	assert_int_equal(entry->nomination_ids[0], 1);
	assert_int_equal(entry->n_person_ids, 0);
	entry = read_log(world, AUDITOR, all)->log->entries[0];
	assert_int_equal(entry->n_nomination_ids, 2);
	assert_int_equal(entry->n_person_ids, 1);
}

static void subjects_filter(void **state)
{
	struct world *world = *state;
	Mtr__Log of = MTR__LOG__INIT;

	fill(journal_of(world));
	of.nomination_id = 1;
	expect_revisions(read_log(world, AUDITOR, of), 2, (const uint64_t[]){4, 2});
	expect_revisions(read_log(world, CLERK_A, of), 1, (const uint64_t[]){2});
	expect_error(read_log(world, CLERK_B, of), ERROR(UNKNOWN_NOMINATION), "log.nomination_id");
	of.nomination_id = 0;
	of.person_id = 3;
	expect_revisions(read_log(world, AUDITOR, of), 2, (const uint64_t[]){7, 6});
	expect_error(read_log(world, CLERK_B, of), ERROR(UNKNOWN_PERSON), "log.person_id");
	of.before_revision = 7;
	expect_revisions(read_log(world, AUDITOR, of), 1, (const uint64_t[]){6});
	of.before_revision = 1;
	expect_revisions(read_log(world, AUDITOR, of), 0, NULL);
	assert_int_equal(world->answer->log->next_before, 0);
}

/* Little found in much: a page ends after a bounded search and says where to go on. */
static void a_long_search_is_cut(void **state)
{
	struct world *world = *state;
	Mtr__Log of = MTR__LOG__INIT;
	unsigned pages = 0;
	size_t found = 0;

	append(journal_of(world), CLERK_B, 4, 0, 4);
	for (unsigned i = 0; i < 8500; i++)
		append(journal_of(world), CLERK_A, 1, 0, 1);
	of.limit = 5;
	do {
		const Mtr__LogPage *page = read_log(world, CLERK_B, of)->log;

		found += page->n_entries;
		of.before_revision = page->next_before;
		pages++;
	} while (of.before_revision);
	assert_int_equal(found, 1);
	assert_int_equal(pages, 2);
	of.limit = 0;
	assert_int_equal(read_log(world, AUDITOR, of)->log->n_entries, MTR_LOG_ENTRIES_MAX);
}

static void a_journal_that_cannot_be_read(void **state)
{
	struct world *world = *state;
	const Mtr__Log all = MTR__LOG__INIT;

	fill(journal_of(world));
	journal_of(world)->error = -EIO;
	expect_error(read_log(world, AUDITOR, all), ERROR(BUSY), "");
	journal_of(world)->error = 0;
	journal_of(world)->records[3].size -= 5;
	expect_error(read_log(world, AUDITOR, all), ERROR(BUSY), "");
}

#define LOG_TEST(function) cmocka_unit_test_setup_teardown(function, log_setup, log_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(each_reads_what_its_own_did), LOG_TEST(an_organiser_reads_of_its_programmes),
		LOG_TEST(others_stay_unnamed),         LOG_TEST(subjects_filter),
		LOG_TEST(a_long_search_is_cut),        LOG_TEST(a_journal_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
