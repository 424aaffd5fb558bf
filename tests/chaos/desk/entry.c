#include "desk.h"

#include "contract/limits.h"
#include "plan.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define ENTRIES_MAX 256u

static void print_hex(char what, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	printf("%c %" PRIu64 " ", what, sequence);
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	printf("\n");
	fflush(stdout);
}

static void print_answer(void *context, uint64_t sequence, const uint8_t *answer, size_t size)
{
	(void)context;
	print_hex('A', sequence, answer, size);
}

struct batch {
	struct mtr_client_command commands[ENTRIES_MAX];
	size_t count;
};

static void batch_free(struct batch *batch)
{
	while (batch->count > 0)
		free((void *)(uintptr_t)batch->commands[--batch->count].command);
}

static bool read_command(struct mtr_client_command *ret_command)
{
	uint8_t length[4];

	if (fread(length, 1, sizeof length, stdin) != sizeof length)
		return false;
	size_t size = (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 | length[3];
	uint8_t *bytes = size && size <= MTR_REQUEST_MAX ? malloc(size) : NULL;

	if (!bytes || fread(bytes, 1, size, stdin) != size) {
		free(bytes);
		return false;
	}
	*ret_command = (struct mtr_client_command){.command = bytes, .size = size};
	return true;
}

static int enqueue(struct mtr_client *client)
{
	struct batch batch = {.count = 0};
	int error = 0;

	while (batch.count < ENTRIES_MAX && read_command(&batch.commands[batch.count]))
		batch.count++;
	if (batch.count)
		error = mtr_client_enqueue_many(client, batch.commands, batch.count);
	for (size_t i = 0; !error && i < batch.count; i++)
		printf("Q %" PRIu64 "\n", batch.commands[i].sequence);
	batch_free(&batch);
	return error;
}

int desk_enter(struct mtr_client *client, char **arguments)
{
	const uint8_t *answer;
	size_t size;

	(void)arguments;
	int error = enqueue(client);

	if (!error) {
		printf("queued\n");
		fflush(stdout);
		error = mtr_client_flush(client, print_answer, NULL);
	}
	if (error == MTR_CLIENT_HALTED) {
		mtr_client_halt_answer(client, &answer, &size);
		print_hex('H', 0, answer, size);
	}
	return error;
}

int desk_fill(struct mtr_client *client, char **arguments)
{
	const struct plan plan = {.role = PLAN_OPERATOR, .number = 1};
	uint8_t bytes[PLAN_COMMAND_MAX], hash[DIARY_HASH_BYTES];
	rlim_t most = (rlim_t)strtoull(arguments[0], NULL, 10);
	struct rlimit limit = {most, RLIM_INFINITY};
	uint64_t sequence = 0;
	int error = 0;

	if (most && setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return DESK_USAGE;
	while (!error) {
		size_t size = plan_command(&plan, NULL, sequence + 1, bytes);

		error = mtr_client_enqueue(client, bytes, size, &sequence);
		crypto_generichash(hash, sizeof hash, bytes, size, NULL, 0);
		if (!error)
			print_hex('P', sequence, hash, sizeof hash);
	}
	if (error != MTR_CLIENT_STATE_FULL)
		return error;
	/* What is queued can be sent from a full disk too. */
	error = mtr_client_flush(client, print_answer, NULL);
	return error ? error : MTR_CLIENT_STATE_FULL;
}
