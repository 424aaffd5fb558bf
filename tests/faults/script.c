#include "script.h"

#include "contract/entry_hash.h"
#include "forgotten.h"
#include "must.h"
#include "sim/commands.h"
#include "sim/keys.h"
#include "sim/server.h"

#include <string.h>

#define COMMAND_BYTES 4096u
#define OUTBOX_MARK 0xFA

/* Where the commands that set the province up go to, here. */
struct server {
	struct script *script;
};

void server_set_up(struct server *server, uint32_t principal, const void *command, size_t size)
{
	struct script *script = server->script;
	struct entry *entry = &script->entries[script->count++];

	if (script->count > SCRIPT_MAX)
		abort();
	entry->principal_id = principal;
	entry->sequence = ++script->outboxes[principal].sequence;
	entry->body = memcpy(must(malloc(size)), command, size);
	entry->size = size;
	memcpy(entry->previous_hash, script->outboxes[principal].hash, MTR_HASH_BYTES);
	mtr_entry_hash(entry->previous_hash, entry->sequence, (struct mtr_bytes){entry->body, size},
		       script->outboxes[principal].hash);
}

bool server_set_up_end(struct server *server)
{
	return server->script->count == SCRIPT_SET_UP;
}

void script_write(struct script *script, uint64_t seed, size_t count)
{
	static const uint32_t often[] = {PRINCIPAL_DISTRICT_1, PRINCIPAL_DISTRICT_1, PRINCIPAL_DISTRICT_2,
					 PRINCIPAL_COMMUNE_1,  PRINCIPAL_ORGANISER,  PRINCIPAL_ORGANISER,
					 PRINCIPAL_APPROVER,   PRINCIPAL_SCHOOL,     PRINCIPAL_OPERATOR};
	struct server server = {script};
	struct sim sim = {.random = {seed}, .server = &server};
	uint8_t command[COMMAND_BYTES];

	memset(script, 0, sizeof *script);
	if (!province_set_up(&sim))
		abort();
	while (script->count < count) {
		uint32_t principal;
		size_t size = forgotten_command(script->count, &principal, command, sizeof command);

		if (!size) {
			principal = often[random_below(&sim.random, sizeof often / sizeof *often)];
			size = command_make(&sim, principal, SIM_START_MS + script->count, command, sizeof command);
		}
		server_set_up(&server, principal, command, size);
	}
}

void script_free(struct script *script)
{
	for (size_t i = 0; i < script->count; i++)
		free(script->entries[i].body);
	script->count = 0;
}

struct mtr_work *script_work(const struct script *script, size_t index)
{
	const struct entry *entry = &script->entries[index];
	struct mtr_work *work = must(mtr_work_new(entry->body, entry->size));

	work->principal_id = entry->principal_id;
	work->sequenced = true;
	memset(work->outbox, OUTBOX_MARK, MTR_OUTBOX_BYTES);
	work->outbox[0] = (uint8_t)entry->principal_id;
	work->sequence = entry->sequence;
	work->first_unacknowledged = 1;
	memcpy(work->previous_hash, entry->previous_hash, MTR_HASH_BYTES);
	work->request_id = index;
	return work;
}

const char *script_operator_key(void)
{
	static char text[MTR_KEY_TEXT];

	mtr_key_text(key_pair(PRINCIPAL_OPERATOR)->public_key, text);
	return text;
}
