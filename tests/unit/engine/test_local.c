#include "unit/engine/journal.h"

#include "contract/crc32c.h"
#include "engine/big_endian.h"

#define MEBIBYTE (1024u * 1024u)
#define ROOMY (4u * MEBIBYTE)

static void empty_journal_has_no_records(void **state)
{
	struct journal *journal = *state;
	const struct mtr_local_options missing = {.directory = journal->directory};
	const uint8_t zeros[MTR_HASH_BYTES] = {0};
	struct reading reading = {.expected = 1};

	assert_int_equal(mtr_local_open(&journal->engine, &missing, NULL), -ENOENT);
	journal_open(journal, 0);
	assert_int_equal(journal_head(journal).revision, 0);
	assert_memory_equal(journal_head(journal).chain, zeros, sizeof zeros);
	assert_int_equal(journal->engine->operations->fetch(journal->engine, 1, read_record, &reading), -ENOENT);
	assert_int_equal(journal->engine->operations->fetch(journal->engine, 0, read_record, &reading), -EINVAL);
	assert_int_equal(journal->engine->operations->trim(journal->engine, 1), -ENOTSUP);
	assert_int_equal(mtr_local_segments(journal->engine), 1);
}

static void what_was_appended_is_read_and_survives(void **state)
{
	struct journal *journal = *state;

	journal_open(journal, ROOMY);
	uint64_t incarnation = mtr_local_incarnation(journal->engine);

	for (unsigned i = 0; i < 10; i++)
		journal_append(journal, i % 3 + 1, 100 * i + 1);
	struct mtr_chain_point head = journal_head(journal);

	assert_int_equal(head.revision, 19);
	for (uint64_t from = 1; from <= head.revision; from++)
		assert_reads(journal, from);
	journal_close(journal);
	journal_open(journal, ROOMY);
	assert_int_equal(mtr_local_incarnation(journal->engine), incarnation);
	assert_true(incarnation != 0);
	assert_int_equal(journal_head(journal).revision, head.revision);
	assert_memory_equal(journal_head(journal).chain, head.chain, MTR_HASH_BYTES);
	journal_append(journal, 1, 10);
	assert_reads(journal, 1);
}

static void reading_stops_when_the_callback_says_so(void **state)
{
	struct journal *journal = *state;
	struct reading reading = {.expected = 2, .stop_at = 4};

	journal_open(journal, ROOMY);
	journal_append(journal, 3, 10);
	journal_append(journal, 3, 10);
	assert_int_equal(journal->engine->operations->fetch(journal->engine, 2, read_record, &reading), 77);
	assert_int_equal(reading.expected, 5);
}

static void segments_follow_each_other(void **state)
{
	struct journal *journal = *state;

	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	for (unsigned i = 0; i < 6; i++)
		journal_append(journal, 2, 400u * 1024u);
	assert_int_equal(mtr_local_segments(journal->engine), 6);
	for (uint64_t from = 1; from <= 12; from++)
		assert_reads(journal, from);
	journal_close(journal);
	journal_open(journal, ROOMY);
	assert_int_equal(mtr_local_segments(journal->engine), 6);
	journal_append(journal, 1, 10);
	journal_append(journal, 1, 10);
	assert_int_equal(mtr_local_segments(journal->engine), 7);
	assert_reads(journal, 1);
}

/* Enough frames that the index has points to find, read after opening, when it has none for older segments. */
static void any_revision_is_found_in_old_segments(void **state)
{
	struct journal *journal = *state;

	journal_open(journal, 2 * MEBIBYTE);
	while (mtr_local_segments(journal->engine) < 3)
		journal_append(journal, 1, 6000);
	journal_close(journal);
	journal_open(journal, 2 * MEBIBYTE);
	uint64_t head = journal_head(journal).revision;

	for (uint64_t from = head; from >= 1; from = from > 40 ? from - 40 : 0) {
		struct reading reading = {.expected = from, .stop_at = from};

		assert_int_equal(journal->engine->operations->fetch(journal->engine, from, read_record, &reading), 77);
	}
	assert_reads(journal, 1);
}

