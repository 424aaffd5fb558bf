#include "store/apply.h"

#include "matricula/v1/commands.pb-c.h"
#include "store/change.h"
#include "store/digest.h"
#include "store/internal.h"
#include "store/meta.h"
#include "store/outbox.h"
#include "store/reconciling.h"

#include <string.h>

struct application {
	struct mtr_txn *txn;
	uint64_t revision;
	uint32_t next_ordinal; /* behind the effects: of tombstones in old homes */
};

static void put_feed(struct application *a, struct mtr_home home, uint32_t ordinal, const struct mtr_effect *effect,
		     bool live, struct mtr_bytes content)
{
	const struct mtr_feed_item item = {
		.home = home,
		.revision = a->revision,
		.ordinal = ordinal,
		.type = effect->type,
		.id = effect->id,
		.live = live,
		.content = content,
	};

	mtr_feed_put(a->txn, &item);
}

/* A unit has a part in a programme from the first row on that lives there. */
static void link_part(struct mtr_txn *txn, struct mtr_home home)
{
	struct mtr_key key;

	if (mtr_part_link(home, &key))
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
static void clear_old_place(struct application *a, const struct mtr_effect *effect, const struct mtr_former *former,
			    bool moves)
{
	static const struct mtr_bytes moved = {(const uint8_t *)MTR_TOMBSTONE_MOVED, sizeof MTR_TOMBSTONE_MOVED - 1};

	if (!former->known || (moves && !former->live))
		return;
	mtr_feed_remove(a->txn, &former->place);
	if (moves) {
		put_feed(a, former->place.home, a->next_ordinal++, effect, false, moved);
		change_home(a, former->place.home, former->digest, NULL);
	}
}

static void move_rows(struct application *a, const struct mtr_effect *effect, uint32_t ordinal,
		      const struct mtr_former *former)
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

static void apply_effect(struct application *a, const struct mtr_effect *effect, uint32_t ordinal)
{
	struct mtr_former former;
	struct mtr_derivation derivation = {.count = 0};

	mtr_former_read(a->txn, effect->type, effect->id, &former);
	if (!effect->tombstone && !effect->redacted)
		mtr_change_derive(a->txn, effect->type, effect->id, effect->row, &derivation);
	if ((unsigned)effect->type - 1 >= UINT8_MAX || !effect->id ||
	    (effect->tombstone ? !former.live : !effect->row.size != effect->redacted) ||
	    !mtr_share_at_home(&former.derivation.share, effect->home) ||
	    !mtr_share_at_home(&derivation.share, effect->home))
		mtr_txn_fail(a->txn, MTR_STORE_CORRUPT);
	if (a->txn->error)
		return;
	move_rows(a, effect, ordinal, &former);
	mtr_change_index(a->txn, MTR_KEYS_OWNED, &former.derivation, &derivation);
	mtr_change_tally(a->txn, &former.derivation.share, &derivation.share);
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
	if (header->command_tag == MTR__COMMAND__BODY_END_RECONCILIATION && !header->error_code)
		mtr_reconciling_end(txn);
	mtr_meta_note_checkpoint(txn, header);
	state = (struct mtr_store_state){.revision = header->revision, .at = header->at};
	memcpy(state.chain, chain_after, MTR_HASH_BYTES);
	mtr_meta_write_state(txn, &state);
}
