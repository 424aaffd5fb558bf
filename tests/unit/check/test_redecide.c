/* What is on record is decided again: as it was it comes out the same, and whatever somebody changed is seen. */
#include "unit/writer/house.h"

#include "check/redecide.h"
#include "engine/record.h"
#include "store/apply.h"
#include "store/rows.h"

#define UNITS 5u
#define LAST (UNITS + 2u) /* revision of the last unit, behind the first record and a refusal */

/* The register built a second time, as far as the record before the last. */
struct second {
	struct house *house;
	struct mtr_store *store;
	struct mtr_txn txn;
	struct mtr_redecide *redecide;
	struct mtr_arena *arena;
	struct mtr_bytes last; /* the last record */
	enum mtr_redecided seen[LAST + 1];
};

static int take(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		size_t size)
{
	struct second *second = context;
	const char *what = "nothing";

	if (revision == LAST) {
		second->last = (struct mtr_bytes){mtr_arena_copy(second->arena, record, size), size};
		return 0;
	}
	second->seen[revision] = mtr_redecide(second->redecide, &second->txn, record, size, &what);
	mtr_apply_record(&second->txn, record, size, chain_after);
	assert_int_equal(second->txn.error, MTR_STORE_OK);
	return 0;
}

static void fill(struct house *house)
{
	struct desk desk = make_desk(1, OPERATOR_ID);

	for (uint32_t i = 0; i + 1 < UNITS; i++)
		assert_done(judge(house, desk_unit(&desk, i)));
	/* Refused, which is on record too; and the last one, which isn't. */
	assert_int_not_equal(judge(house, desk_entry(&desk, (const uint8_t *)"\xff", 1)).code, 0);
	assert_done(judge(house, desk_unit(&desk, UNITS)));
}

static int set_up(void **state)
{
	struct second *second = calloc(1, sizeof *second);
	char path[128];
	void *house;

	house_setup(&house);
	second->house = house;
	fill(house);
	mtr_writer_stop(&second->house->writer);
	(void)snprintf(path, sizeof path, "%s/second", second->house->directory);
	const struct mtr_store_options options = {
		.directory = path, .map_bytes = 64u << 20, .create = true, .unsynced = true};

	assert_int_equal(mtr_store_open(&second->store, &options), MTR_STORE_OK);
	mtr_txn_begin_write(&second->txn, second->store);
	second->redecide = mtr_redecide_new();
	second->arena = mtr_arena_new(4u << 20);
	assert_int_equal(second->house->engine->operations->fetch(second->house->engine, 1, take, second), 0);
	*state = second;
	return 0;
}

static int tear_down(void **state)
{
	struct second *second = *state;
	void *house = second->house;

	mtr_txn_abort(&second->txn);
	mtr_store_close(&second->store);
	mtr_redecide_free(&second->redecide);
	mtr_arena_free(&second->arena);
	free(second);
	return house_teardown(&house);
}

static void what_was_decided_comes_out_the_same(void **state)
{
	struct second *second = *state;
	const char *what = NULL;

	assert_int_equal(second->seen[1], MTR_REDECIDED_NOT_OURS);
	for (uint32_t revision = 2; revision < LAST; revision++)
		assert_int_equal(second->seen[revision], MTR_REDECIDED_SAME);
	assert_int_equal(mtr_redecide(second->redecide, &second->txn, second->last.data, second->last.size, &what),
			 MTR_REDECIDED_SAME);
	assert_null(what);
}

/* The last record again, with something changed in it. */
static enum mtr_redecided decide_changed(struct second *second, const Mtr__RecordHeader *header,
					 struct mtr_bytes answer, size_t effect_count, const char **ret_what)
{
	struct mtr_record_view view;
	struct mtr_bytes effect, record;
	uint8_t digest[MTR_HASH_BYTES];

	assert_int_equal(mtr_record_read(second->last.data, second->last.size, &view), 0);
	assert_int_equal(view.effect_count, 1);
	const struct mtr_record_parts parts = {.header = header,
					       .command = view.command,
					       .answer = answer.data ? answer : view.answer,
					       .effects = &effect,
					       .effect_count = effect_count};

	assert_true(mtr_record_next_effect(&view, &effect));
	assert_int_equal(mtr_record_build(second->arena, &parts, &record, digest), 0);
	return mtr_redecide(second->redecide, &second->txn, record.data, record.size, ret_what);
}

