/* Entries carried as files while memory is short: a file is whole or isn't there, and no answer counts twice. */
#include "desk_bundles.h"
#include "shortage.h"

#include "matricula/outbox.h"

#include <unistd.h>

#define ENTRIES 3u

struct carrying {
	struct served *served;
	char entries[128], answers[128], delivered[128];
	uint64_t count, told;
	struct mtr_client_import result;
};

static int export_entries(void *context)
{
	struct carrying *carrying = context;

	return mtr_client_outbox_export(carrying->served->desk.client, carrying->entries, &carrying->count);
}

static void take_answer(void *context, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	struct carrying *carrying = context;

	assert_true(sequence && bytes && size);
	carrying->told++;
}

static int import_answers(void *context)
{
	struct carrying *carrying = context;

	carrying->told = 0;
	return mtr_client_outbox_import(carrying->served->desk.client, carrying->answers, take_answer, carrying,
					&carrying->result);
}

/* The register has no room for them, which is said at the first. */
static int deliver(void *context)
{
	struct carrying *carrying = context;
	uint64_t count;
	int error =
		mtr_client_bundle_apply(carrying->served->desk.client, carrying->entries, carrying->delivered, &count);

	assert_int_equal(count, 0);
	assert_int_equal(access(carrying->delivered, F_OK), -1);
	return error == MTR_CLIENT_BUSY ? 0 : error;
}

static enum fake_action no_room(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	(void)server;
	(void)turn;
	return request->body_case == MTR__REQUEST__BODY_RELAY ? FAKE_ERROR : FAKE_ANSWER;
}

static void export_short(struct carrying *carrying)
{
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n++) {
		was = refused(carrying, export_entries, n, &error);
		assert_int_equal(access(carrying->entries, F_OK), error ? -1 : 0);
		if (!error)
			assert_int_equal(carrying->count, ENTRIES);
		if (was)
			unlink(carrying->entries);
	}
}

static void deliver_short(struct carrying *carrying)
{
	struct fake_server *server = &carrying->served->server;
	bool was = true;
	int error;

	fake_server_stop(server);
	server->hook = no_room;
	server->code = MTR__ERROR_CODE__ERROR_CODE_STORAGE_FULL;
	fake_server_start(server);
	for (uint32_t n = 1; was; n++) {
		served_reopen(carrying->served, 0);
		was = refused(carrying, deliver, n, &error);
	}
}

static bool is_done(void *context, const struct mtr_client_entry *entry)
{
	(void)context;
	assert_int_equal(entry->state,
			 entry->sequence % ENTRIES == 2 ? MTR_CLIENT_ENTRY_REFUSED : MTR_CLIENT_ENTRY_DONE);
	assert_false(entry->diverged);
	return true;
}

static int list(void *context)
{
	struct carrying *carrying = context;

	return mtr_client_outbox_each(carrying->served->desk.client, 1, is_done, NULL);
}

static void export_more(struct carrying *carrying)
{
	unlink(carrying->entries);
	unlink(carrying->answers);
	desk_enqueue_count(&carrying->served->desk, ENTRIES);
	assert_int_equal(export_entries(carrying), 0);
}

/* Every refused request meets an outbox that waits for these answers. */
static void import_short(struct carrying *carrying)
{
	struct desk *desk = &carrying->served->desk;
	const struct mtr_key_pair *server = &carrying->served->server.keys;
	uint64_t first = 1;
	bool was = true;
	int error;

	for (uint32_t n = 1; was; n++, first += ENTRIES) {
		if (n > 1)
			export_more(carrying);
		answer_bundle(server, carrying->entries, carrying->answers, first + 1);
		was = refused(carrying, import_answers, n, &error);
		assert_true(desk_queued(desk) + carrying->told >= ENTRIES);
		assert_int_equal(import_answers(carrying), 0);
		assert_int_equal(desk_queued(desk), 0);
	}
}

void bundles(void **state)
{
	struct carrying carrying = {.served = *state};
	struct desk *desk = &carrying.served->desk;

	(void)snprintf(carrying.entries, sizeof carrying.entries, "%s/entries", desk->directory);
	(void)snprintf(carrying.answers, sizeof carrying.answers, "%s/answers", desk->directory);
	(void)snprintf(carrying.delivered, sizeof carrying.delivered, "%s/delivered", desk->directory);
	desk_enqueue_count(desk, ENTRIES);
	export_short(&carrying);
	deliver_short(&carrying);
	import_short(&carrying);
	refuse_each(&carrying, list);
}
