/* A whole journal inspected without writing: a sound one passes, and a bit that is flipped anywhere is found where it
 * lies, or is what a start clears away. */
#include "unit/engine/journal.h"

#include "engine/inspect.h"

#include <inttypes.h>
#include <sys/stat.h>

#define SMALL (2u * MTR_FRAME_MAX + MTR_FRAME_ALIGN)
#define BATCH_RECORDS 3u
#define RECORD_BYTES 120000u

struct seen {
	struct mtr_damage damage;
	char what[160];
	unsigned count;
	struct reading reading;
};

static void note(void *context, const struct mtr_damage *damage, const char *what)
{
	struct seen *seen = context;

	if (!seen->count++) {
		seen->damage = *damage;
		(void)snprintf(seen->what, sizeof seen->what, "%s", what);
	}
}

static int each(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		size_t size)
{
	struct seen *seen = context;

	return read_record(&seen->reading, revision, chain_after, record, size);
}

static struct mtr_inspection inspect(const struct journal *journal, uint64_t least, bool quiet, struct seen *ret_seen)
{
	*ret_seen = (struct seen){.reading = {.expected = 1}};
	const struct mtr_inspection_options options = {.directory = journal->directory,
						       .least_revision = least,
						       .quiet = quiet,
						       .each = each,
						       .damaged = note,
						       .context = ret_seen};
	struct mtr_inspection inspection = {0};

	assert_int_equal(mtr_inspect(&options, &inspection), 0);
	assert_int_equal(inspection.damaged, ret_seen->count > 0);
	return inspection;
}

/* Three segments, the first two full. */
static int set_up(void **state)
{
	struct journal *journal;

	journal_set_up(state);
	journal = *state;
	journal_open(journal, SMALL);
	while (mtr_local_segments(journal->engine) < 3)
		journal_append(journal, BATCH_RECORDS, RECORD_BYTES);
	journal_append(journal, 1, 100);
	return 0;
}

static void a_sound_journal_passes_served_or_not(void **state)
{
	struct journal *journal = *state;
	const struct mtr_chain_point head = journal_head(journal);
	struct seen seen;
	struct mtr_inspection inspection = inspect(journal, head.revision, false, &seen);

	assert_int_equal(seen.count, 0);
	assert_int_equal(inspection.segments, 3);
	assert_int_equal(inspection.head.revision, head.revision);
	assert_memory_equal(inspection.head.chain, head.chain, MTR_HASH_BYTES);
	assert_int_equal(inspection.incarnation, mtr_local_incarnation(journal->engine));
	assert_int_equal(seen.reading.expected, head.revision + 1);
	journal_close(journal);
	inspection = inspect(journal, head.revision, true, &seen);
	assert_int_equal(seen.count, 0);
	assert_false(inspection.torn);
	inspection = inspect(journal, head.revision + 1, true, &seen);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.damage.kind, MTR_DAMAGE_SHORT);
	assert_string_equal(seen.damage.file, "");
	assert_non_null(strstr(seen.what, "before the register does"));
}

static void the_last_segment_can_be_looked_at_alone(void **state)
{
	struct journal *journal = *state;
	const struct mtr_chain_point head = journal_head(journal);
	struct mtr_inspection_options options = {
		.directory = journal->directory, .least_revision = head.revision, .quiet = true, .last_only = true};
	struct mtr_inspection inspection = {0};

	journal_close(journal);
	flip_byte(journal, 1, 5000);
	assert_int_equal(mtr_inspect(&options, &inspection), 0);
	assert_false(inspection.damaged);
	assert_int_equal(inspection.segments, 1);
	assert_memory_equal(inspection.head.chain, head.chain, MTR_HASH_BYTES);
	flip_byte(journal, head.revision - BATCH_RECORDS, 5000);
	assert_int_equal(mtr_inspect(&options, &inspection), 0);
	assert_true(inspection.damaged);
}

/* Where frames begin in the segment, and, last, where they end. */
static size_t frames_of(const struct journal *journal, uint64_t first, uint64_t ret_offsets[16])
{
	const int fd = journal_file(journal, first);
	uint8_t header[MTR_FRAME_HEADER_BYTES];
	struct mtr_frame frame;
	size_t count = 0;

	ret_offsets[0] = MTR_FRAME_ALIGN;
	while (mtr_read_all(fd, header, sizeof header, ret_offsets[count]) == 0 && mtr_frame_decode(header, &frame)) {
		ret_offsets[count + 1] = ret_offsets[count] + mtr_frame_span(&frame);
		count++;
	}
	close(fd);
	return count;
}

static void expect_found(const struct journal *journal, uint64_t first, uint64_t at, uint64_t most)
{
	char name[MTR_SEGMENT_NAME_BYTES];
	struct seen seen;

	mtr_segment_name(first, name);
	flip_byte(journal, first, at);
	inspect(journal, UINT64_MAX, true, &seen);
	if (!seen.count || strcmp(seen.damage.file, name) != 0 || seen.damage.offset > at ||
	    seen.damage.offset + most <= at)
		fail_msg("byte %llu of %s: told %u times, byte %llu of %s", (unsigned long long)at, name, seen.count,
			 (unsigned long long)seen.damage.offset, seen.damage.file);
	flip_byte(journal, first, at);
}

