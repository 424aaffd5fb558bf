/* Stories of a register's days, for the targets that have one. */
#include "seeds.h"

#include "world.h"

#include <string.h>

#define STORIES 48u
#define STEPS 24u

/* As in targets/dispatch.c. */
enum kind { COMMAND, DRY_RUN, QUERY, AGAIN, REQUEST, TIME, COMMIT, RESTART };

static void add_time(struct seed_list *list, uint64_t ms)
{
	uint8_t bytes[4];

	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(ms >> (24 - 8 * i));
	seed_add(list, TIME, 0, seed_copy((struct mtr_bytes){bytes, sizeof bytes}));
}

static void add_request(struct seed_list *list, const struct operation *operation, uint64_t sequence)
{
	Mtr__Request request = MTR__REQUEST__INIT;
	Mtr__Sequencing sequencing = MTR__SEQUENCING__INIT;
	uint8_t outbox[MTR_OUTBOX_BYTES] = {1}, previous[MTR_HASH_BYTES] = {0};
	struct mtr_bytes command = seed_pack(&operation->command->base);

	sequencing.outbox = (ProtobufCBinaryData){sizeof outbox, outbox};
	sequencing.sequence = sequence;
	sequencing.first_unacknowledged = 1;
	sequencing.previous_hash = (ProtobufCBinaryData){sizeof previous, previous};
	request.request_id = sequence;
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = (ProtobufCBinaryData){command.size, (uint8_t *)(uintptr_t)command.data};
	request.sequencing = &sequencing;
	seed_add(list, REQUEST, operation->principal_id - 1, seed_pack(&request.base));
}

static void add_extras(struct seed_list *list, const struct operation *operation, unsigned step)
{
	size_t count;
	const struct mtr_bytes *queries = seed_queries(&count);
	struct mtr_bytes command = seed_pack(&operation->command->base);

	switch (step % 6) {
	case 0:
		seed_add(list, DRY_RUN, operation->principal_id - 1, command);
		break;
	case 1:
		seed_add(list, AGAIN, operation->principal_id - 1, (struct mtr_bytes){NULL, 0});
		break;
	case 2:
		seed_add(list, COMMIT, 0, (struct mtr_bytes){NULL, 0});
		break;
	case 3:
		seed_add(list, QUERY, operation->principal_id - 1, queries[step * 7 % count]);
		break;
	case 4:
		add_request(list, operation, step);
		break;
	default:
		seed_add(list, RESTART, 0, (struct mtr_bytes){NULL, 0});
		break;
	}
}

void seed_dispatch(void)
{
	struct seed_list list = {.count = 0};
	size_t count;
	const struct mtr_bytes *queries = seed_queries(&count);

	for (unsigned number = 1; number <= STORIES; number++) {
		struct fuzz_story *story = fuzz_story_begin(number);
		struct operation operation;
		uint64_t now = 0;

		for (unsigned step = 0; step < STEPS; step++) {
			fuzz_story_next(story, &operation);
			if (now && operation.now > now)
				add_time(&list, operation.now - now);
			now = operation.now;
			seed_add(&list, COMMAND, operation.principal_id - 1, seed_pack(&operation.command->base));
			if (step % 3 == number % 3)
				add_extras(&list, &operation, step + number);
		}
		seed_write(&list, "dispatch", "story", number);
		fuzz_story_end(&story);
	}
	for (unsigned who = 0; who < 12; who++) {
		for (size_t i = 0; i < count; i++)
			seed_add(&list, QUERY, who, queries[i]);
		seed_write(&list, "dispatch", "queries", who);
	}
}
