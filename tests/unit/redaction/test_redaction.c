/* What is taken out of the journal, and what is left wherever that is interrupted. */
#include "unit/writer/people.h"

#include "engine/inspect.h"
#include "engine/record.h"
#include "engine/segment.h"
#include "redaction/redaction.h"
#include "redaction/rewrite.h"
#include "store/verify.h"

#include <fcntl.h>

#define SECRET "Người Cần Quên"

struct place {
	struct house house;
	struct desk steward, nominator;
	char journal[128], state[128];
	struct mtr_work *refused; /* a copy of the entry that told something */
	uint8_t live[MTR_TABLES][MTR_HASH_BYTES];
};

static void digests_of(const struct house *house, uint8_t ret_digests[MTR_TABLES][MTR_HASH_BYTES])
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, house->store);
	mtr_table_digests(&txn, ret_digests);
	mtr_txn_abort(&txn);
}

/* A register with two people, of whom the first was redacted, and nobody appending to its journal. */
static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	struct house *house = &place->house;

	place->steward = make_desk(1, OPERATOR_ID);
	place->nominator = make_desk(2, NOMINATOR_ID);
	house_make(house);
	house_open(house);
	(void)snprintf(place->journal, sizeof place->journal, "%s/journal", house->directory);
	(void)snprintf(place->state, sizeof place->state, "%s/redactions", house->directory);
	assert_done(judge(house, desk_unit(&place->steward, 0)));
	assert_done(judge(house, people_nominator(&place->steward)));
	struct mtr_work *refused = people_person(&place->nominator, SECRET, "U-99");

	place->refused = copy_work(refused);
	assert_refused(judge(house, refused), UNKNOWN_UNIT);
	assert_done(judge(house, people_person(&place->nominator, SECRET, "U-0")));
	assert_done(judge(house, people_person(&place->nominator, "Người Ở Lại", "U-0")));
	assert_done(judge(house, people_redact(&place->steward, 1)));
	assert_done(judge(house, people_person(&place->nominator, "Người Đến Sau", "U-0")));
	mtr_writer_stop(&house->writer);
	house->engine->operations->close(&house->engine);
	digests_of(house, place->live);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	mtr_work_free(&place->refused);
	house_remove(&place->house);
	free(place);
	return 0;
}

static struct mtr_redaction_options options_of(const struct place *place)
{
	return (struct mtr_redaction_options){
		.store = place->house.store, .journal = place->journal, .state = place->state};
}

static uint64_t run(const struct place *place)
{
	const struct mtr_redaction_options options = options_of(place);
	struct mtr_redaction_result result;

	assert_int_equal(mtr_redaction_run(&options, &result), 0);
	return result.leaves;
}

static bool segment_holds(int directory, uint64_t first, const char *text)
{
	static uint8_t bytes[2 * MTR_SEGMENT_BYTES_MIN];
	char name[MTR_SEGMENT_NAME_BYTES];

	mtr_segment_name(first, name);
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	const ssize_t size = read(fd, bytes, sizeof bytes);

	assert_true(size > 0);
	close(fd);
	return memmem(bytes, (size_t)size, text, strlen(text));
}

