#include "store/apply.h"

#include "store/digest.h"
#include "store/index.h"
#include "store/internal.h"
#include "store/meta.h"
#include "store/outbox.h"
#include "store/rows.h"
#include "store/tally.h"

#include <string.h>

struct application {
	struct mtr_txn *txn;
	uint64_t revision;
	uint32_t next_ordinal; /* behind the effects: of tombstones in old homes */
};

/* What stands in the register of the entity an effect is about. */
struct former {
	bool known, live;
	struct mtr_place place;
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_derivation derivation;
};

static void derive(struct mtr_txn *txn, const struct mtr_effect *effect, struct mtr_bytes row,
		   struct mtr_derivation *ret_derivation)
{
	if (!txn->error)
		mtr_txn_fail(txn, mtr_derive(txn->store->arena, effect->type, effect->id, row, ret_derivation));
}

/* All that is needed of the old row is taken before the first write moves the map's pages. */
static void read_former(struct mtr_txn *txn, const struct mtr_effect *effect, struct former *former)
{
	struct mtr_feed_item item;

	former->known = mtr_place_read(txn, effect->type, effect->id, &former->place);
	if (!former->known || !mtr_feed_read(txn, &former->place, &item) || !item.live)
		return;
	former->live = true;
	mtr_digest_row(item.home, item.type, item.id, item.revision, item.content, former->digest);
	derive(txn, effect, item.content, &former->derivation);
}

static void put_feed(struct application *a, struct mtr_home home, uint32_t ordinal, const struct mtr_effect *effect,
		     bool live, struct mtr_bytes content)
{
	uint8_t value[MTR_FEED_HEAD_BYTES + MTR_ROW_MAX];
	struct mtr_key head = mtr_key_start(), key;

	if (content.size > MTR_ROW_MAX) {
		mtr_txn_fail(a->txn, MTR_STORE_LIMIT);
		return;
	}
	mtr_key_u8(&head, (uint8_t)effect->type);
	mtr_key_u64(&head, effect->id);
	mtr_key_u8(&head, live);
	memcpy(value, head.data, head.size);
	memcpy(value + head.size, content.data, content.size);
	mtr_feed_key(&key, home, a->revision, ordinal);
	mtr_txn_insert(a->txn, MTR_TABLE_FEED, mtr_key_as_bytes(&key), mtr_bytes_of(value, head.size + content.size));
}

static void delete_feed(struct mtr_txn *txn, const struct mtr_place *place)
{
	struct mtr_key key;

	mtr_feed_key(&key, place->home, place->revision, place->ordinal);
	mtr_txn_delete(txn, MTR_TABLE_FEED, mtr_key_as_bytes(&key));
}

/* A unit has a part in a programme from the first row on that lives there. */
static void link_part(struct mtr_txn *txn, struct mtr_home home)
{
	const struct mtr_key key = mtr_link_key(MTR_LINK_UNIT_PROGRAMME, home.b, home.a);

	if (home.kind == MTR__HOME_KIND__HOME_KIND_PART)
		mtr_txn_insert(txn, MTR_TABLE_LINK, mtr_key_as_bytes(&key), mtr_bytes_of(NULL, 0));
}

/* Either digest may be NULL. */
static void change_home(struct application *a, struct mtr_home home, const uint8_t *gone, const uint8_t *come)
{
	struct mtr_home_row row;

	if (!mtr_home_read(a->txn, home, &row)) {
		row.first = a->revision;
		link_part(a->txn, home);
	}
	row.head = a->revision;
	if (gone) {
		if (!row.live)
			mtr_txn_fail(a->txn, MTR_STORE_CORRUPT);
		row.live--;
		mtr_digest_subtract(row.digest, gone);
	}
	if (come) {
		row.live++;
		mtr_digest_add(row.digest, come);
	}
	mtr_home_write(a->txn, home, &row);
}

/* The feed's old row goes; in a home the entity has left, a tombstone says so. */
static void clear_old_place(struct application *a, const struct mtr_effect *effect, const struct former *former,
			    bool moves)
{
	static const struct mtr_bytes moved = {(const uint8_t *)MTR_TOMBSTONE_MOVED, sizeof MTR_TOMBSTONE_MOVED - 1};

	if (!former->known || (moves && !former->live))
		return;
	delete_feed(a->txn, &former->place);
	if (moves) {
		put_feed(a, former->place.home, a->next_ordinal++, effect, false, moved);
		change_home(a, former->place.home, former->digest, NULL);
	}
}

