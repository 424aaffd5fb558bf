#include "net/accounts.h"

#include "contract/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct mtr_monotime NOW = {5000};

static void test_one_for_each_key(void **state)
{
	struct mtr_accounts *accounts = mtr_accounts_new();

	(void)state;
	struct mtr_account *first = mtr_accounts_of(accounts, 1);

	/* In one bucket, whatever their number. */
	for (uint32_t id = 2; id < 5000; id++)
		assert_int_equal(mtr_accounts_of(accounts, id)->principal_id, id);
	assert_ptr_equal(mtr_accounts_of(accounts, 1), first);
	assert_ptr_not_equal(mtr_accounts_of(accounts, 1025), first);
	mtr_accounts_free(&accounts);
	assert_null(accounts);
	mtr_accounts_free(&accounts);
}

static void test_queries(void **state)
{
	struct mtr_accounts *accounts = mtr_accounts_new();
	struct mtr_account *account = mtr_accounts_of(accounts, 1);

	(void)state;
	account->queries = MTR_QUERIES_MAX - 1;
	assert_true(mtr_account_has_room(account, true, NOW));
	account->queries++;
	assert_false(mtr_account_has_room(account, true, NOW));
	assert_true(mtr_account_has_room(account, false, NOW));
	mtr_accounts_free(&accounts);
}

/* Who doesn't read gets nothing read, until a while after its queue had room again. */
static void test_overflow(void **state)
{
	struct mtr_accounts *accounts = mtr_accounts_new();
	struct mtr_account *account = mtr_accounts_of(accounts, 1);

	(void)state;
	account->overflowed = NOW;
	assert_false(mtr_account_has_room(account, true, NOW));
	assert_true(mtr_account_has_room(account, false, NOW));
	assert_false(mtr_account_has_room(account, true, (struct mtr_monotime){NOW.ms + MTR_OVERFLOW_PAUSE_MS - 1}));
	assert_true(mtr_account_has_room(account, true, (struct mtr_monotime){NOW.ms + MTR_OVERFLOW_PAUSE_MS}));
	mtr_accounts_free(&accounts);
}

/* A page that couldn't be sent isn't read: a desk that never reads would keep the readers busy with them. */
static void test_room_for_each_page(void **state)
{
	struct mtr_accounts *accounts = mtr_accounts_new();
	struct mtr_account *account = mtr_accounts_of(accounts, 1);

	(void)state;
	atomic_store(&account->unread, MTR_UNREAD_MAX - 2 * MTR_REPLY_MAX);
	account->queries = 1;
	assert_true(mtr_account_has_room(account, true, NOW));
	account->queries = 2;
	assert_false(mtr_account_has_room(account, true, NOW));
	account->queries = 0;
	atomic_store(&account->unread, MTR_UNREAD_MAX - MTR_REPLY_MAX + 1);
	assert_false(mtr_account_has_room(account, true, NOW));
	assert_true(mtr_account_has_room(account, false, NOW));
	mtr_accounts_free(&accounts);
}

static void test_unread(void **state)
{
	struct mtr_accounts *accounts = mtr_accounts_new();
	struct mtr_account *account = mtr_accounts_of(accounts, 1);
	zmq_msg_t messages[MTR_UNREAD_MAX / MTR_REPLY_MAX], one;

	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		assert_true(mtr_account_has_room(account, false, NOW));
		assert_true(mtr_account_message(account, MTR_REPLY_MAX, &messages[i]));
		memset(zmq_msg_data(&messages[i]), 0, zmq_msg_size(&messages[i]));
	}
	assert_false(mtr_account_has_room(account, false, NOW));
	assert_false(mtr_account_message(account, 1, &one));
	/* Somebody else's don't count, and nobody's neither. */
	assert_true(mtr_account_message(mtr_accounts_of(accounts, 2), 1, &one));
	zmq_msg_close(&one);
	assert_true(mtr_account_message(NULL, 1, &one));
	zmq_msg_close(&one);
	/* What was passed on counts no more. */
	zmq_msg_close(&messages[0]);
	assert_true(mtr_account_has_room(account, true, NOW));
	assert_true(mtr_account_message(account, MTR_REPLY_MAX, &messages[0]));
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
		zmq_msg_close(&messages[i]);
	assert_int_equal(atomic_load(&account->unread), 0);
	mtr_accounts_free(&accounts);
}

/* A block goes with its message, and at once when there is none. */
static void test_blocks(void **state)
{
	struct mtr_accounts *accounts = mtr_accounts_new();
	struct mtr_account *account = mtr_accounts_of(accounts, 1);
	const size_t size = MTR_UNREAD_MAX - 16;
	zmq_msg_t message, other;

	(void)state;
	for (int i = 0; i < 3; i++) {
		uint8_t *block = malloc(16 + size), *more = malloc(32);
		const struct mtr_bytes bytes = {block + 16, size};

		assert_true(block && more);
		block[16] = 7;
		assert_true(mtr_account_pass_on(account, bytes, block, &message));
		assert_ptr_equal(zmq_msg_data(&message), block + 16);
		assert_int_equal(zmq_msg_size(&message), size);
		assert_int_equal(atomic_load(&account->unread), size);
		assert_false(mtr_account_pass_on(account, (struct mtr_bytes){more, 17}, more, &other));
		assert_int_equal(atomic_load(&account->unread), size);
		zmq_msg_close(&message);
		assert_int_equal(atomic_load(&account->unread), 0);
	}
	mtr_accounts_free(&accounts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_for_each_key), cmocka_unit_test(test_queries),
		cmocka_unit_test(test_overflow),         cmocka_unit_test(test_room_for_each_page),
		cmocka_unit_test(test_unread),           cmocka_unit_test(test_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