static int open_journal(const struct place *place)
{
	int directory = open(place->journal, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(directory >= 0);
	return directory;
}

/* In any of its segments; each of them holds one batch. */
static bool journal_holds(const struct place *place, const char *text)
{
	int directory = open_journal(place);
	uint64_t *firsts;
	size_t count;
	bool found = false;

	assert_int_equal(mtr_segment_list(directory, &firsts, &count), 0);
	assert_true(count > 3);
	for (size_t i = 0; i < count; i++)
		found = segment_holds(directory, firsts[i], text) || found;
	free(firsts);
	close(directory);
	return found;
}

/* Nothing is told of her, all else stands as it stood, and the journal makes the same register. */
static void check_done(struct place *place)
{
	struct house *house = &place->house;
	uint8_t rebuilt[MTR_TABLES][MTR_HASH_BYTES];
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_txn txn;

	assert_false(journal_holds(place, SECRET));
	assert_true(journal_holds(place, "Người Ở Lại"));
	mtr_store_close(&house->store);
	assert_int_equal(house_open_as(house, "rebuilt", "journal"), MTR_RECOVER_OK);
	digests_of(house, rebuilt);
	assert_memory_equal(place->live, rebuilt, sizeof rebuilt);
	mtr_txn_begin_read(&txn, house->store);
	assert_true(mtr_store_check(&txn, difference));
	mtr_txn_abort(&txn);
}

static void what_was_hers_goes(void **state)
{
	struct place *place = *state;
	const struct mtr_redaction_options options = options_of(place);
	bool pending = false;

	assert_true(journal_holds(place, SECRET));
	assert_int_equal(mtr_redaction_pending(&options, &pending), 0);
	assert_true(pending);
	/* Two commands that name her, the answer to the one that was refused, one row. */
	assert_int_equal(run(place), 4);
	assert_int_equal(mtr_redaction_pending(&options, &pending), 0);
	assert_false(pending);
	check_done(place);
}

static void to_do_it_over_does_nothing(void **state)
{
	struct place *place = *state;

	run(place);
	assert_int_equal(unlink(place->state), 0);
	assert_int_equal(run(place), 0);
	check_done(place);
}

static void touch(int directory, const char *name)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

/* A file that was not finished isn't used. */
static void an_interrupted_start_is_made_again(void **state)
{
	struct place *place = *state;
	int directory = open_journal(place);

	touch(directory, "redacted-0000000000000001");
	close(directory);
	assert_int_equal(run(place), 4);
	check_done(place);
}

/* All files are there, and one of them has or has not taken its place. */
static void an_interrupted_end_is_finished(void **state)
{
	struct place *place = *state;

	for (int replaced = 0; replaced < 2; replaced++) {
		int directory = open_journal(place);

		run(place);
		assert_int_equal(unlink(place->state), 0);
		touch(directory, "redacted-all");
		if (!replaced)
			assert_int_equal(
				renameat(directory, "journal-0000000000000001", directory, "redacted-0000000000000001"),
				0);
		if (!replaced)
			touch(directory, "journal-0000000000000001");
		assert_int_equal(run(place), 0);
		assert_int_equal(faccessat(directory, "redacted-all", F_OK, 0), -1);
		close(directory);
	}
	check_done(place);
}

static void a_damaged_journal_is_left_alone(void **state)
{
	struct place *place = *state;
	const struct mtr_redaction_options options = options_of(place);
	struct mtr_redaction_result result;
	int directory = open_journal(place), fd = openat(directory, "journal-0000000000000001", O_RDWR | O_CLOEXEC);
	const uint8_t byte = 0xff;

	assert_int_equal(pwrite(fd, &byte, 1, 4096 + 100), 1);
	close(fd);
	close(directory);
	assert_int_equal(mtr_redaction_run(&options, &result), -EBADMSG);
	assert_true(journal_holds(place, SECRET));
}

/* The entry stays answered, with the word that nobody knows how any more: ANSWER_REDACTED. */
static void what_was_answered_is_not_told_again(void **state)
{
	struct place *place = *state;
	struct house *house = &place->house;

	run(place);
	mtr_store_close(&house->store);
	house_open(house);
	struct verdict verdict = judge(house, copy_work(place->refused));

	assert_refused(verdict, ANSWER_REDACTED);
	assert_true(verdict.repeated);
	assert_int_equal(verdict.revision, 4);
	assert_done(judge(house, people_person(&place->nominator, "Người Mới", "U-0")));
}

#define REDACTION_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REDACTION_TEST(what_was_hers_goes),
		REDACTION_TEST(to_do_it_over_does_nothing),
		REDACTION_TEST(an_interrupted_start_is_made_again),
		REDACTION_TEST(an_interrupted_end_is_finished),
		REDACTION_TEST(a_damaged_journal_is_left_alone),
		REDACTION_TEST(what_was_answered_is_not_told_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
