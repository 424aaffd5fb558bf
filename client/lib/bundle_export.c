/* Entries into a bundle. */
#include "bundle.h"
#include "contract/entry_hash.h"
#include "contract/relay.h"
#include "matricula/outbox.h"
#include "outbox_layout.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Field tags, lengths and the MAC around the packed request, and those of the request around the command. */
#define RELAY_OVERHEAD 87u
#define SEQUENCED_OVERHEAD 91u
_Static_assert(RELAY_OVERHEAD + SEQUENCED_OVERHEAD <= MTR_REQUEST_OVERHEAD, "every entry of an outbox fits a relay");

uint64_t mtr_bundle_request_id(const struct mtr_outbox_state *outbox, const struct mtr_outbox_entry *entry)
{
	uint8_t named[MTR_OUTBOX_BYTES + MTR_HASH_BYTES], hash[MTR_HASH_BYTES];
	uint64_t id;

	memcpy(named, outbox->id, MTR_OUTBOX_BYTES);
	mtr_entry_hash(entry->previous_hash, entry->sequence - outbox->base, entry->command, named + MTR_OUTBOX_BYTES);
	crypto_generichash(hash, sizeof hash, named, sizeof named, NULL, 0);
	id = mtr_load_u64(hash);
	return id ? id : 1;
}

struct mtr_bundle_header mtr_bundle_header_of(const struct mtr_client *client, enum mtr_bundle_kind kind)
{
	struct mtr_bundle_header header = {.kind = kind};

	memcpy(header.server, client->server_key, MTR_KEY_BYTES);
	memcpy(header.desk, client->keys->public_key, MTR_KEY_BYTES);
	return header;
}

struct writing {
	struct mtr_client *client;
	struct mtr_bundle_writer *writer;
	struct mtr_outbox_state state;
	uint8_t *plain, *box, *item; /* MTR_REQUEST_MAX each */
	uint64_t count, end;
	int error;
};

/* The size of the packed Request of the entry, in writing->plain; 0 when it is too large. */
static size_t pack_request(const struct writing *writing, const struct mtr_outbox_entry *entry)
{
	Mtr__Sequencing sequencing = MTR__SEQUENCING__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;

	sequencing.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, (uint8_t *)(uintptr_t)writing->state.id};
	sequencing.sequence = entry->sequence - writing->state.base;
	sequencing.first_unacknowledged = writing->state.first_unanswered - writing->state.base;
	sequencing.previous_hash = (ProtobufCBinaryData){MTR_HASH_BYTES, (uint8_t *)(uintptr_t)entry->previous_hash};
	request.request_id = mtr_bundle_request_id(&writing->state, entry);
	request.sequencing = &sequencing;
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = (ProtobufCBinaryData){entry->command.size, (uint8_t *)(uintptr_t)entry->command.data};
	if (mtr__request__get_packed_size(&request) > MTR_REQUEST_MAX - RELAY_OVERHEAD)
		return 0;
	return mtr__request__pack(&request, writing->plain);
}

static int add_entry(struct writing *writing, const struct mtr_outbox_entry *entry)
{
	struct mtr_client *client = writing->client;
	uint8_t nonce[MTR_RELAY_NONCE_BYTES];
	Mtr__Relay relay = MTR__RELAY__INIT;
	size_t size = pack_request(writing, entry);

	/* A command of this size was never let into an outbox. */
	if (size == 0)
		return MTR_CLIENT_STATE;
	if (!mtr_relay_seal(MTR_RELAY_TO_SERVER, client->keys, client->server_key,
			    (struct mtr_bytes){writing->plain, size}, nonce, writing->box))
		return MTR_CLIENT_KEY_FILE;
	relay.sender = (ProtobufCBinaryData){MTR_KEY_BYTES, client->keys->public_key};
	relay.nonce = (ProtobufCBinaryData){sizeof nonce, nonce};
	relay.box = (ProtobufCBinaryData){size + MTR_RELAY_MAC_BYTES, writing->box};
	size = mtr__relay__pack(&relay, writing->item);
	return mtr_bundle_add(writing->writer, (struct mtr_bytes){writing->item, size});
}

static bool on_entry(void *context, const struct mtr_outbox_entry *entry)
{
	struct writing *writing = context;

	/* What came meanwhile is for the next bundle. */
	if (entry->sequence >= writing->state.next)
		return false;
	writing->error = add_entry(writing, entry);
	if (!writing->error) {
		writing->count++;
		writing->end = entry->sequence + 1;
	}
	return !writing->error;
}

static int write_bundle(struct writing *writing, const char *path)
{
	const struct mtr_bundle_header header = mtr_bundle_header_of(writing->client, MTR_BUNDLE_ENTRIES);
	struct mtr_outbox *outbox = writing->client->outbox;
	int error = mtr_bundle_create(&writing->writer, path, &header);

	if (error)
		return error;
	error = mtr_outbox_each(outbox, writing->state.first_unanswered, on_entry, writing);
	if (!error)
		error = writing->error;
	/* What the outbox counts but doesn't hold. */
	if (!error && writing->end != writing->state.next)
		error = MTR_CLIENT_STATE;
	if (!error)
		error = mtr_outbox_exported(outbox, writing->end);
	if (!error)
		return mtr_bundle_finish(&writing->writer);
	mtr_bundle_discard(&writing->writer);
	return error;
}

int mtr_client_outbox_export(struct mtr_client *client, const char *path, uint64_t *ret_count)
{
	struct writing writing = {.client = client};
	int error;

	if (!client->outbox || !path || !ret_count)
		return MTR_CLIENT_USAGE;
	error = mtr_outbox_state(client->outbox, &writing.state);
	if (!error && writing.state.halted)
		error = MTR_CLIENT_HALTED;
	if (error || writing.state.first_unanswered == writing.state.next) {
		if (!error)
			*ret_count = 0;
		return error;
	}
	writing.plain = malloc(3 * (size_t)MTR_REQUEST_MAX);
	if (!writing.plain)
		return MTR_CLIENT_MEMORY;
	writing.box = writing.plain + MTR_REQUEST_MAX;
	writing.item = writing.box + MTR_REQUEST_MAX;
	error = write_bundle(&writing, path);
	sodium_memzero(writing.plain, MTR_REQUEST_MAX);
	free(writing.plain);
	if (!error)
		*ret_count = writing.count;
	return error;
}
