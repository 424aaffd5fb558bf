/* Every message that comes over the wire, out of the journal or out of a file: unpacked, packed again, and what is read
 * from a row or a record besides. */
#include "contract/arena.h"
#include "engine/record.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/journal.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "parcels.h"
#include "shapes.h"
#include "store/index.h"
#include "target.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* As decoding does where the largest is decoded. */
#define ARENA (32u << 20)

static const ProtobufCMessageDescriptor *const others[] = {
	&mtr__request__descriptor, &mtr__command__descriptor, &mtr__query__descriptor,  &mtr__reply__descriptor,
	&mtr__answer__descriptor,  &mtr__record__descriptor,  &mtr__effect__descriptor,
};
#define OTHERS (sizeof others / sizeof *others)

static struct mtr_arena *arena;

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	kind %= FUZZ_ROW_SHAPES + OTHERS;
	return kind < FUZZ_ROW_SHAPES ? fuzz_row_shape(kind + 1u) : others[kind - FUZZ_ROW_SHAPES];
}

static struct mtr_bytes pack(const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = malloc(size + 1);

	FUZZ_REQUIRE(bytes && protobuf_c_message_pack(message, bytes) == size);
	return (struct mtr_bytes){bytes, size};
}

/* What was packed by us means the same and is packed the same for ever. */
static void round_trip(const ProtobufCMessageDescriptor *shape, struct mtr_bytes bytes)
{
	ProtobufCMessage *message =
		protobuf_c_message_unpack(shape, mtr_arena_allocator(arena), bytes.size, bytes.data);

	if (!message)
		return;
	struct mtr_bytes first = pack(message);

	message = protobuf_c_message_unpack(shape, mtr_arena_allocator(arena), first.size, first.data);
	/* protobuf-c keeps a field of number 0 if that is written at undue length, and reads it no more when it has
	 * packed it. */
	if (message) {
		struct mtr_bytes second = pack(message);

		FUZZ_REQUIRE(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
		free((void *)(uintptr_t)second.data);
	}
	free((void *)(uintptr_t)first.data);
}

static uint64_t id_of(const ProtobufCMessage *row)
{
	const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(row->descriptor, "id");
	const void *place = field ? (const char *)row + field->offset : NULL;

	if (row->descriptor == &mtr__allocation__descriptor) {
		const Mtr__Allocation *allocation = (const Mtr__Allocation *)row;

		return mtr_allocation_id(allocation->programme_id, allocation->unit_id);
	}
	if (!field)
		return 1;
	return field->type == PROTOBUF_C_TYPE_UINT64 ? *(const uint64_t *)place : *(const uint32_t *)place;
}

/* What follows from a row has no key twice, and each fits a key. */
static void derive(const ProtobufCMessageDescriptor *shape, Mtr__EntityType type, struct mtr_bytes row)
{
	ProtobufCMessage *message = protobuf_c_message_unpack(shape, mtr_arena_allocator(arena), row.size, row.data);
	struct mtr_derivation derivation;
	uint64_t id = message ? id_of(message) : 1;

	if (mtr_derive(arena, type, id, row, &derivation) != MTR_STORE_OK)
		return;
	for (size_t i = 0; i < derivation.count; i++) {
		const struct mtr_derived *x = &derivation.rows[i];

		FUZZ_REQUIRE(x->key.size <= sizeof x->key.data);
		for (size_t j = 0; j < i; j++) {
			const struct mtr_derived *y = &derivation.rows[j];

			FUZZ_REQUIRE(x->table != y->table || x->key.size != y->key.size ||
				     memcmp(x->key.data, y->key.data, x->key.size) != 0);
		}
	}
}

static bool choose(void *context, uint32_t index, struct mtr_bytes leaf)
{
	const uint8_t *mask = context;

	(void)leaf;
	return *mask >> index % 8 & 1;
}

/* Leaves that are taken out leave the digest as it is, and are taken out once. */
static void redact(struct mtr_bytes record, const uint8_t digest[MTR_HASH_BYTES], uint8_t mask)
{
	uint8_t after[MTR_HASH_BYTES];
	struct mtr_bytes less, again;
	size_t count;

	if (mtr_record_redact(arena, record, choose, &mask, &less, &count) != 0)
		return;
	FUZZ_REQUIRE(mtr_record_digest(less.data, less.size, after) == 0);
	FUZZ_REQUIRE(memcmp(after, digest, MTR_HASH_BYTES) == 0);
	if (mtr_record_redact(arena, less, choose, &mask, &again, &count) == 0)
		FUZZ_REQUIRE(count == 0 && again.size == less.size);
}

static void read_record(struct mtr_bytes record, uint8_t mask)
{
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_record_view view;
	struct mtr_redacted_leaf leaf;
	struct mtr_bytes effect;
	size_t effects = 0, leaves = 0;
	int error = mtr_record_read(record.data, record.size, &view);

	FUZZ_REQUIRE(mtr_record_digest(record.data, record.size, digest) == error);
	if (error)
		return;
	const size_t count = view.effect_count;
	struct mtr_bytes redacted = view.redacted;

	while (mtr_record_next_effect(&view, &effect)) {
		FUZZ_REQUIRE(!effect.data ||
			     (effect.data >= record.data && effect.data + effect.size <= record.data + record.size));
		effects++;
	}
	while (mtr_record_next_redacted(&redacted, &leaf))
		leaves++;
	FUZZ_REQUIRE(effects == count && leaves == view.redacted_count);
	redact(record, digest, mask);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	size_t count = fuzz_parcels_read(data, size, parcels);

	if (!arena)
		arena = mtr_arena_new(ARENA);
	FUZZ_REQUIRE(arena);
	for (size_t i = 0; i < count; i++) {
		const ProtobufCMessageDescriptor *shape = fuzz_shape(parcels[i].kind);
		const struct mtr_bytes body = parcels[i].body;

		mtr_arena_reset(arena);
		round_trip(shape, body);
		for (unsigned type = 1; type <= FUZZ_ROW_SHAPES; type++)
			if (shape == fuzz_row_shape(type))
				derive(shape, (Mtr__EntityType)type, body);
		if (shape == &mtr__record__descriptor)
			read_record(body, parcels[i].who);
	}
	return 0;
}