/* Two frames of one record; afterwards the second frame's first `kept` bytes are on the disk, zeros behind. */
struct tail {
	uint8_t frame[4096];
	uint32_t length;
	struct mtr_chain_point before, after;
};

static void make_tail(struct journal *journal, struct tail *tail)
{
	struct mtr_frame frame;

	journal_open(journal, MTR_SEGMENT_BYTES_MIN + MEBIBYTE);
	journal_append(journal, 1, 20);
	tail->before = journal_head(journal);
	journal_append(journal, 1, 20);
	tail->after = journal_head(journal);
	journal_close(journal);
	int fd = journal_file(journal, 1);

	assert_int_equal(mtr_read_all(fd, tail->frame, sizeof tail->frame, 2 * 4096), 0);
	assert_true(mtr_frame_decode(tail->frame, &frame));
	tail->length = frame.length;
	close(fd);
}

static void tear(struct journal *journal, const struct tail *tail, size_t kept)
{
	uint8_t block[4096] = {0};
	int fd = journal_file(journal, 1);

	memcpy(block, tail->frame, kept);
	assert_int_equal(mtr_write_all(fd, block, sizeof block, 2 * 4096), 0);
	close(fd);
}

static void torn_tail_is_dropped_at_every_byte(void **state)
{
	struct journal *journal = *state;
	struct tail tail;
	uint8_t block[4096], zeros[4096] = {0};

	make_tail(journal, &tail);
	for (size_t kept = 0; kept <= tail.length; kept++) {
		memcpy(block, tail.frame, kept);
		memset(block + kept, 0, sizeof block - kept);
		bool whole = memcmp(block, tail.frame, sizeof block) == 0;
		struct mtr_chain_point expected = whole ? tail.after : tail.before;

		tear(journal, &tail, kept);
		journal_open(journal, MTR_SEGMENT_BYTES_MIN + MEBIBYTE);
		assert_int_equal(journal_head(journal).revision, expected.revision);
		assert_memory_equal(journal_head(journal).chain, expected.chain, MTR_HASH_BYTES);
		journal_close(journal);
		int fd = journal_file(journal, 1);

		assert_int_equal(mtr_read_all(fd, block, sizeof block, 2 * 4096), 0);
		assert_memory_equal(block, whole ? tail.frame : zeros, sizeof block);
		close(fd);
	}
	tear(journal, &tail, tail.length - 1);
	journal_open(journal, 0);
	journal_append(journal, 2, 30);
	assert_reads(journal, 1);
}

/* Only later pages of a large frame reached the disk. */
static void torn_tail_without_its_beginning_is_dropped(void **state)
{
	struct journal *journal = *state;
	uint8_t zeros[4096] = {0};

	journal_open(journal, ROOMY);
	journal_append(journal, 1, 20);
	journal_append(journal, 1, 100000);
	journal_close(journal);
	int fd = journal_file(journal, 1);

	assert_int_equal(mtr_write_all(fd, zeros, sizeof zeros, 2 * 4096), 0);
	close(fd);
	journal_open(journal, ROOMY);
	assert_int_equal(journal_head(journal).revision, 1);
	journal_append(journal, 1, 30);
	journal_close(journal);
	journal_open(journal, ROOMY);
	assert_reads(journal, 1);
	assert_int_equal(journal_head(journal).revision, 2);
}

static void tail_that_the_store_has_is_not_torn(void **state)
{
	struct journal *journal = *state;
	struct tail tail;
	struct mtr_damage damage = {.offset = 0};

	make_tail(journal, &tail);
	tear(journal, &tail, tail.length - 1);
	assert_int_equal(journal_try(journal, 0, 2, &damage), -EBADMSG);
	assert_string_equal(damage.file, "journal-0000000000000001");
	assert_int_equal(damage.offset, 2 * 4096);
	assert_int_equal(journal_try(journal, 0, 1, &damage), 0);
	assert_int_equal(journal_head(journal).revision, 1);
}

