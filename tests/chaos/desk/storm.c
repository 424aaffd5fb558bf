#include "desk.h"
#include "plan.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define AHEAD 24u /* steps queued without an answer */

struct storm {
	struct mtr_client *client;
	struct plan plan;
	struct diary diary;
	uint64_t queued; /* steps that are in the outbox or were; known once all are answered */
	bool diary_failed;
};

static bool storm_open(struct storm *storm, struct mtr_client *client, char **arguments)
{
	*storm = (struct storm){
		.client = client,
		.plan.number = (unsigned)strtoul(arguments[2], NULL, 10),
		.plan.unit = arguments[3],
		.plan.seed = strtoull(arguments[4], NULL, 10),
		.plan.steps = strtoull(arguments[5], NULL, 10),
	};
	return plan_role_named(arguments[1], &storm->plan.role) &&
	       diary_open(&storm->diary, arguments[0], storm->plan.steps);
}

static void answered(void *context, uint64_t sequence, const uint8_t *answer, size_t size)
{
	struct storm *storm = context;

	if (!diary_write(&storm->diary, sequence, answer, size))
		storm->diary_failed = true;
}

/* What a broken link or a server that is away may lead to. A handshake that is cut off again and again looks like a
 * server with another key. */
static bool weather(int error)
{
	return error == MTR_CLIENT_NO_LINK || error == MTR_CLIENT_BUSY || error == MTR_CLIENT_SERVER_KEY;
}

static int flush(struct storm *storm)
{
	int error = mtr_client_flush(storm->client, answered, storm);

	return storm->diary_failed ? DESK_DIARY : error;
}

static int enqueue_one(struct storm *storm, uint64_t step)
{
	uint8_t bytes[PLAN_COMMAND_MAX];
	size_t size = plan_command(&storm->plan, &storm->diary, step, bytes);
	uint64_t sequence;
	int error = mtr_client_enqueue(storm->client, bytes, size, &sequence);

	if (!error && sequence != step)
		return DESK_DIARY;
	return error;
}

static int enqueue_together(struct storm *storm, size_t count)
{
	static uint8_t bytes[AHEAD][PLAN_COMMAND_MAX];
	struct mtr_client_command commands[AHEAD];

	for (size_t i = 0; i < count; i++) {
		size_t size = plan_command(&storm->plan, &storm->diary, storm->queued + 1 + i, bytes[i]);

		commands[i] = (struct mtr_client_command){.command = bytes[i], .size = size};
	}
	int error = mtr_client_enqueue_many(storm->client, commands, count);

	for (size_t i = 0; !error && i < count; i++)
		error = commands[i].sequence == storm->queued + 1 + i ? 0 : DESK_DIARY;
	return error;
}

/* How many more steps can be queued now. */
static size_t steps_ready(const struct storm *storm)
{
	size_t count = 0;

	while (storm->queued + count < storm->plan.steps && storm->queued + count < storm->diary.last + AHEAD &&
	       plan_ready(&storm->plan, &storm->diary, storm->queued + count + 1))
		count++;
	return count;
}

static int enqueue_ready(struct storm *storm)
{
	size_t count = steps_ready(storm);
	int error = 0;

	if (count > 1 && storm->queued % 2 == 0) {
		error = enqueue_together(storm, count);
		storm->queued += error ? 0 : count;
		return error;
	}
	for (; !error && count > 0; count--) {
		error = enqueue_one(storm, storm->queued + 1);
		storm->queued += error ? 0 : 1;
	}
	return error;
}

static int carry_out(struct storm *storm)
{
	int error;

	/* A process before this one may have queued more than its diary tells; once all is answered it tells all. */
	do
		error = flush(storm);
	while (weather(error));
	storm->queued = storm->diary.last;
	while (!error && storm->diary.last < storm->plan.steps) {
		error = enqueue_ready(storm);
		if (!error)
			error = flush(storm);
		if (!error && storm->diary.last % 5 == 0)
			error = mtr_client_sync(storm->client, NULL);
		error = weather(error) ? 0 : error;
	}
	return error;
}

int desk_storm(struct mtr_client *client, char **arguments)
{
	struct storm storm;

	if (!storm_open(&storm, client, arguments))
		return DESK_DIARY;
	int error = carry_out(&storm);

	diary_close(&storm.diary);
	return error;
}

static void print_plan(const struct storm *storm)
{
	uint8_t bytes[PLAN_COMMAND_MAX], hash[DIARY_HASH_BYTES];
	char hex[2 * DIARY_HASH_BYTES + 1];

	for (uint64_t step = 1; step <= storm->plan.steps; step++) {
		size_t size = plan_command(&storm->plan, &storm->diary, step, bytes);

		crypto_generichash(hash, sizeof hash, bytes, size, NULL, 0);
		printf("P %llu %s\n", (unsigned long long)step, sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
	}
}

int desk_settle(struct mtr_client *client, char **arguments)
{
	struct storm storm;
	uint64_t queued = 1;

	if (!storm_open(&storm, client, arguments))
		return DESK_DIARY;
	int error = flush(&storm);

	if (!error)
		error = mtr_client_queued(client, &queued);
	if (!error && (queued || storm.diary.last != storm.plan.steps))
		error = DESK_DIARY;
	if (!error)
		print_plan(&storm);
	diary_close(&storm.diary);
	return error ? error : desk_compare(client);
}