/* Headers, the zeros behind them, heads of frames, records, the gaps between, and the rest behind the last. */
static void a_flip_in_a_full_segment_is_found_where_it_lies(void **state)
{
	static const uint64_t in_header[] = {0, 7, 8, 19, 30, 37, 55, 72, 79};
	struct journal *journal = *state;
	uint64_t offsets[16];
	const size_t count = frames_of(journal, 1, offsets);

	journal_close(journal);
	assert_true(count > 1);
	for (size_t i = 0; i < sizeof in_header / sizeof in_header[0]; i++)
		expect_found(journal, 1, in_header[i], MTR_FRAME_ALIGN);
	expect_found(journal, 1, 80, MTR_FRAME_ALIGN);
	expect_found(journal, 1, MTR_FRAME_ALIGN - 1, MTR_FRAME_ALIGN);
	for (size_t i = 0; i < count; i++) {
		for (uint64_t at = 0; at < MTR_FRAME_HEADER_BYTES; at += 11)
			expect_found(journal, 1, offsets[i] + at, MTR_FRAME_MAX);
		for (uint64_t at = offsets[i] + MTR_FRAME_HEADER_BYTES; at < offsets[i + 1]; at += 170011)
			expect_found(journal, 1, at, MTR_FRAME_MAX);
		expect_found(journal, 1, offsets[i + 1] - 1, MTR_FRAME_MAX);
	}
	expect_found(journal, 1, offsets[count], 1);
	expect_found(journal, 1, SMALL - 1, MTR_FRAME_MAX);
}

/* In the last segment a flip behind the last frame is cleared by a start, as a torn tail is; all else is damage. */
static void a_flip_in_the_last_segment_is_found_or_cleared(void **state)
{
	struct journal *journal = *state;
	const struct mtr_chain_point head = journal_head(journal);
	const uint64_t first = head.revision - BATCH_RECORDS;
	uint64_t offsets[16];
	const size_t count = frames_of(journal, first, offsets);
	struct mtr_inspection inspection;
	struct seen seen;

	journal_close(journal);
	assert_int_equal(count, 2);
	for (uint64_t at = 0; at < offsets[1] + 4096; at += 20011)
		expect_found(journal, first, at, MTR_FRAME_MAX);
	flip_byte(journal, first, offsets[2] + 50);
	inspection = inspect(journal, head.revision, true, &seen);
	assert_int_equal(seen.count, 0);
	assert_true(inspection.torn);
	journal_open(journal, SMALL);
	journal_close(journal);
	inspection = inspect(journal, head.revision, true, &seen);
	assert_int_equal(seen.count, 0);
	assert_false(inspection.torn);
}

/* Each segment that is damaged is named, not only the first. */
static void all_damage_is_told(void **state)
{
	struct journal *journal = *state;
	const uint64_t first = journal_head(journal).revision - BATCH_RECORDS;
	struct seen seen;

	journal_close(journal);
	flip_byte(journal, 1, 5000);
	flip_byte(journal, first, 5000);
	inspect(journal, first, true, &seen);
	assert_int_equal(seen.count, 2);
	flip_byte(journal, 1, 5000);
	inspect(journal, UINT64_MAX, true, &seen);
	assert_int_equal(seen.count, 1);
	/* What came before it was handed on. */
	assert_int_equal(seen.reading.expected, first);
}

static void a_cut_file_is_found(void **state)
{
	static const uint64_t sizes[] = {0, 40, 80, 4096, 5000, SMALL - 1, SMALL + 1};
	struct journal *journal = *state;
	const uint64_t second = journal_head(journal).revision - BATCH_RECORDS;
	struct seen seen;

	journal_close(journal);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		const int fd = journal_file(journal, second);
		uint8_t *bytes = malloc(SMALL);

		assert_int_equal(mtr_read_all(fd, bytes, SMALL, 0), 0);
		assert_int_equal(ftruncate(fd, (off_t)sizes[i]), 0);
		inspect(journal, 1, true, &seen);
		assert_int_equal(seen.count, 1);
		assert_int_equal(ftruncate(fd, SMALL), 0);
		assert_int_equal(mtr_write_all(fd, bytes, SMALL, 0), 0);
		free(bytes);
		close(fd);
	}
}

static void remove_segment(const struct journal *journal, uint64_t first)
{
	char name[MTR_SEGMENT_NAME_BYTES], path[128];

	mtr_segment_name(first, name);
	(void)snprintf(path, sizeof path, "%s/%s", journal->directory, name);
	assert_int_equal(unlink(path), 0);
}

static void assert_missing(const struct journal *journal, uint64_t first, const char *revisions)
{
	char name[MTR_SEGMENT_NAME_BYTES];
	struct seen seen;

	mtr_segment_name(first, name);
	inspect(journal, 1, true, &seen);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.damage.kind, MTR_DAMAGE_MISSING);
	assert_string_equal(seen.damage.file, name);
	assert_non_null(strstr(seen.what, revisions));
}

/* It is the missing one that is named, not the next one, which is whole. */
static void a_missing_segment_is_named(void **state)
{
	struct journal *journal = *state;
	const uint64_t last = journal_head(journal).revision - BATCH_RECORDS - 1, middle = last / 2 + 1;
	char revisions[64];

	journal_close(journal);
	remove_segment(journal, middle);
	(void)snprintf(revisions, sizeof revisions, "revisions %" PRIu64 " to %" PRIu64, middle, last);
	assert_missing(journal, middle, revisions);
	remove_segment(journal, 1);
	(void)snprintf(revisions, sizeof revisions, "those before it are missing, with the revisions 1 to %" PRIu64,
		       last);
	assert_missing(journal, middle, revisions);
}

#define JOURNAL_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, journal_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JOURNAL_TEST(a_sound_journal_passes_served_or_not),
		JOURNAL_TEST(a_flip_in_a_full_segment_is_found_where_it_lies),
		JOURNAL_TEST(a_flip_in_the_last_segment_is_found_or_cleared),
		JOURNAL_TEST(all_damage_is_told),
		JOURNAL_TEST(the_last_segment_can_be_looked_at_alone),
		JOURNAL_TEST(a_cut_file_is_found),
		JOURNAL_TEST(a_missing_segment_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
