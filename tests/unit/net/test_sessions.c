#include "net/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct mtr_monotime at(uint64_t ms)
{
	return (struct mtr_monotime){ms};
}

static struct mtr_session *open_for(struct mtr_sessions *sessions, uint32_t peer, uint32_t principal_id, uint64_t now)
{
	struct mtr_principal principal = {.id = principal_id};

	return mtr_sessions_open(sessions, &peer, sizeof peer, &principal, at(now));
}

static struct mtr_session *find(struct mtr_sessions *sessions, uint32_t peer)
{
	return mtr_sessions_find(sessions, &peer, sizeof peer);
}

static void test_find_and_drop(void **state)
{
	struct mtr_sessions *sessions = mtr_sessions_new(30000);
	struct mtr_principal principal = {.id = 1};
	uint8_t longest[MTR_PEER_MAX] = {9}, longer[MTR_PEER_MAX + 1] = {9};

	(void)state;
	assert_non_null(sessions);
	assert_null(find(sessions, 1));
	for (uint32_t peer = 0; peer < 20000; peer++) {
		struct mtr_session *session = open_for(sessions, peer, peer, peer);

		assert_non_null(session);
		assert_int_equal(session->number, peer + 1);
	}
	assert_int_equal(mtr_sessions_count(sessions), 20000);
	for (uint32_t peer = 0; peer < 20000; peer += 2)
		mtr_sessions_drop(sessions, find(sessions, peer));
	for (uint32_t peer = 0; peer < 20000; peer++) {
		struct mtr_session *session = find(sessions, peer);

		if (peer % 2)
			assert_int_equal(session->principal.id, peer);
		else
			assert_null(session);
	}
	/* A number is never given twice: an answer to the former session can't reach the new one. */
	assert_int_equal(open_for(sessions, 0, 7, 0)->number, 20001);
	assert_non_null(mtr_sessions_open(sessions, longest, sizeof longest, &principal, at(0)));
	assert_non_null(mtr_sessions_find(sessions, longest, sizeof longest));
	assert_null(mtr_sessions_find(sessions, longest, sizeof longest - 1));
	assert_null(mtr_sessions_open(sessions, longer, sizeof longer, &principal, at(0)));
	mtr_sessions_free(&sessions);
	assert_null(sessions);
	mtr_sessions_free(&sessions);
}

static void test_bound_drops_the_most_silent(void **state)
{
	struct mtr_sessions *sessions = mtr_sessions_new(4);

	(void)state;
	for (uint32_t peer = 1; peer <= 4; peer++)
		assert_non_null(open_for(sessions, peer, peer, peer));
	mtr_sessions_touch(sessions, find(sessions, 1), at(5));
	find(sessions, 2)->in_flight = 1;
	assert_non_null(open_for(sessions, 5, 5, 6));
	assert_int_equal(mtr_sessions_count(sessions), 4);
	assert_non_null(find(sessions, 1));
	assert_non_null(find(sessions, 2));
	assert_null(find(sessions, 3));

	find(sessions, 1)->in_flight = find(sessions, 4)->in_flight = find(sessions, 5)->in_flight = 1;
	assert_null(open_for(sessions, 6, 6, 7));
	assert_int_equal(mtr_sessions_count(sessions), 4);
	mtr_sessions_free(&sessions);
}

static void test_one_key_pushes_out_its_own(void **state)
{
	struct mtr_sessions *sessions = mtr_sessions_new(8);

	(void)state;
	for (uint32_t peer = 1; peer <= 3; peer++)
		assert_non_null(open_for(sessions, peer, peer, peer));
	for (uint32_t peer = 10; peer < 30; peer++)
		assert_non_null(open_for(sessions, peer, 77, peer));
	for (uint32_t peer = 1; peer <= 3; peer++)
		assert_non_null(find(sessions, peer));
	assert_int_equal(mtr_sessions_count(sessions), 3 + 2);
	assert_non_null(find(sessions, 29));
	assert_non_null(find(sessions, 28));
	assert_null(find(sessions, 27));
	mtr_sessions_free(&sessions);
}

static void test_expiry(void **state)
{
	struct mtr_sessions *sessions = mtr_sessions_new(8);

	(void)state;
	for (uint32_t peer = 1; peer <= 4; peer++)
		assert_non_null(open_for(sessions, peer, peer, peer * 100));
	find(sessions, 1)->in_flight = 1;
	mtr_sessions_touch(sessions, find(sessions, 2), at(500));
	mtr_sessions_expire(sessions, 100, at(400));
	assert_non_null(find(sessions, 1));
	assert_non_null(find(sessions, 2));
	assert_null(find(sessions, 3));
	assert_non_null(find(sessions, 4));
	mtr_sessions_limit(sessions, 1);
	assert_int_equal(mtr_sessions_count(sessions), 1);
	assert_non_null(find(sessions, 1));
	mtr_sessions_free(&sessions);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_and_drop),
		cmocka_unit_test(test_bound_drops_the_most_silent),
		cmocka_unit_test(test_one_key_pushes_out_its_own),
		cmocka_unit_test(test_expiry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
