#include "unit/engine/journal.h"

static const uint32_t seed = 0x12345678;

/* A frame in memory of exactly its size. */
static uint8_t *make_frame(uint32_t count, size_t size, uint32_t *ret_length)
{
	struct mtr_arena *arena = mtr_arena_new(8u * 1024u * 1024u);
	struct mtr_batch batch = make_batch(arena, (struct mtr_chain_point){.revision = 41, .chain = {9}}, count, size);
	uint8_t *bytes = malloc(MTR_FRAME_HEADER_BYTES + batch.size);

	assert_int_equal(mtr_frame_encode(&batch, seed, bytes), 0);
	memcpy(bytes + MTR_FRAME_HEADER_BYTES, batch.records, batch.size);
	*ret_length = (uint32_t)(MTR_FRAME_HEADER_BYTES + batch.size);
	mtr_arena_free(&arena);
	return bytes;
}

static void header_comes_back(void **state)
{
	uint32_t length;
	uint8_t *bytes = make_frame(3, 50, &length);
	struct mtr_frame frame;

	(void)state;
	assert_true(mtr_frame_valid(bytes, length, seed, &frame));
	assert_int_equal(frame.length, length);
	assert_int_equal(frame.count, 3);
	assert_int_equal(frame.first, 42);
	assert_int_equal(frame.last, 44);
	assert_int_equal(frame.chain_before[0], 9);
	assert_int_equal(mtr_frame_span(&frame), MTR_FRAME_ALIGN);
	free(bytes);
}

static void every_flipped_bit_is_found(void **state)
{
	uint32_t length;
	uint8_t *bytes = make_frame(2, 50, &length);
	struct mtr_frame frame;

	(void)state;
	for (size_t i = 0; i < length; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			bytes[i] ^= (uint8_t)(1u << bit);
			assert_false(mtr_frame_valid(bytes, length, seed, &frame));
			bytes[i] ^= (uint8_t)(1u << bit);
		}
	}
	assert_true(mtr_frame_valid(bytes, length, seed, &frame));
	assert_false(mtr_frame_valid(bytes, length, seed + 1, &frame));
	for (size_t size = 0; size < length; size++)
		assert_false(mtr_frame_valid(bytes, size, seed, &frame));
	free(bytes);
}

static void records_come_in_order_from_a_revision(void **state)
{
	uint32_t length;
	uint8_t *bytes = make_frame(5, 50, &length), chain[MTR_HASH_BYTES] = {9}, whole[MTR_HASH_BYTES] = {9};
	struct mtr_frame frame;
	struct reading reading = {.expected = 44};

	(void)state;
	assert_true(mtr_frame_valid(bytes, length, seed, &frame));
	assert_int_equal(mtr_frame_records(bytes, &frame, chain, 44, read_record, &reading), 0);
	assert_int_equal(reading.expected, 47);
	assert_int_equal(mtr_frame_records(bytes, &frame, whole, 0, NULL, NULL), 0);
	assert_memory_equal(chain, whole, sizeof chain);
	reading = (struct reading){.expected = 42, .stop_at = 43};
	assert_int_equal(mtr_frame_records(bytes, &frame, chain, 42, read_record, &reading), 77);
	free(bytes);
}

static void batches_that_do_not_fit_are_refused(void **state)
{
	struct mtr_arena *arena = mtr_arena_new(8u * 1024u * 1024u);
	struct mtr_batch good = make_batch(arena, (struct mtr_chain_point){0}, 2, 50), bad;
	uint8_t header[MTR_FRAME_HEADER_BYTES], *large = mtr_arena_alloc(arena, MTR_FRAME_MAX);

	(void)state;
	assert_int_equal(mtr_frame_encode(&good, seed, header), 0);
	bad = good;
	bad.count = 1;
	assert_int_equal(mtr_frame_encode(&bad, seed, header), -EINVAL);
	bad = good;
	bad.size--;
	assert_int_equal(mtr_frame_encode(&bad, seed, header), -EINVAL);
	bad = good;
	bad.after.revision++;
	assert_int_equal(mtr_frame_encode(&bad, seed, header), -EINVAL);
	bad = (struct mtr_batch){.after.revision = 0, .records = large};
	assert_int_equal(mtr_frame_encode(&bad, seed, header), -EINVAL);
	bad = (struct mtr_batch){.after.revision = 1, .records = large, .size = MTR_BATCH_BYTES_MAX + 1, .count = 1};
	large[1] = (uint8_t)((bad.size - 4) >> 16);
	large[2] = (uint8_t)((bad.size - 4) >> 8);
	large[3] = (uint8_t)(bad.size - 4);
	assert_int_equal(mtr_frame_encode(&bad, seed, header), -EINVAL);
	bad.size--;
	large[3]--;
	assert_int_equal(mtr_frame_encode(&bad, seed, header), 0);
	mtr_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_comes_back),
		cmocka_unit_test(every_flipped_bit_is_found),
		cmocka_unit_test(records_come_in_order_from_a_revision),
		cmocka_unit_test(batches_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