static void damage_in_the_middle_is_refused(void **state)
{
	struct journal *journal = *state;
	struct mtr_damage damage = {.offset = 0};

	journal_open(journal, ROOMY);
	for (unsigned i = 0; i < 4; i++)
		journal_append(journal, 1, 20);
	journal_close(journal);
	for (uint64_t at = 0; at < MTR_FRAME_HEADER_BYTES + 40; at++) {
		flip_byte(journal, 1, 2 * 4096 + at);
		assert_int_equal(journal_try(journal, ROOMY, 0, &damage), -EBADMSG);
		assert_string_equal(damage.file, "journal-0000000000000001");
		assert_int_equal(damage.offset, 2 * 4096);
		flip_byte(journal, 1, 2 * 4096 + at);
	}
	journal_open(journal, ROOMY);
	assert_reads(journal, 1);
}

static void damage_behind_a_large_gap_is_refused(void **state)
{
	struct journal *journal = *state;
	struct mtr_damage damage = {.offset = 0};

	journal_open(journal, ROOMY);
	journal_append(journal, 1, 20);
	journal_close(journal);
	flip_byte(journal, 1, ROOMY - 1);
	assert_int_equal(journal_try(journal, ROOMY, 0, &damage), -EBADMSG);
	assert_int_equal(damage.offset, 2 * 4096);
}

static void damage_in_an_old_segment_is_found_by_reading(void **state)
{
	struct journal *journal = *state;
	struct mtr_damage damage = {.offset = 0};
	struct reading reading = {.expected = 1};

	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	for (unsigned i = 0; i < 3; i++)
		journal_append(journal, 1, 20);
	mtr_local_damage(journal->engine, &damage);
	assert_string_equal(damage.file, "");
	flip_byte(journal, 2, 4096 + 80);
	assert_int_equal(journal->engine->operations->fetch(journal->engine, 1, read_record, &reading), -EBADMSG);
	assert_int_equal(reading.expected, 2);
	mtr_local_damage(journal->engine, &damage);
	assert_string_equal(damage.file, "journal-0000000000000002");
	assert_int_equal(damage.offset, 4096);
	assert_reads(journal, 3);
}

static void damaged_header_is_refused(void **state)
{
	struct journal *journal = *state;
	struct mtr_damage damage = {.offset = 0};

	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	journal_append(journal, 1, 20);
	journal_append(journal, 1, 20);
	journal_close(journal);
	for (uint64_t at = 0; at < 80; at++) {
		flip_byte(journal, 1, at);
		assert_int_equal(journal_try(journal, MTR_SEGMENT_BYTES_MIN, 0, &damage), -EBADMSG);
		flip_byte(journal, 1, at);
	}
	assert_string_equal(damage.file, "journal-0000000000000001");
	assert_int_equal(damage.offset, 0);
	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
}

static void newer_version_is_refused(void **state)
{
	struct journal *journal = *state;
	uint8_t header[80], *version = header + 4, *crc = header + 76;

	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	journal_close(journal);
	int fd = journal_file(journal, 1);

	assert_int_equal(mtr_read_all(fd, header, sizeof header, 0), 0);
	mtr_store_be32(&version, MTR_SEGMENT_VERSION + 1);
	mtr_store_be32(&crc, mtr_crc32c(0, header, 76));
	assert_int_equal(mtr_write_all(fd, header, sizeof header, 0), 0);
	close(fd);
	assert_int_equal(journal_try(journal, MTR_SEGMENT_BYTES_MIN, 0, NULL), -EPROTONOSUPPORT);
}

static void truncated_file_is_refused(void **state)
{
	struct journal *journal = *state;
	struct mtr_damage damage = {.offset = 0};

	journal_open(journal, ROOMY);
	journal_append(journal, 1, 20);
	journal_close(journal);
	int fd = journal_file(journal, 1);

	assert_int_equal(ftruncate(fd, 5000), 0);
	assert_int_equal(journal_try(journal, ROOMY, 0, &damage), -EBADMSG);
	assert_int_equal(damage.offset, 5000);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(journal_try(journal, ROOMY, 0, &damage), -EBADMSG);
	close(fd);
}

