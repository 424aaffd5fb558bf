#include "contract/text.h"
#include "writer/alone.h"
#include "writer/recover.h"

#include <errno.h>
#include <string.h>

#define OPERATOR_ID 1u
#define ARENA_BYTES (64u * 1024u)

/* What the first record says: that this key is the operator's. The messages refer to each other. */
struct first {
	Mtr__Principal principal;
	Mtr__PutPrincipal put;
	Mtr__Command command;
	Mtr__Done done;
	Mtr__Answer answer;
	Mtr__RecordHeader header;
};

static void describe(struct first *first, uint8_t *key, char *name, uint64_t now_ms)
{
	const ProtobufCBinaryData public_key = {MTR_KEY_BYTES, key};

	mtr__principal__init(&first->principal);
	first->principal.id = OPERATOR_ID;
	first->principal.public_key = public_key;
	first->principal.name = name;
	first->principal.role = MTR__ROLE__ROLE_OPERATOR;
	mtr__put_principal__init(&first->put);
	first->put.public_key = public_key;
	first->put.name = name;
	first->put.role = MTR__ROLE__ROLE_OPERATOR;
	mtr__command__init(&first->command);
	first->command.written_at = now_ms;
	first->command.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	first->command.put_principal = &first->put;
	mtr__done__init(&first->done);
	first->done.type = MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL;
	first->done.id = OPERATOR_ID;
	first->done.created = true;
	mtr__answer__init(&first->answer);
	first->answer.revision = 1;
	first->answer.body_case = MTR__ANSWER__BODY_DONE;
	first->answer.done = &first->done;
	mtr__record_header__init(&first->header);
	first->header.revision = 1;
	first->header.at = now_ms;
	first->header.rules_version = MTR_RULES_VERSION;
	first->header.command_tag = MTR__COMMAND__BODY_PUT_PRINCIPAL;
}

static int build(struct mtr_arena *arena, struct first *first, struct mtr_entry *ret_entry)
{
	size_t row_size = mtr__principal__get_packed_size(&first->principal);
	size_t command_size = mtr__command__get_packed_size(&first->command);
	uint8_t *row = mtr_arena_alloc(arena, row_size), *command = mtr_arena_alloc(arena, command_size);

	if (!row || !command)
		return -ENOMEM;
	mtr__principal__pack(&first->principal, row);
	mtr__command__pack(&first->command, command);
	struct mtr_effect effect = {.home = mtr_home_principals(),
				    .type = MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL,
				    .id = OPERATOR_ID,
				    .row = {row, row_size}};
	const struct mtr_outcome outcome = {
		.answer = &first->answer, .effects = &effect, .effect_count = 1, .consumes = true};

	return mtr_entry_build(arena, &first->header, (struct mtr_bytes){command, command_size}, &outcome, ret_entry);
}

static int check_empty(struct mtr_store *store, struct mtr_engine *engine)
{
	struct mtr_store_state state;
	int error = mtr_store_state_read(store, &state) ? -EIO : 0;

	if (error == 0 && (state.revision || engine->operations->head(engine).revision))
		error = -EEXIST;
	return error;
}

int mtr_bootstrap(struct mtr_store *store, struct mtr_engine *engine, const uint8_t operator_key[MTR_KEY_BYTES],
		  const char *operator_name, uint64_t now_ms)
{
	struct first first;
	struct mtr_entry entry;
	uint8_t key[MTR_KEY_BYTES];

	if (mtr_text_check(operator_name, MTR_NAME_MAX, MTR_TEXT_REQUIRED) != MTR__ERROR_CODE__ERROR_CODE_NONE)
		return -EINVAL;
	int error = check_empty(store, engine);

	if (error < 0)
		return error;
	struct mtr_arena *arena = mtr_arena_new(ARENA_BYTES);
	char *name = arena ? mtr_arena_text(arena, operator_name) : NULL;

	if (!name) {
		mtr_arena_free(&arena);
		return -ENOMEM;
	}
	memcpy(key, operator_key, sizeof key);
	describe(&first, key, name, now_ms);
	error = build(arena, &first, &entry);
	if (error == 0)
		error = mtr_append_alone(store, engine, &entry);
	mtr_arena_free(&arena);
	return error;
}
