#include "desk.h"

#include "matricula/v1/queries.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUERY_BYTES 256u

int desk_read(struct mtr_client *client, char **arguments)
{
	const struct mtr_client_sync_options options = {.wait_ms = 200};
	int error;

	(void)arguments;
	do
		error = mtr_client_sync(client, &options);
	while (!error || error == MTR_CLIENT_NO_LINK || error == MTR_CLIENT_BUSY || error == MTR_CLIENT_SERVER_KEY);
	return error;
}

/* Asks mirror and register the same; at one revision the answers are the same bytes. */
static int compare(struct mtr_client *client, Mtr__Query *query)
{
	const uint8_t *answer;
	uint8_t packed[QUERY_BYTES];
	size_t size = mtr__query__pack(query, packed), answer_size;
	int error = mtr_client_query_mirror(client, packed, size, &answer, &answer_size);

	if (error)
		return error;
	uint8_t *mirrored = malloc(answer_size);
	size_t mirrored_size = answer_size;

	if (!mirrored)
		return MTR_CLIENT_MEMORY;
	memcpy(mirrored, answer, answer_size);
	error = mtr_client_query(client, packed, size, &answer, &answer_size);
	if (!error && (answer_size != mirrored_size || memcmp(mirrored, answer, answer_size) != 0))
		error = DESK_DIFFERS;
	free(mirrored);
	return error;
}

static int compare_list(struct mtr_client *client, Mtr__EntityType type)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__List list = MTR__LIST__INIT;

	list.type = type;
	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = &list;
	return compare(client, &query);
}

static int compare_tallies(struct mtr_client *client)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Tallies tallies = MTR__TALLIES__INIT;

	tallies.by_unit = true;
	query.body_case = MTR__QUERY__BODY_TALLIES;
	query.tallies = &tallies;
	return compare(client, &query);
}

int desk_compare(struct mtr_client *client)
{
	static const Mtr__EntityType types[] = {
		MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION,   MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON,
		MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION,   MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER,
		MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT,
	};
	struct mtr_client_mirror_state state;
	int error = mtr_client_sync(client, NULL);

	if (!error)
		error = mtr_client_mirror_state(client, &state);
	if (!error && !state.agreed)
		error = DESK_DIFFERS;
	if (!error)
		error = compare_tallies(client);
	for (size_t i = 0; !error && i < sizeof types / sizeof *types; i++)
		error = compare_list(client, types[i]);
	if (!error)
		printf("M %" PRIu64 " %" PRIu64 "\n", state.revision, state.rows);
	return error;
}

/* Memory of this process that no file backs. */
static uint64_t own_memory(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[128];
	uint64_t kilobytes = 0;

	while (status && fgets(line, sizeof line, status))
		(void)sscanf(line, "RssAnon: %" SCNu64, &kilobytes);
	if (status)
		fclose(status);
	return kilobytes;
}

static void print_page(void *context, uint64_t rows, uint64_t revision)
{
	(void)context;
	printf("S %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", rows, revision, own_memory());
	fflush(stdout);
}

int desk_sync(struct mtr_client *client, char **arguments)
{
	const struct mtr_client_sync_options options = {.progress = print_page};
	struct mtr_client_mirror_state state = {0};
	int error = mtr_client_sync(client, &options);

	(void)arguments;
	if (!error)
		error = mtr_client_mirror_state(client, &state);
	if (!error && !state.agreed)
		error = DESK_DIFFERS;
	printf("E %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", state.rows, state.revision, own_memory());
	return error;
}
