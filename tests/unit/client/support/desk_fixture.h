/* What a test of the client begins with: a desk in a directory of its own, and a server that isn't started yet. */
#ifndef TESTS_CLIENT_DESK_FIXTURE_H
#define TESTS_CLIENT_DESK_FIXTURE_H

#include "testing.h"

struct fixture {
	struct desk desk;
	struct fake_server server;
};

/* For cmocka_unit_test_setup_teardown: *state is a struct fixture in between. */
int desk_fixture_begin(void **state);
int desk_fixture_end(void **state);

/* Starts the server, which asks `hook` (NULL: it answers as a register does), and opens the client for it. */
void desk_fixture_start(struct fixture *fixture, fake_hook hook, uint32_t timeout_ms);

#endif
