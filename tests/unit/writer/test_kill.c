/* The writer's process is killed while it works; what it answered must be there afterwards, once, word for word. */
#include "unit/writer/house.h"

#include "store/verify.h"

#include <signal.h>
#include <sys/wait.h>

#define ROUNDS 6u
#define ANSWERS 400u /* seen before the kill */
#define AHEAD 40u    /* entries sent before the first answer is awaited */

/* One answer, as the child tells the parent of it. */
struct seen {
	uint64_t sequence;
	uint8_t answer_hash[MTR_HASH_BYTES];
};

static void hash_answer(const struct mtr_work *work, uint8_t ret_hash[MTR_HASH_BYTES])
{
	crypto_generichash(ret_hash, MTR_HASH_BYTES, work->answer, work->answer_size, NULL, 0);
}

/* Works for ever, telling of every answer. */
static void work_until_killed(struct house *house, struct desk *desk, int pipe_end)
{
	house_open(house);
	for (uint32_t i = 0; i < AHEAD; i++)
		assert_true(mtr_writer_submit(house->writer, desk_unit(desk, (uint32_t)desk->sequence)));
	for (;;) {
		struct mtr_work *work = house_reply(house);
		struct seen seen = {.sequence = work->sequence};

		hash_answer(work, seen.answer_hash);
		mtr_work_free(&work);
		if (write(pipe_end, &seen, sizeof seen) != sizeof seen)
			_exit(1);
		assert_true(mtr_writer_submit(house->writer, desk_unit(desk, (uint32_t)desk->sequence)));
	}
}

static bool read_seen(int pipe_end, struct seen *ret_seen)
{
	ssize_t got = read(pipe_end, ret_seen, sizeof *ret_seen);

	return got == sizeof *ret_seen;
}

static void check_store(const struct house *house)
{
	char difference[MTR_DIFFERENCE_MAX] = "";
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, house->store);
	if (!mtr_store_check(&txn, difference))
		fail_msg("%s", difference);
	mtr_txn_abort(&txn);
}

/* What the killed process had answered, checked by asking again for each; the desk's state moves behind it. */
static void check_seen(struct house *house, struct desk *desk, const struct seen *seen, size_t count)
{
	house_open(house);
	for (size_t i = 0; i < count; i++) {
		uint8_t hash[MTR_HASH_BYTES];
		struct mtr_work *work = house_ask(house, desk_unit(desk, (uint32_t)desk->sequence));

		assert_int_equal(work->sequence, seen[i].sequence);
		assert_true(work->repeated_answer);
		hash_answer(work, hash);
		assert_memory_equal(hash, seen[i].answer_hash, sizeof hash);
		mtr_work_free(&work);
	}
	/* Some more may be durable that nobody was told of; the desk sends those again too. */
	for (uint32_t i = 0; i <= AHEAD; i++)
		assert_done(judge(house, desk_unit(desk, (uint32_t)desk->sequence)));
	mtr_writer_stop(&house->writer);
	check_store(house);
	house_close(house);
}

static void what_was_answered_survives_a_kill(void **state)
{
	struct desk desk = make_desk(1, OPERATOR_ID);
	static struct seen seen[ANSWERS + 100000];
	struct house house;

	(void)state;
	house_make(&house);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		int ends[2];
		size_t count = 0;

		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			close(ends[0]);
			work_until_killed(&house, &desk, ends[1]);
		}
		close(ends[1]);
		while (count < ANSWERS + 37 * round && read_seen(ends[0], &seen[count]))
			count++;
		assert_int_equal(kill(child, SIGKILL), 0);
		while (count < sizeof seen / sizeof *seen && read_seen(ends[0], &seen[count]))
			count++;
		close(ends[0]);
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_true(count >= ANSWERS);
		check_seen(&house, &desk, seen, count);
	}
	house_remove(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_answered_survives_a_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