static void missing_segment_is_refused(void **state)
{
	struct journal *journal = *state;
	struct mtr_damage damage = {.offset = 0};
	char path[128];

	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	for (unsigned i = 0; i < 3; i++)
		journal_append(journal, 1, 20);
	journal_close(journal);
	(void)snprintf(path, sizeof path, "%s/journal-%016x", journal->directory, 2);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(journal_try(journal, MTR_SEGMENT_BYTES_MIN, 0, &damage), -EPROTO);
	assert_string_equal(damage.file, "journal-0000000000000002");
	assert_int_equal(damage.kind, MTR_DAMAGE_MISSING);
}

/* A whole, valid frame that continues another history. */
static void frame_of_another_chain_is_refused(void **state)
{
	struct journal *journal = *state;
	struct mtr_arena *arena = mtr_arena_new(8u * 1024u * 1024u);
	struct mtr_damage damage = {.offset = 0};
	struct mtr_segment segment;
	uint8_t header[MTR_FRAME_HEADER_BYTES];
	uint64_t offset;
	int fd;

	journal_open(journal, ROOMY);
	journal_append(journal, 1, 20);
	struct mtr_chain_point other = journal_head(journal);

	journal_close(journal);
	other.chain[5] ^= 1;
	struct mtr_batch batch = make_batch(arena, other, 1, 20);
	int directory = open(journal->directory, O_RDONLY | O_DIRECTORY);

	assert_int_equal(mtr_segment_open(directory, 1, true, &segment, &fd, &offset), 0);
	assert_int_equal(mtr_frame_encode(&batch, segment.seed, header), 0);
	assert_int_equal(mtr_write_all(fd, header, sizeof header, 2 * 4096), 0);
	assert_int_equal(mtr_write_all(fd, batch.records, batch.size, 2 * 4096 + sizeof header), 0);
	close(fd);
	close(directory);
	assert_int_equal(journal_try(journal, ROOMY, 0, &damage), -EPROTO);
	assert_string_equal(damage.file, "journal-0000000000000001");
	assert_int_equal(damage.offset, 2 * 4096);
	mtr_arena_free(&arena);
}

static void batch_that_does_not_follow_is_refused(void **state)
{
	struct journal *journal = *state;
	struct mtr_arena *arena = mtr_arena_new(8u * 1024u * 1024u);

	journal_open(journal, ROOMY);
	journal_append(journal, 1, 20);
	struct mtr_chain_point head = journal_head(journal);
	struct mtr_batch batch = make_batch(arena, (struct mtr_chain_point){0}, 1, 20);

	assert_int_equal(journal->engine->operations->submit(journal->engine, &batch), -EINVAL);
	struct mtr_chain_point wrong = head;

	wrong.chain[0] ^= 1;
	batch = make_batch(arena, wrong, 1, 20);
	assert_int_equal(journal->engine->operations->submit(journal->engine, &batch), -EINVAL);
	assert_int_equal(journal_head(journal).revision, 1);
	journal_append(journal, 1, 20);
	assert_reads(journal, 1);
	mtr_arena_free(&arena);
}

#define JOURNAL_TEST(function) cmocka_unit_test_setup_teardown(function, journal_set_up, journal_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JOURNAL_TEST(empty_journal_has_no_records),
		JOURNAL_TEST(what_was_appended_is_read_and_survives),
		JOURNAL_TEST(reading_stops_when_the_callback_says_so),
		JOURNAL_TEST(segments_follow_each_other),
		JOURNAL_TEST(any_revision_is_found_in_old_segments),
		JOURNAL_TEST(torn_tail_is_dropped_at_every_byte),
		JOURNAL_TEST(torn_tail_without_its_beginning_is_dropped),
		JOURNAL_TEST(tail_that_the_store_has_is_not_torn),
		JOURNAL_TEST(damage_in_the_middle_is_refused),
		JOURNAL_TEST(damage_behind_a_large_gap_is_refused),
		JOURNAL_TEST(damage_in_an_old_segment_is_found_by_reading),
		JOURNAL_TEST(damaged_header_is_refused),
		JOURNAL_TEST(newer_version_is_refused),
		JOURNAL_TEST(truncated_file_is_refused),
		JOURNAL_TEST(missing_segment_is_refused),
		JOURNAL_TEST(frame_of_another_chain_is_refused),
		JOURNAL_TEST(batch_that_does_not_follow_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
