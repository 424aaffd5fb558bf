/* A desk and a server that may answer anything: whatever comes, each call ends with an error that has a name, nothing
 * written is lost or sent as something else, no entry is answered twice, and a mirror that counts as whole is. */
#include "client.h"
#include "desk.h"
#include "matricula/outbox.h"
#include "matricula/v1/commands.pb-c.h"
#include "mirror.h"
#include "store/verify.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX FUZZ_PARCELS_MAX
#define DESK "desk"

enum kind {
	FLUSH = FUZZ_LINK_KINDS,
	SYNC,
	ASK,     /* a Query */
	DRY_RUN, /* a Command */
	ENQUEUE, /* a Command */
	LOOK,    /* a Query, of the mirror */
	REOPEN,
	STRANGE, /* from here on a hello too is answered by the parcels */
	KINDS,
};

static struct {
	struct mtr_bytes commands[ENTRIES_MAX]; /* of sequence index + 1 */
	uint64_t written;
	uint64_t reported; /* the last sequence that was */
	uint64_t walked;
} outbox;

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	switch (kind % KINDS) {
	case ASK:
	case LOOK:
		return &mtr__query__descriptor;
	case DRY_RUN:
	case ENQUEUE:
		return &mtr__command__descriptor;
	default:
		return kind % KINDS < FUZZ_LINK_KINDS ? fuzz_link_shape(kind % KINDS) : NULL;
	}
}

static void named(int error)
{
	FUZZ_REQUIRE(strcmp(mtr_client_error_name(error), "UNKNOWN") != 0);
}

/* In order, each once. */
static void on_answer(void *context, uint64_t sequence, const uint8_t *answer, size_t size)
{
	(void)context;
	(void)answer;
	FUZZ_REQUIRE(sequence > outbox.reported && sequence <= outbox.written && size);
	outbox.reported = sequence;
}

static bool on_entry(void *context, const struct mtr_client_entry *entry)
{
	(void)context;
	FUZZ_REQUIRE(entry->sequence > outbox.walked && entry->sequence <= outbox.written);
	const struct mtr_bytes *written = &outbox.commands[entry->sequence - 1];

	FUZZ_REQUIRE(entry->command_size == written->size && memcmp(entry->command, written->data, written->size) == 0);
	outbox.walked = entry->sequence;
	return true;
}

static void enqueue(struct mtr_client *client, struct mtr_bytes command)
{
	uint64_t sequence = 0;
	int error;

	if (outbox.written == ENTRIES_MAX)
		return;
	error = mtr_client_enqueue(client, command.size ? command.data : (const uint8_t *)"", command.size, &sequence);
	named(error);
	if (error)
		return;
	FUZZ_REQUIRE(sequence == outbox.written + 1);
	outbox.commands[outbox.written++] = command;
}

static void call(struct mtr_client **client, struct fuzz_desk_link *link, const struct fuzz_parcel *parcel)
{
	const struct mtr_client_sync_options sync = {.wait_ms = parcel->who % 2 ? 1000 : 0};
	const uint8_t *bytes = parcel->body.size ? parcel->body.data : (const uint8_t *)"", *answer;
	size_t size;

	switch (parcel->kind % KINDS) {
	case FLUSH:
		named(mtr_client_flush(*client, on_answer, NULL));
		break;
	case SYNC:
		named(mtr_client_sync(*client, &sync));
		break;
	case ASK:
		named(mtr_client_query(*client, bytes, parcel->body.size, &answer, &size));
		break;
	case DRY_RUN:
		named(mtr_client_dry_run(*client, bytes, parcel->body.size, &answer, &size));
		break;
	case ENQUEUE:
		enqueue(*client, parcel->body);
		break;
	case LOOK:
		named(mtr_client_query_mirror(*client, bytes, parcel->body.size, &answer, &size));
		break;
	case REOPEN:
		mtr_client_close(client);
		*client = fuzz_desk_reopen(DESK);
		break;
	case STRANGE:
		link->honest_hello = false;
		break;
	default: /* nobody listened */
		break;
	}
}

/* What a mirror that agrees with the register shows holds together. */
static void check_mirror(struct mtr_client *client)
{
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_client_mirror_state state;
	struct mtr_txn txn;
	int error = mtr_client_mirror_state(client, &state);

	named(error);
	if (error || !state.agreed || !client->mirror->store)
		return;
	mtr_txn_begin_read(&txn, client->mirror->store);
	FUZZ_REQUIRE(mtr_rows_check(&txn, difference));
	mtr_txn_abort(&txn);
}

static void check_outbox(struct mtr_client *client)
{
	uint64_t queued = 0;
	int error = mtr_client_queued(client, &queued);

	named(error);
	outbox.walked = 0;
	error = mtr_client_outbox_each(client, 1, on_entry, NULL);
	FUZZ_REQUIRE(error == 0);
	/* Nothing without an answer has gone. */
	FUZZ_REQUIRE(queued <= outbox.written && (!queued || outbox.walked == outbox.written));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	struct fuzz_desk_link link = {.parcels = parcels, .kinds = KINDS, .honest_hello = true};
	struct mtr_client *client;

	link.count = fuzz_parcels_read(data, size, parcels);
	link.world = fuzz_world_open();
	link.principal = link.count ? 1 + parcels[0].who % link.world->principals : 1;
	fuzz_desk_begin(&link);
	client = fuzz_desk_open(DESK);
	memset(&outbox, 0, sizeof outbox);
	while (link.at < link.count)
		call(&client, &link, &parcels[link.at++]);
	mtr_client_close(&client);
	client = fuzz_desk_reopen(DESK);
	check_outbox(client);
	check_mirror(client);
	mtr_client_close(&client);
	fuzz_world_close(link.world);
	return 0;
}
