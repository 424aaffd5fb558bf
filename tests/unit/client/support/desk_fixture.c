#include "desk_fixture.h"

#include <stdlib.h>

int desk_fixture_begin(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	desk_begin(&fixture->desk);
	*state = fixture;
	return 0;
}

int desk_fixture_end(void **state)
{
	struct fixture *fixture = *state;

	desk_end(&fixture->desk);
	fake_server_end(&fixture->server);
	free(fixture);
	return 0;
}

void desk_fixture_start(struct fixture *fixture, fake_hook hook, uint32_t timeout_ms)
{
	fixture->server.hook = hook;
	fake_server_start(&fixture->server);
	desk_open(&fixture->desk, &fixture->server, timeout_ms);
}
