/* Bundles from a stick: files of any bytes, and such as are whole but hold what nobody would have put there. Taken in
 * by the desk that they are for, and delivered by one that carries them. */
#include "bundle_file.h"
#include "client.h"
#include "contract/relay.h"
#include "desk.h"
#include "input.h"
#include "keys.h"
#include "matricula/outbox.h"
#include "matricula/v1/commands.pb-c.h"
#include "scratch.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

#define DESK "desk"

enum kind {
	ITEM = FUZZ_LINK_KINDS, /* bytes */
	SEALED_REPLY,           /* a Reply, sealed by the server; odd `who`: with the id of the desk's entry who / 2 */
	SEALED_REQUEST,         /* a Request, sealed by the desk */
	KIND,                   /* of the bundle: odd `who`: answers */
	DAMAGE,                 /* of the finished file: offset u32, bytes */
	FILE_BYTES,             /* the whole file is this */
	ENQUEUE,                /* a Command */
	KINDS,
};

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	switch (kind % KINDS) {
	case SEALED_REPLY:
		return &mtr__reply__descriptor;
	case SEALED_REQUEST:
		return &mtr__request__descriptor;
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

/* The box in the message that carries it; freed by the caller. */
static struct mtr_bytes seal(enum mtr_relay_direction direction, struct mtr_bytes plain)
{
	const bool to_server = direction == MTR_RELAY_TO_SERVER;
	const struct mtr_key_pair *own = to_server ? fuzz_desk_keys() : fuzz_server_keys();
	const struct mtr_key_pair *other = to_server ? fuzz_server_keys() : fuzz_desk_keys();
	uint8_t nonce[MTR_RELAY_NONCE_BYTES], *box = malloc(plain.size + MTR_RELAY_MAC_BYTES), *packed;
	Mtr__Relay relay = MTR__RELAY__INIT;
	Mtr__Relayed relayed = MTR__RELAYED__INIT;
	const ProtobufCMessage *message = to_server ? &relay.base : &relayed.base;

	FUZZ_REQUIRE(box && mtr_relay_seal(direction, own, other->public_key, plain, nonce, box));
	relay.sender = (ProtobufCBinaryData){MTR_KEY_BYTES, (uint8_t *)(uintptr_t)own->public_key};
	relay.nonce = relayed.nonce = (ProtobufCBinaryData){sizeof nonce, nonce};
	relay.box = relayed.box = (ProtobufCBinaryData){plain.size + MTR_RELAY_MAC_BYTES, box};
	packed = malloc(protobuf_c_message_get_packed_size(message) + 1);
	FUZZ_REQUIRE(packed);
	struct mtr_bytes sealed = {packed, protobuf_c_message_pack(message, packed)};

	free(box);
	return sealed;
}

static void add_reply(struct mtr_bundle_writer *writer, const struct fuzz_parcel *parcel)
{
	Mtr__Reply *reply = mtr__reply__unpack(NULL, parcel->body.size, parcel->body.data);
	uint8_t *packed = malloc(parcel->body.size + 64);
	struct mtr_bytes plain = parcel->body, sealed;

	FUZZ_REQUIRE(packed);
	if (reply && reply->base.n_unknown_fields == 0) {
		plain = (struct mtr_bytes){packed, mtr__reply__pack(reply, packed)};
	}
	sealed = seal(MTR_RELAY_TO_DESK, plain);
	(void)mtr_bundle_add(writer, sealed);
	free((void *)(uintptr_t)sealed.data);
	free(packed);
	if (reply)
		mtr__reply__free_unpacked(reply, NULL);
}

static void add(struct mtr_bundle_writer *writer, const struct fuzz_parcel *parcel)
{
	struct mtr_bytes sealed;

	switch (parcel->kind % KINDS) {
	case ITEM:
		if (parcel->body.size)
			(void)mtr_bundle_add(writer, parcel->body);
		break;
	case SEALED_REPLY:
		add_reply(writer, parcel);
		break;
	case SEALED_REQUEST:
		sealed = seal(MTR_RELAY_TO_SERVER, parcel->body);
		(void)mtr_bundle_add(writer, sealed);
		free((void *)(uintptr_t)sealed.data);
		break;
	default:
		break;
	}
}

static enum mtr_bundle_kind kind_of(const struct fuzz_parcel *parcels, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (parcels[i].kind % KINDS == KIND && parcels[i].who % 2)
			return MTR_BUNDLE_ANSWERS;
	return MTR_BUNDLE_ENTRIES;
}

/* True when the file is as our own writer leaves it. */
static bool make_file(const char *path, const struct fuzz_parcel *parcels, size_t count)
{
	struct mtr_bundle_header header = {.kind = kind_of(parcels, count)};
	struct mtr_bundle_writer *writer;
	bool whole = true;

	memcpy(header.server, fuzz_server_keys()->public_key, MTR_KEY_BYTES);
	memcpy(header.desk, fuzz_desk_keys()->public_key, MTR_KEY_BYTES);
	FUZZ_REQUIRE(mtr_bundle_create(&writer, path, &header) == 0);
	for (size_t i = 0; i < count; i++)
		add(writer, &parcels[i]);
	FUZZ_REQUIRE(mtr_bundle_finish(&writer) == 0);
	for (size_t i = 0; i < count; i++) {
		struct fuzz_input input = fuzz_input_of(parcels[i].body);

		if (parcels[i].kind % KINDS == FILE_BYTES) {
			fuzz_write_file(path, parcels[i].body);
			whole = false;
		} else if (parcels[i].kind % KINDS == DAMAGE) {
			struct mtr_bytes file = fuzz_read_file(path), bytes;
			uint32_t where = fuzz_u32(&input);

			bytes = fuzz_rest(&input);
			for (size_t at = 0; at < bytes.size && file.size; at++)
				((uint8_t *)(uintptr_t)file.data)[(where + at) % file.size] = bytes.data[at];
			fuzz_write_file(path, file);
			free((void *)(uintptr_t)file.data);
			whole = false;
		}
	}
	return whole;
}

static void read_through(const char *path, enum mtr_bundle_kind kind, bool whole)
{
	struct mtr_bundle_reader *reader;
	struct mtr_bundle_header header;
	struct mtr_bytes item = {NULL, 1};
	int error = mtr_bundle_open(&reader, path, kind, &header);

	named(error);
	FUZZ_REQUIRE(!whole || error == 0);
	if (error)
		return;
	while (item.size)
		FUZZ_REQUIRE(mtr_bundle_next(reader, &item) == 0);
	mtr_bundle_close(&reader);
}

static void enqueue(struct mtr_client *client, const struct fuzz_parcel *parcels, size_t count)
{
	uint64_t sequence;

	for (size_t i = 0; i < count; i++)
		if (parcels[i].kind % KINDS == ENQUEUE && parcels[i].body.size)
			named(mtr_client_enqueue(client, parcels[i].body.data, parcels[i].body.size, &sequence));
}

/* The desk's own bundle, there and back by an honest register: every entry gets its answer. */
static void there_and_back(struct mtr_client *client)
{
	char entries[FUZZ_PATH_MAX], answers[FUZZ_PATH_MAX];
	struct mtr_client_import import;
	uint64_t exported = 0, delivered = 0;
	int error;

	fuzz_path("entries", entries);
	fuzz_path("returned", answers);
	fuzz_remove(entries);
	fuzz_remove(answers);
	error = mtr_client_outbox_export(client, entries, &exported);
	named(error);
	if (error || !exported)
		return;
	named(mtr_client_bundle_apply(client, entries, answers, &delivered));
	if (delivered)
		named(mtr_client_outbox_import(client, answers, NULL, NULL, &import));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	struct fuzz_desk_link link = {.parcels = parcels, .kinds = KINDS, .honest_hello = true};
	char path[FUZZ_PATH_MAX], answers[FUZZ_PATH_MAX];
	struct mtr_client_import import;
	struct mtr_client *client;
	uint64_t delivered;

	link.count = fuzz_parcels_read(data, size, parcels);
	link.world = fuzz_world_open();
	link.principal = fuzz_world_admit(link.world, fuzz_desk_keys()->public_key);
	fuzz_desk_begin(&link);
	client = fuzz_desk_open(DESK);
	enqueue(client, parcels, link.count);
	fuzz_path("bundle", path);
	fuzz_path("answers", answers);
	fuzz_remove(path);
	fuzz_remove(answers);
	bool whole = make_file(path, parcels, link.count);

	read_through(path, kind_of(parcels, link.count), whole);
	named(mtr_client_outbox_import(client, path, NULL, NULL, &import));
	named(mtr_client_bundle_apply(client, path, answers, &delivered));
	there_and_back(client);
	mtr_client_close(&client);
	fuzz_world_close(link.world);
	return 0;
}