static void move_rows(struct application *a, const struct mtr_effect *effect, uint32_t ordinal,
		      const struct former *former)
{
	const struct mtr_place place = {.home = effect->home, .revision = a->revision, .ordinal = ordinal};
	const bool moves = former->known && mtr_home_compare(former->place.home, effect->home) != 0;
	const bool live = !effect->tombstone;
	const struct mtr_bytes reason = {(const uint8_t *)effect->tombstone, live ? 0 : strlen(effect->tombstone)};
	uint8_t digest[MTR_HASH_BYTES];

	clear_old_place(a, effect, former, moves);
	put_feed(a, effect->home, ordinal, effect, live, live ? effect->row : reason);
	mtr_place_write(a->txn, effect->type, effect->id, &place);
	if (live)
		mtr_digest_row(effect->home, effect->type, effect->id, a->revision, effect->row, digest);
	change_home(a, effect->home, former->live && !moves ? former->digest : NULL, live ? digest : NULL);
}

static bool same_row(const struct mtr_derived *x, const struct mtr_derived *y)
{
	return x->table == y->table && x->id == y->id && x->key.size == y->key.size &&
	       !memcmp(x->key.data, y->key.data, x->key.size);
}

static bool among(const struct mtr_derived *row, const struct mtr_derivation *derivation)
{
	for (size_t i = 0; i < derivation->count; i++) {
		if (same_row(row, &derivation->rows[i]))
			return true;
	}
	return false;
}

static void change_index(struct mtr_txn *txn, const struct mtr_derivation *old, const struct mtr_derivation *new)
{
	for (size_t i = 0; i < old->count; i++) {
		if (!among(&old->rows[i], new))
			mtr_txn_delete(txn, old->rows[i].table, mtr_key_as_bytes(&old->rows[i].key));
	}
	for (size_t i = 0; i < new->count; i++) {
		const struct mtr_key value = mtr_derived_value(&new->rows[i]);

		if (!among(&new->rows[i], old))
			mtr_txn_insert(txn, new->rows[i].table, mtr_key_as_bytes(&new->rows[i].key),
				       mtr_key_as_bytes(&value));
	}
}

static bool same_share(const struct mtr_share *x, const struct mtr_share *y)
{
	return x->counts == y->counts && x->programme_id == y->programme_id && x->unit_id == y->unit_id &&
	       x->state == y->state && x->group == y->group && x->decided == y->decided && x->summoned == y->summoned &&
	       x->enrolled == y->enrolled;
}

static void change_tally(struct mtr_txn *txn, const struct mtr_share *old, const struct mtr_share *new)
{
	const struct mtr_share *part = new->counts ? new : old;
	struct mtr_tally tally;

	if (same_share(old, new))
		return;
	mtr_read_tally(txn, part->programme_id, part->unit_id, &tally);
	if (old->counts && !mtr_tally_remove(&tally, old))
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	if (new->counts)
		mtr_tally_add(&tally, new);
	mtr_tally_write(txn, part->programme_id, part->unit_id, &tally);
}

/* A nomination lives in its own part, for good. */
static bool at_home(const struct mtr_effect *effect, const struct mtr_share *share)
{
	return !share->counts || !mtr_home_compare(effect->home, mtr_home_part(share->programme_id, share->unit_id));
}

static void apply_effect(struct application *a, const struct mtr_effect *effect, uint32_t ordinal)
{
	struct former former = {.known = false};
	struct mtr_derivation derivation = {.count = 0};

	mtr_arena_reset(a->txn->store->arena);
	read_former(a->txn, effect, &former);
	if (!effect->tombstone)
		derive(a->txn, effect, effect->row, &derivation);
	if ((unsigned)effect->type - 1 >= UINT8_MAX || !effect->id ||
	    (effect->tombstone ? !former.live : !effect->row.size) || !at_home(effect, &former.derivation.share) ||
	    !at_home(effect, &derivation.share))
		mtr_txn_fail(a->txn, MTR_STORE_CORRUPT);
	if (a->txn->error)
		return;
	move_rows(a, effect, ordinal, &former);
	change_index(a->txn, &former.derivation, &derivation);
	change_tally(a->txn, &former.derivation.share, &derivation.share);
	if (!former.known)
		mtr_meta_note_id(a->txn, effect->type, effect->id);
}

void mtr_apply(struct mtr_txn *txn, const Mtr__RecordHeader *header, const struct mtr_effect *effects, size_t count,
	       const uint8_t chain_after[MTR_HASH_BYTES])
{
	struct application a = {.txn = txn, .revision = header->revision, .next_ordinal = (uint32_t)count};
	struct mtr_store_state state;

	mtr_txn_state(txn, &state);
	if (!txn->writes || header->revision != state.revision + 1 || header->at < state.at || count > MTR_EFFECTS_MAX)
		mtr_txn_fail(txn, MTR_STORE_CORRUPT);
	for (size_t i = 0; i < count && !txn->error; i++)
		apply_effect(&a, &effects[i], (uint32_t)i);
	mtr_outbox_take(txn, header);
	state = (struct mtr_store_state){.revision = header->revision, .at = header->at};
	memcpy(state.chain, chain_after, MTR_HASH_BYTES);
	mtr_meta_write_state(txn, &state);
}
