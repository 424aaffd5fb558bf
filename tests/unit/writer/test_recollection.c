/* What is kept of entries that a restore lost. */
#include "unit/writer/house.h"

#include "writer/recollection.h"

#define BODY_BYTES MTR_REQUEST_MAX

struct scene {
	struct house house;
	struct mtr_arena *arena;
	struct mtr_recollection *recollection;
};

static int begin(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);
	struct mtr_txn txn;

	house_make(&scene->house);
	house_open(&scene->house);
	scene->arena = mtr_arena_new(1u << 16);
	mtr_txn_begin_read(&txn, scene->house.store);
	scene->recollection = mtr_recollection_new(&txn, scene->arena);
	mtr_txn_abort(&txn);
	assert_non_null(scene->recollection);
	*state = scene;
	return 0;
}

static int end(void **state)
{
	struct scene *scene = *state;

	mtr_recollection_free(&scene->recollection);
	mtr_arena_free(&scene->arena);
	house_remove(&scene->house);
	free(scene);
	return 0;
}

static bool keep(struct scene *scene, uint8_t outbox, uint64_t sequence, bool operates)
{
	static uint8_t body[BODY_BYTES];
	struct mtr_work *work = mtr_work_new(body, sizeof body);

	assert_non_null(work);
	work->outbox[0] = outbox;
	work->sequence = sequence;
	const bool kept =
		mtr_recollection_keep(scene->recollection, work, (struct mtr_bytes){.size = 0}, UINT64_MAX, operates);

	mtr_work_free(&work);
	return kept;
}

static void operators_have_room_when_all_else_is_full(void **state)
{
	struct scene *scene = *state;
	uint64_t kept = 0, operators = 0;

	while (keep(scene, 1, kept + 1, false))
		kept++;
	assert_true(kept * BODY_BYTES < MTR_RECOLLECTION_BYTES_MAX - MTR_RECOLLECTION_OPERATORS_BYTES);
	assert_true((kept + 1) * (BODY_BYTES + 1024) > MTR_RECOLLECTION_BYTES_MAX - MTR_RECOLLECTION_OPERATORS_BYTES);
	while (keep(scene, 2, operators + 1, true))
		operators++;
	assert_true(operators >= MTR_RECOLLECTION_OPERATORS_BYTES / (BODY_BYTES + 1024));
	assert_true((kept + operators) * BODY_BYTES < MTR_RECOLLECTION_BYTES_MAX);
}

static void it_is_taken_out_in_the_order_of_its_outbox(void **state)
{
	struct scene *scene = *state;
	struct mtr_work *work;

	for (uint64_t sequence = 1; sequence <= 3; sequence++)
		assert_true(keep(scene, 1, sequence, false));
	for (uint64_t sequence = 1; sequence <= 3; sequence++) {
		work = mtr_recollection_take(scene->recollection);
		assert_non_null(work);
		assert_int_equal(work->sequence, sequence);
		mtr_work_free(&work);
	}
	assert_null(mtr_recollection_take(scene->recollection));
	assert_false(keep(scene, 1, 4, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(operators_have_room_when_all_else_is_full, begin, end),
		cmocka_unit_test_setup_teardown(it_is_taken_out_in_the_order_of_its_outbox, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
