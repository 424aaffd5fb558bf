#include "contract/arena.h"
#include "matricula/v1/vocabulary.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void gives_zeroed_aligned_memory(void **state)
{
	struct mtr_arena *arena = mtr_arena_new(1 << 20);

	(void)state;
	for (size_t size = 0; size < 40000; size = size * 2 + 1) {
		char *bytes = mtr_arena_alloc(arena, size);

		assert_non_null(bytes);
		assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xAA, size);
	}
	mtr_arena_reset(arena);
	char *again = mtr_arena_alloc(arena, 100);

	for (size_t i = 0; i < 100; i++)
		assert_int_equal(again[i], 0);
	assert_string_equal(mtr_arena_text(arena, "Đức"), "Đức");
	assert_memory_equal(mtr_arena_copy(arena, "abc", 3), "abc", 3);
	assert_non_null(mtr_arena_copy(arena, NULL, 0));
	mtr_arena_free(&arena);
	assert_null(arena);
	mtr_arena_free(&arena);
	mtr_arena_free(NULL);
}

static void stops_at_its_limit(void **state)
{
	struct mtr_arena *arena = mtr_arena_new(1000);

	(void)state;
	assert_non_null(mtr_arena_alloc(arena, 900));
	assert_false(mtr_arena_exhausted(arena));
	assert_null(mtr_arena_alloc(arena, 200));
	assert_true(mtr_arena_exhausted(arena));
	mtr_arena_reset(arena);
	assert_false(mtr_arena_exhausted(arena));
	assert_null(mtr_arena_alloc(arena, SIZE_MAX));
	assert_null(mtr_arena_array(arena, SIZE_MAX / 2, 3));
	assert_true(mtr_arena_exhausted(arena));
	assert_non_null(mtr_arena_array(arena, 10, 10));
	mtr_arena_free(&arena);
}

static void protobuf_unpacks_into_it(void **state)
{
	static const uint8_t packed[] = {0x08, 0x01, 0x10, 0x03}, cut[] = {0x08};
	struct mtr_arena *arena = mtr_arena_new(1 << 16), *small = mtr_arena_new(8);
	Mtr__Standard *standard = mtr__standard__unpack(mtr_arena_allocator(arena), sizeof packed, packed);

	(void)state;
	assert_non_null(standard);
	assert_int_equal(standard->number, 3);
	mtr__standard__free_unpacked(standard, mtr_arena_allocator(arena));
	assert_null(mtr__standard__unpack(mtr_arena_allocator(arena), sizeof cut, cut));
	assert_null(mtr__standard__unpack(mtr_arena_allocator(small), sizeof packed, packed));
	mtr_arena_free(&arena);
	mtr_arena_free(&small);
}

static void is_charged_for_what_lies_elsewhere(void **state)
{
	struct mtr_arena *arena = mtr_arena_new(1024);

	(void)state;
	assert_int_equal(mtr_arena_given(arena), 0);
	assert_non_null(mtr_arena_alloc(arena, 256));
	assert_int_equal(mtr_arena_given(arena), 256);
	assert_true(mtr_arena_charge(arena, 512));
	assert_int_equal(mtr_arena_given(arena), 768);
	assert_null(mtr_arena_alloc(arena, 257));
	mtr_arena_reset(arena);
	assert_true(mtr_arena_charge(arena, 1024));
	assert_false(mtr_arena_exhausted(arena));
	assert_false(mtr_arena_charge(arena, 1));
	assert_true(mtr_arena_exhausted(arena));
	assert_false(mtr_arena_starved(arena));
	mtr_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_aligned_memory),
		cmocka_unit_test(stops_at_its_limit),
		cmocka_unit_test(protobuf_unpacks_into_it),
		cmocka_unit_test(is_charged_for_what_lies_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
