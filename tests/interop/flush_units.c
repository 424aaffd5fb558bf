/* flush_units ENDPOINT SERVER_KEY KEY_FILE STATE_DIRECTORY COUNT: tops up the outbox to COUNT commands, each creating
 * a unit below TINH, sends what is queued, and prints "sequence revision" for each final answer. After each hundredth
 * it waits for a line on its standard input. The exit status is the library's error. */
#include "matricula/matricula.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT_MS 20000

static size_t pack_unit(uint64_t number, uint8_t bytes[256])
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__PutUnit unit = MTR__PUT_UNIT__INIT;
	char code[32], name[64], parent[] = "TINH";

	snprintf(code, sizeof code, "XA-%" PRIu64, number);
	snprintf(name, sizeof name, "Xã số %" PRIu64, number);
	unit.code = code;
	unit.name = name;
	unit.parent_code = parent;
	unit.kind = MTR__UNIT_KIND__UNIT_KIND_COMMUNE;
	unit.level = MTR__LEVEL__LEVEL_COMMUNE;
	unit.bloc = MTR__BLOC__BLOC_PARTY;
	command.body_case = MTR__COMMAND__BODY_PUT_UNIT;
	command.put_unit = &unit;
	return mtr__command__pack(&command, bytes);
}

static int enqueue(struct mtr_client *client, uint64_t count)
{
	uint64_t sequence = 0;
	uint8_t bytes[256];
	int error;

	do {
		size_t size = pack_unit(sequence + 1, bytes);

		error = mtr_client_enqueue(client, bytes, size, &sequence);
	} while (!error && sequence < count);
	return error;
}

static void print_answer(void *context, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	Mtr__Answer *answer = mtr__answer__unpack(NULL, size, bytes);

	(void)context;
	if (!answer || answer->body_case != MTR__ANSWER__BODY_DONE)
		exit(99);
	printf("%" PRIu64 " %" PRIu64 "\n", sequence, answer->revision);
	fflush(stdout);
	mtr__answer__free_unpacked(answer, NULL);
	if (sequence % 100 == 0 && getchar() == EOF)
		exit(97);
}

int main(int argc, char **argv)
{
	struct mtr_client *client;
	uint64_t queued;
	int error;

	if (argc != 6)
		return 98;
	error = mtr_client_open(&client, &(struct mtr_client_options){.endpoint = argv[1],
								      .server_key = argv[2],
								      .key_file = argv[3],
								      .state_directory = argv[4],
								      .timeout_ms = TIMEOUT_MS});
	if (error)
		return error;
	error = mtr_client_queued(client, &queued);
	if (!error && queued == 0)
		error = enqueue(client, strtoull(argv[5], NULL, 10));
	if (!error)
		error = mtr_client_flush(client, print_answer, NULL);
	mtr_client_close(&client);
	return error;
}
