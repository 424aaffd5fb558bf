#include "unit/writer/house.h"

static struct mtr_work *numbered(uint64_t number)
{
	struct mtr_work *work = mtr_work_new("x", 1);

	work->request_id = number;
	return work;
}

static void works_come_out_in_order_and_bounded(void **state)
{
	struct mtr_queue *queue = mtr_queue_new(3);
	struct mtr_work *extra = numbered(4);

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		assert_true(mtr_queue_put(queue, numbered(i)));
	assert_false(mtr_queue_put(queue, extra));
	assert_int_equal(mtr_queue_count(queue), 3);
	struct mtr_work *two = mtr_queue_take(queue, 2, -1);

	assert_int_equal(two->request_id, 1);
	assert_int_equal(two->next->request_id, 2);
	assert_null(two->next->next);
	assert_true(mtr_queue_put(queue, extra));
	struct mtr_work *rest = mtr_queue_take(queue, 9, 0);

	assert_int_equal(rest->request_id, 3);
	assert_int_equal(rest->next->request_id, 4);
	assert_null(mtr_queue_take(queue, 9, 0));
	assert_null(mtr_queue_take(queue, 9, 1000));
	mtr_work_free(&two->next);
	mtr_work_free(&two);
	mtr_work_free(&rest->next);
	mtr_work_free(&rest);
	mtr_queue_free(&queue);
	assert_null(queue);
}

static void closed_queue_gives_what_is_left(void **state)
{
	struct mtr_queue *queue = mtr_queue_new(3);
	struct mtr_work *late = numbered(2);

	(void)state;
	assert_true(mtr_queue_put(queue, numbered(1)));
	mtr_queue_close(queue);
	assert_false(mtr_queue_put(queue, late));
	struct mtr_work *left = mtr_queue_take(queue, 9, -1);

	assert_int_equal(left->request_id, 1);
	assert_null(mtr_queue_take(queue, 9, -1));
	mtr_work_free(&left);
	mtr_work_free(&late);
	mtr_queue_free(&queue);
}

static void free_takes_what_is_still_in_it(void **state)
{
	struct mtr_queue *queue = mtr_queue_new(3);

	(void)state;
	assert_true(mtr_queue_put(queue, numbered(1)));
	assert_true(mtr_queue_put(queue, numbered(2)));
	mtr_queue_free(&queue);
	mtr_queue_free(&queue);
	mtr_queue_free(NULL);
}

struct taker {
	struct mtr_queue *queue;
	uint32_t takes;
	uint64_t sum;
};

static void *take_all(void *context)
{
	struct taker *taker = context;

	for (;;) {
		struct mtr_work *work = mtr_queue_take(taker->queue, 1, -1);

		if (!work && ++taker->takes == 2)
			return NULL;
		if (work)
			taker->sum += work->request_id;
		mtr_work_free(&work);
	}
}

/* A taker that waits for ever comes back once without anything after a wake, and once when the queue is closed. */
static void wake_brings_a_waiting_taker_back(void **state)
{
	struct taker taker = {.queue = mtr_queue_new(10)};
	pthread_t thread;

	(void)state;
	mtr_queue_wake(taker.queue);
	assert_int_equal(pthread_create(&thread, NULL, take_all, &taker), 0);
	for (uint64_t i = 1; i <= 4; i++)
		assert_true(mtr_queue_put(taker.queue, numbered(i)));
	while (mtr_queue_count(taker.queue))
		sched_yield();
	mtr_queue_wake(taker.queue);
	mtr_queue_close(taker.queue);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(taker.sum, 10);
	mtr_queue_free(&taker.queue);
}

static void work_keeps_copies(void **state)
{
	char body[] = "body", answer[] = "answer";
	struct mtr_work *work = mtr_work_new(body, 4);

	(void)state;
	body[0] = 'x';
	assert_memory_equal(work->body, "body", 4);
	assert_true(mtr_work_answer(work, answer, 6));
	assert_true(mtr_work_answer(work, answer, 3));
	answer[0] = 'x';
	assert_int_equal(work->answer_size, 3);
	assert_memory_equal(work->answer, "ans", 3);
	mtr_work_free(&work);
	assert_null(work);
	mtr_work_free(&work);
	mtr_work_free(NULL);
	work = mtr_work_new(NULL, 0);
	assert_non_null(work);
	mtr_work_free(&work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(works_come_out_in_order_and_bounded),
		cmocka_unit_test(closed_queue_gives_what_is_left),
		cmocka_unit_test(free_takes_what_is_still_in_it),
		cmocka_unit_test(wake_brings_a_waiting_taker_back),
		cmocka_unit_test(work_keeps_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
