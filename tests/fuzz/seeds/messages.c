/* What was said and written in the world's past and in one story after it: messages, and a journal of them. */
#include "seeds.h"

#include "engine/record.h"
#include "matricula/v1/journal.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "shapes.h"
#include "target.h"
#include "world.h"

#include <stdbool.h>
#include <stdlib.h>

#define COPIES 2u

/* As in targets/messages.c: the shapes of rows, then these. */
enum message { REQUEST = FUZZ_ROW_SHAPES, COMMAND, QUERY, REPLY, ANSWER, RECORD, EFFECT };
/* As in targets/journal.c. */
enum part { PART_RECORD, PART_FRAME, PART_SEGMENT };

struct telling {
	unsigned commands[64], answers[32], rows[FUZZ_ROW_SHAPES + 1], records;
	struct seed_list journal;
};

static void write_one(const char *name, unsigned number, unsigned kind, struct mtr_bytes body)
{
	struct seed_list list = {.count = 0};

	seed_add(&list, kind, 0, body);
	seed_write(&list, "messages", name, number);
}

static bool wanted(unsigned *count, unsigned *ret_number, unsigned kind)
{
	*ret_number = kind * COPIES + *count;
	return (*count)++ < COPIES;
}

static void tell_effects(struct telling *telling, struct mtr_record_view *view)
{
	struct mtr_bytes packed;
	unsigned number;

	while (mtr_record_next_effect(view, &packed)) {
		Mtr__Effect *effect = mtr__effect__unpack(NULL, packed.size, packed.data);

		FUZZ_REQUIRE(effect);
		if (fuzz_row_shape(effect->type) && wanted(&telling->rows[effect->type], &number, effect->type)) {
			write_one("row", number, effect->type - 1u,
				  (struct mtr_bytes){effect->row.data, effect->row.len});
			write_one("effect", number, EFFECT, packed);
		}
		mtr__effect__free_unpacked(effect, NULL);
	}
}

static void tell_words(struct telling *telling, const struct mtr_record_view *view)
{
	Mtr__Command *command = mtr__command__unpack(NULL, view->command.size, view->command.data);
	Mtr__Answer *answer = mtr__answer__unpack(NULL, view->answer.size, view->answer.data);
	Mtr__Request request = MTR__REQUEST__INIT;
	Mtr__Reply reply = MTR__REPLY__INIT;
	unsigned number;

	if (command && wanted(&telling->commands[command->body_case % 64], &number, command->body_case)) {
		write_one("command", number, COMMAND, view->command);
		request.request_id = number;
		request.body_case = MTR__REQUEST__BODY_COMMAND;
		request.command = (ProtobufCBinaryData){view->command.size, (uint8_t *)(uintptr_t)view->command.data};
		if (number % 8 == 0)
			write_one("request", number, REQUEST, seed_pack(&request.base));
	}
	if (answer && wanted(&telling->answers[answer->body_case % 32], &number, answer->body_case)) {
		write_one("answer", number, ANSWER, view->answer);
		reply.request_id = number;
		reply.answer = (ProtobufCBinaryData){view->answer.size, (uint8_t *)(uintptr_t)view->answer.data};
		write_one("reply", number, REPLY, seed_pack(&reply.base));
	}
	if (command)
		mtr__command__free_unpacked(command, NULL);
	if (answer)
		mtr__answer__free_unpacked(answer, NULL);
}

static int tell_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
		       const uint8_t *record, size_t size)
{
	struct telling *telling = context;
	struct mtr_record_view view;

	(void)chain_after;
	FUZZ_REQUIRE(mtr_record_read(record, size, &view) == 0);
	tell_words(telling, &view);
	tell_effects(telling, &view);
	if (revision % 25 == 0)
		write_one("record", (unsigned)revision, RECORD, (struct mtr_bytes){record, size});
	if (size > 1500)
		return 0;
	seed_add(&telling->journal, PART_RECORD, 0, seed_copy((struct mtr_bytes){record, size}));
	if (revision % 3 == 0)
		seed_add(&telling->journal, PART_FRAME, 0, (struct mtr_bytes){NULL, 0});
	if (revision % 7 == 0)
		seed_add(&telling->journal, PART_SEGMENT, 2, (struct mtr_bytes){NULL, 0});
	if (telling->journal.count > revision % 15 + 2)
		seed_write(&telling->journal, "journal", "records", ++telling->records);
	return 0;
}

static void tell_queries(struct fuzz_world *world)
{
	size_t count;
	const struct mtr_bytes *queries = seed_queries(&count);

	for (unsigned i = 0; i < count; i++) {
		struct mtr_bytes answer = fuzz_world_query(world, i % 4 ? 2 : 1, queries[i]);

		write_one("query", i, QUERY, queries[i]);
		if (answer.size < 8000)
			write_one("page", i, ANSWER, answer);
		free((void *)(uintptr_t)answer.data);
	}
}

void seed_messages(void)
{
	struct fuzz_world *world = fuzz_world_open();
	struct telling telling = {.records = 0};

	FUZZ_REQUIRE(world->engine->operations->fetch(world->engine, 1, tell_record, &telling) == 0);
	tell_queries(world);
	fuzz_world_close(world);
}
