#include "store/read.h"

#include "store/cache.h"
#include "store/internal.h"
#include "store/rows.h"

bool mtr_read_row(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_row *ret_row)
{
	struct mtr_place place;
	struct mtr_feed_item item;

	if (!mtr_place_read(txn, type, id, &place) || !mtr_feed_read(txn, &place, &item))
		return false;
	if (item.type != type || item.id != id)
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	if (txn->error || !item.live)
		return false;
	*ret_row = (struct mtr_row){
		.home = item.home,
		.type = item.type,
		.id = item.id,
		.revision = item.revision,
		.ordinal = item.ordinal,
		.bytes = item.content,
	};
	return true;
}

bool mtr_is_known(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id)
{
	struct mtr_place place;

	return mtr_place_read(txn, type, id, &place);
}

/* What many decisions ask for and few change. */
static bool is_shared(Mtr__EntityType type)
{
	return type == MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT || type == MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL ||
	       type == MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE || type == MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN ||
	       type == MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME || type == MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION;
}

static const ProtobufCMessage *read_message(struct mtr_txn *txn, struct mtr_arena *arena, Mtr__EntityType type,
					    uint64_t id, const ProtobufCMessageDescriptor *descriptor)
{
	struct mtr_cache *cache = txn->writes && is_shared(type) ? txn->store->cache : NULL;
	const struct mtr_key key = mtr_entity_key(type, id);
	const ProtobufCMessage *message = NULL;
	struct mtr_row row;
	size_t cost = 0;

	if (cache && !txn->error)
		message = mtr_cache_row(cache, mtr_key_as_bytes(&key), &cost);
	if (!message && !mtr_read_row(txn, type, id, &row))
		return NULL;
	/* Empty is what a redaction took out, while records before it are applied again. */
	if (!message && !row.bytes.size) {
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
		return NULL;
	}
	if (!message && cache)
		message = mtr_cache_unpack(cache, mtr_key_as_bytes(&key), descriptor, row.bytes, &cost);
	if (message)
		return mtr_arena_charge(arena, cost) ? message : NULL;
	message = protobuf_c_message_unpack(descriptor, mtr_arena_allocator(arena), row.bytes.size, row.bytes.data);
	if (!message && !mtr_arena_exhausted(arena))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	return message;
}

const Mtr__Unit *mtr_read_unit(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id)
{
	return (const Mtr__Unit *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, id,
					       &mtr__unit__descriptor);
}

const Mtr__Principal *mtr_read_principal(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id)
{
	return (const Mtr__Principal *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, id,
						    &mtr__principal__descriptor);
}

const Mtr__Title *mtr_read_title(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id)
{
	return (const Mtr__Title *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, id,
						&mtr__title__descriptor);
}

const Mtr__Person *mtr_read_person(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id)
{
	return (const Mtr__Person *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, id,
						 &mtr__person__descriptor);
}

const Mtr__Plan *mtr_read_plan(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id)
{
	return (const Mtr__Plan *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, id,
					       &mtr__plan__descriptor);
}

const Mtr__Programme *mtr_read_programme(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id)
{
	return (const Mtr__Programme *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, id,
						    &mtr__programme__descriptor);
}

const Mtr__Allocation *mtr_read_allocation(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t programme_id,
					   uint32_t unit_id)
{
	const Mtr__Allocation *found = (const Mtr__Allocation *)read_message(
		txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION, mtr_allocation_id(programme_id, unit_id),
		&mtr__allocation__descriptor);
	Mtr__Allocation *zeros;

	if (found || txn->error || mtr_arena_exhausted(arena))
		return found;
	zeros = mtr_arena_alloc(arena, sizeof *zeros);
	if (!zeros)
		return NULL;
	mtr__allocation__init(zeros);
	zeros->programme_id = programme_id;
	zeros->unit_id = unit_id;
	return zeros;
}

const Mtr__Letter *mtr_read_letter(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t id)
{
	return (const Mtr__Letter *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER, id,
						 &mtr__letter__descriptor);
}

const Mtr__Nomination *mtr_read_nomination(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t id)
{
	return (const Mtr__Nomination *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, id,
						     &mtr__nomination__descriptor);
}

const Mtr__Decision *mtr_read_decision(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t id)
{
	return (const Mtr__Decision *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION, id,
						   &mtr__decision__descriptor);
}

const Mtr__Class *mtr_read_class(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id)
{
	return (const Mtr__Class *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, id,
						&mtr__class__descriptor);
}

const Mtr__Enrolment *mtr_read_enrolment(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t nomination_id)
{
	return (const Mtr__Enrolment *)read_message(txn, arena, MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT, nomination_id,
						    &mtr__enrolment__descriptor);
}

uint32_t mtr_allocation_seats(const Mtr__Allocation *allocation)
{
	const uint64_t in = (uint64_t)allocation->granted + allocation->transferred_in;
	const uint64_t out = (uint64_t)allocation->transferred_out + allocation->returned + allocation->lapsed;

	if (out >= in)
		return 0;
	return in - out > UINT32_MAX ? UINT32_MAX : (uint32_t)(in - out);
}