static void what_was_changed_is_seen(void **state)
{
	const struct mtr_bytes answer = {(const uint8_t *)"\x08\x01", 2};
	const struct mtr_bytes same = {NULL, 0};
	struct second *second = *state;
	struct mtr_record_view view;
	const char *what = NULL;

	assert_int_equal(mtr_record_read(second->last.data, second->last.size, &view), 0);
	Mtr__RecordHeader *header =
		mtr__record_header__unpack(mtr_arena_allocator(second->arena), view.header.size, view.header.data);

	assert_int_equal(decide_changed(second, header, same, 1, &what), MTR_REDECIDED_SAME);
	assert_int_equal(decide_changed(second, header, answer, 1, &what), MTR_REDECIDED_OTHERWISE);
	assert_string_equal(what, "the answer");
	assert_int_equal(decide_changed(second, header, same, 0, &what), MTR_REDECIDED_OTHERWISE);
	assert_string_equal(what, "a changed row");
	header->error_code = 5;
	assert_int_equal(decide_changed(second, header, same, 1, &what), MTR_REDECIDED_OTHERWISE);
	assert_string_equal(what, "the header");
	header->rules_version++;
	assert_int_equal(decide_changed(second, header, same, 1, &what), MTR_REDECIDED_OTHER_RULES);
}

static bool choose_leaf(void *context, uint32_t index, struct mtr_bytes leaf)
{
	(void)leaf;
	return index == *(const uint32_t *)context;
}

static enum mtr_redecided decide_last(struct second *second)
{
	const char *what = NULL;
	const enum mtr_redecided redecided =
		mtr_redecide(second->redecide, &second->txn, second->last.data, second->last.size, &what);

	assert_null(what);
	return redecided;
}

/* From here on the row of the last record is missing, until that record comes as it was. */
static void redact_last(struct second *second)
{
	const uint32_t effect = MTR_LEAF_EFFECTS;
	struct mtr_bytes redacted;
	const char *what = NULL;
	size_t count;

	assert_int_equal(mtr_record_redact(second->arena, second->last, choose_leaf, (void *)(uintptr_t)&effect,
					   &redacted, &count),
			 0);
	assert_int_equal(count, 1);
	assert_int_equal(mtr_redecide(second->redecide, &second->txn, redacted.data, redacted.size, &what),
			 MTR_REDECIDED_REDACTED);
	assert_null(what);
}

static void what_comes_out_the_same_without_a_row_counts(void **state)
{
	struct second *second = *state;

	redact_last(second);
	assert_int_equal(decide_last(second), MTR_REDECIDED_SAME);
}

/* While a row is missing that may be why; with all of them there again it isn't. */
static void what_comes_out_otherwise_without_a_row_is_unclear(void **state)
{
	const struct mtr_bytes same = {NULL, 0};
	struct second *second = *state;
	struct mtr_record_view view;
	const char *what = NULL;

	assert_int_equal(mtr_record_read(second->last.data, second->last.size, &view), 0);
	const Mtr__RecordHeader *header =
		mtr__record_header__unpack(mtr_arena_allocator(second->arena), view.header.size, view.header.data);

	redact_last(second);
	assert_int_equal(decide_changed(second, header, same, 0, &what), MTR_REDECIDED_UNCLEAR);
	assert_null(what);
	assert_int_equal(decide_last(second), MTR_REDECIDED_SAME);
	assert_int_equal(decide_changed(second, header, same, 0, &what), MTR_REDECIDED_OTHERWISE);
	assert_string_equal(what, "a changed row");
}

/* What can't be read with all rows there is damage; while one is missing the transaction goes on. */
static void what_fails_without_a_row_is_unclear(void **state)
{
	struct second *second = *state;
	const struct mtr_key key = mtr_entity_key(MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, OPERATOR_ID);
	const struct mtr_bytes unreadable = {(const uint8_t *)"?", 1};
	struct mtr_bytes found, place;

	assert_true(mtr_txn_get(&second->txn, MTR_TABLE_ENTITY, mtr_key_as_bytes(&key), &found));
	place = (struct mtr_bytes){mtr_arena_copy(second->arena, found.data, found.size), found.size};
	mtr_txn_put(&second->txn, MTR_TABLE_ENTITY, mtr_key_as_bytes(&key), unreadable);
	redact_last(second);
	assert_int_equal(decide_last(second), MTR_REDECIDED_UNCLEAR);
	assert_int_equal(second->txn.error, MTR_STORE_OK);
	assert_int_equal(decide_last(second), MTR_REDECIDED_ERROR);
	assert_int_equal(second->txn.error, MTR_STORE_CORRUPT);
	second->txn.error = MTR_STORE_OK;
	mtr_txn_put(&second->txn, MTR_TABLE_ENTITY, mtr_key_as_bytes(&key), place);
	assert_int_equal(decide_last(second), MTR_REDECIDED_SAME);
}

#define CHECK_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(what_was_decided_comes_out_the_same),
		CHECK_TEST(what_was_changed_is_seen),
		CHECK_TEST(what_comes_out_the_same_without_a_row_counts),
		CHECK_TEST(what_comes_out_otherwise_without_a_row_is_unclear),
		CHECK_TEST(what_fails_without_a_row_is_unclear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
