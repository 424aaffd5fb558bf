#include "store/verify.h"

#include "store/digest.h"
#include "store/incarnation.h"
#include "store/index.h"
#include "store/internal.h"
#include "store/meta.h"
#include "store/outbox.h"
#include "store/rows.h"
#include "store/sums.h"
#include "store/tally.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROW_ARENA (2u * 1024u * 1024u)
#define TYPES 256u

static const struct mtr_bytes all = {NULL, 0};

struct check {
	struct mtr_txn *txn;
	struct mtr_arena *arena;
	char *difference;
	bool differs;
	uint64_t rows[MTR_TABLES]; /* that there should be */
	uint64_t live, newest[TYPES];
	/* The row that a walk has come to. */
	enum mtr_table table;
	struct mtr_bytes key, value;
	/* Of the home being walked. */
	struct mtr_home home;
	struct mtr_home_row sums;
	struct mtr_tally tally;
	bool tallied;
};

/* After an error of the transaction nothing is found any more, and whatever seems to be missing may be there. */
__attribute__((format(printf, 2, 3))) static bool differ(struct check *c, const char *format, ...)
{
	va_list arguments;

	if (c->txn->error)
		return false;
	if (!c->differs) {
		va_start(arguments, format);
		vsnprintf(c->difference, MTR_DIFFERENCE_MAX, format, arguments);
		va_end(arguments);
	}
	c->differs = true;
	return false;
}

struct thing {
	char name[64];
};

/* "person": the type's name without what all of them begin with. */
static struct thing kind_of(Mtr__EntityType type)
{
	static const char common[] = "ENTITY_TYPE_";
	const ProtobufCEnumValue *value =
		protobuf_c_enum_descriptor_get_value(&mtr__entity_type__descriptor, (int)type);
	struct thing thing = {"something of an unknown kind"};

	if (!value || strncmp(value->name, common, sizeof common - 1) != 0)
		return thing;
	snprintf(thing.name, sizeof thing.name, "%s", value->name + sizeof common - 1);
	for (char *at = thing.name; *at; at++)
		*at = *at == '_' ? ' ' : (char)tolower((unsigned char)*at);
	return thing;
}

/* "person 11". */
static struct thing thing_of(Mtr__EntityType type, uint64_t id)
{
	const struct thing kind = kind_of(type);
	struct thing thing;

	snprintf(thing.name, sizeof thing.name, "%.40s %llu", kind.name, (unsigned long long)id);
	return thing;
}

static bool check_derived(struct check *c, const struct mtr_feed_item *item)
{
	struct mtr_derivation derivation;
	struct mtr_bytes found;
	enum mtr_store_error error;

	mtr_arena_reset(c->arena);
	error = mtr_derive(c->arena, item->type, item->id, item->content, &derivation);
	if (error)
		return differ(c, "feed: what it holds of %s can't be read: %s", thing_of(item->type, item->id).name,
			      mtr_store_error_name(error));
	for (size_t i = 0; i < derivation.count; i++) {
		const struct mtr_derived *row = &derivation.rows[i];
		const struct mtr_key value = mtr_derived_value(row);

		c->rows[row->table]++;
		if (!mtr_txn_get(c->txn, row->table, mtr_key_as_bytes(&row->key), &found))
			return differ(c,
				      "what the table feed holds of %s asks for a row in the table %s that isn't "
				      "there: one of the two was changed",
				      thing_of(item->type, item->id).name, mtr_table_name(row->table));
		if (found.size != value.size || (value.size && memcmp(found.data, value.data, value.size) != 0))
			return differ(c,
				      "what the table feed holds of %s and its row in the table %s don't say the "
				      "same: one of the two was changed",
				      thing_of(item->type, item->id).name, mtr_table_name(row->table));
	}
	if (!derivation.share.counts)
		return true;
	if (mtr_home_compare(item->home, mtr_home_part(derivation.share.programme_id, derivation.share.unit_id)) != 0)
		return differ(c, "feed: nomination %llu isn't in its part", (unsigned long long)item->id);
	c->tallied = true;
	return mtr_tally_add(&c->tally, &derivation.share);
}

static bool check_row(struct check *c, const struct mtr_feed_item *item)
{
	struct mtr_place place;
	uint8_t digest[MTR_HASH_BYTES];

	if (!c->sums.first || item->revision < c->sums.first)
		c->sums.first = item->revision;
	c->sums.head = item->revision;
	if (!item->live)
		return true;
	if (!mtr_place_read(c->txn, item->type, item->id, &place) || mtr_home_compare(place.home, item->home) != 0 ||
	    place.revision != item->revision || place.ordinal != item->ordinal)
		return differ(c, "the table entity doesn't say that %s lies where the table feed has it",
			      thing_of(item->type, item->id).name);
	c->live++;
	c->sums.live++;
	mtr_digest_row(item->home, item->type, item->id, item->revision, item->content, digest);
	mtr_digest_add(c->sums.digest, digest);
	return check_derived(c, item);
}

static bool check_tally(struct check *c)
{
	struct mtr_tally found;

	c->rows[MTR_TABLE_TALLY]++;
	mtr_read_tally(c->txn, c->home.a, c->home.b, &found);
	if (memcmp(&found, &c->tally, sizeof found) != 0)
		return differ(c, "tally: programme %u unit %u counts otherwise", c->home.a, c->home.b);
	return true;
}

static bool check_home(struct check *c)
{
	const struct mtr_home home = c->home;
	struct mtr_home_row found;

	c->rows[MTR_TABLE_HOME]++;
	if (!mtr_home_read(c->txn, home, &found))
		return differ(c, "home: %u %u %u is missing", home.kind, home.a, home.b);
	if (found.head != c->sums.head || found.first > c->sums.first || found.live != c->sums.live ||
	    memcmp(found.digest, c->sums.digest, MTR_HASH_BYTES) != 0)
		return differ(c, "home: %u %u %u sums up otherwise", home.kind, home.a, home.b);
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PART) {
		c->rows[MTR_TABLE_LINK]++;
		if (!mtr_has_link(c->txn, MTR_LINK_UNIT_PROGRAMME, home.b, home.a))
			return differ(c, "link: unit %u isn't linked to programme %u", home.b, home.a);
	}
	return !c->tallied || check_tally(c);
}

/* The next row, which an error that comes up there will name; without one the row is none. */
static bool next_row(struct check *c, struct mtr_walk *walk, enum mtr_table table)
{
	if (c->txn->error)
		return false;
	c->table = table;
	c->key = c->value = all;
	return mtr_walk_next(walk, &c->key, &c->value);
}

static bool check_feed(struct check *c)
{
	struct mtr_feed_item item;
	struct mtr_walk walk;
	bool good = true;

	mtr_walk_begin(&walk, c->txn, MTR_TABLE_FEED, all, all);
	while (good && next_row(c, &walk, MTR_TABLE_FEED) && mtr_feed_decode(c->txn, c->key, c->value, &item)) {
		if (c->sums.head && mtr_home_compare(c->home, item.home) != 0) {
			good = check_home(c);
			c->sums = (struct mtr_home_row){.first = 0};
			c->tally = (struct mtr_tally){.held = 0};
			c->tallied = false;
		}
		c->home = item.home;
		c->rows[MTR_TABLE_FEED]++;
		good = good && check_row(c, &item);
	}
	mtr_walk_end(&walk);
	return good && (!c->sums.head || check_home(c));
}

static bool check_entities(struct check *c)
{
	struct mtr_place place;
	struct mtr_feed_item item;
	struct mtr_walk walk;
	uint64_t live = 0;
	bool good = true;

	mtr_walk_begin(&walk, c->txn, MTR_TABLE_ENTITY, all, all);
	while (good && next_row(c, &walk, MTR_TABLE_ENTITY) && mtr_place_decode(c->txn, c->value, &place)) {
		const uint8_t *at = c->key.data;

		if (c->key.size != 9) {
			mtr_txn_fail(c->txn, MTR_STORE_CORRUPT);
			break;
		}
		const uint8_t type = mtr_get_u8(&at);
		const uint64_t id = mtr_get_u64(&at);

		c->newest[type] = id; /* the greatest comes last */
		if (!mtr_feed_read(c->txn, &place, &item) || item.type != type || item.id != id)
			good = differ(c, "where the table entity says that %s lies, the table feed has nothing of it",
				      thing_of((Mtr__EntityType)type, id).name);
		else
			live += item.live;
	}
	mtr_walk_end(&walk);
	if (good && live != c->live)
		return differ(c, "entity: %llu live, %llu in the feed", (unsigned long long)live,
			      (unsigned long long)c->live);
	return good;
}

static bool check_counts(struct check *c)
{
	static const enum mtr_table derived[] = {MTR_TABLE_HOME, MTR_TABLE_CODE,  MTR_TABLE_LINK,
						 MTR_TABLE_ONCE, MTR_TABLE_ORDER, MTR_TABLE_TALLY};

	for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
		const uint64_t found = mtr_txn_count(c->txn, derived[i]);

		if (found != c->rows[derived[i]])
			return differ(c, "%s: %llu rows, %llu follow from the feed", mtr_table_name(derived[i]),
				      (unsigned long long)found, (unsigned long long)c->rows[derived[i]]);
	}
	return true;
}

/* A restore leaves ids free. */
static bool check_next_ids(struct check *c)
{
	const bool restored = mtr_incarnation_count(c->txn) > 0;

	for (unsigned type = 1; type < TYPES; type++) {
		const uint64_t next = mtr_next_id(c->txn, (Mtr__EntityType)type);

		if (mtr_meta_counts((Mtr__EntityType)type) &&
		    (restored ? next <= c->newest[type] : next != c->newest[type] + 1))
			return differ(c, "meta: the next %s is %llu, the newest is %llu",
				      kind_of((Mtr__EntityType)type).name, (unsigned long long)next,
				      (unsigned long long)c->newest[type]);
	}
	return true;
}

/* What follows from the records' headers can't be derived here; at least it must agree with itself. */
static bool check_dedup(struct check *c)
{
	struct mtr_outbox_state outbox;
	struct mtr_store_state state;
	struct mtr_walk walk;
	bool good = true;

	mtr_txn_state(c->txn, &state);
	mtr_walk_begin(&walk, c->txn, MTR_TABLE_DEDUP, all, all);
	while (good && next_row(c, &walk, MTR_TABLE_DEDUP)) {
		const uint8_t *sequence = c->key.data + MTR_OUTBOX_BYTES, *revision = c->value.data;

		if (c->key.size != MTR_OUTBOX_BYTES + 8 || c->value.size < 8) {
			good = differ(c, "dedup: a row isn't of the right size");
			break;
		}
		mtr_read_outbox(c->txn, c->key.data, &outbox);
		if (!outbox.principal_id || mtr_get_u64(&sequence) > outbox.last_sequence ||
		    mtr_get_u64(&revision) > state.revision)
			good = differ(c, "dedup: a row is ahead of its outbox or of the register");
	}
	mtr_walk_end(&walk);
	return good;
}

static void count_outbox(void *context, const uint8_t *outbox, const struct mtr_outbox_state *state)
{
	(void)outbox;
	(void)state;
	(*(uint64_t *)context)++;
}

/* Each of them can be read. */
static bool check_outboxes(struct check *c)
{
	uint64_t count = 0;

	mtr_each_outbox(c->txn, count_outbox, &count);
	return count == mtr_txn_count(c->txn, MTR_TABLE_OUTBOX) || differ(c, "outbox: a row can't be read");
}

/* What the row that the check has come to is about, by what the row says itself; false when it says nothing of it. */
static bool thing_of_row(const struct check *c, struct thing *ret_thing)
{
	struct mtr_feed_item item = {.id = 0};
	const uint8_t *at = c->key.data;

	if (c->table == MTR_TABLE_FEED) {
		(void)mtr_feed_decode(c->txn, c->key, c->value, &item);
	} else if (c->table == MTR_TABLE_ENTITY && c->key.size == 9) {
		item.type = (Mtr__EntityType)mtr_get_u8(&at);
		item.id = mtr_get_u64(&at);
	}
	*ret_thing = thing_of(item.type, item.id);
	return item.id;
}

static void name_row(const struct check *c, char ret_name[MTR_DIFFERENCE_MAX])
{
	char row[MTR_ROW_NAME_MAX];
	struct thing thing;

	if (!c->key.data) {
		snprintf(ret_name, MTR_DIFFERENCE_MAX, "the table %s", mtr_table_name(c->table));
	} else if (thing_of_row(c, &thing)) {
		snprintf(ret_name, MTR_DIFFERENCE_MAX, "what the table %s holds of %s", mtr_table_name(c->table),
			 thing.name);
	} else {
		mtr_row_name(c->table, c->key, c->value, row);
		snprintf(ret_name, MTR_DIFFERENCE_MAX, "a row (%s)", row);
	}
}

static bool explain_error(const struct check *c)
{
	char name[MTR_DIFFERENCE_MAX];

	name_row(c, name);
	if (c->txn->error == MTR_STORE_CORRUPT)
		snprintf(c->difference, MTR_DIFFERENCE_MAX, "%.180s, or where it leads to, isn't what was written",
			 name);
	else
		snprintf(c->difference, MTR_DIFFERENCE_MAX, "%.180s can't be read: %s", name,
			 mtr_store_error_name(c->txn->error));
	return false;
}

static bool check(struct mtr_txn *txn, char *ret_difference, bool records)
{
	struct check c = {.txn = txn, .difference = ret_difference, .arena = mtr_arena_new(ROW_ARENA)};
	bool good;

	if (!c.arena)
		mtr_txn_fail(txn, MTR_STORE_MEMORY);
	good = c.arena && check_feed(&c) && check_entities(&c) && check_counts(&c) &&
	       (!records || (check_next_ids(&c) && check_dedup(&c) && check_outboxes(&c)));
	mtr_arena_free(&c.arena);
	return txn->error ? explain_error(&c) : good;
}

bool mtr_store_check(struct mtr_txn *txn, char ret_difference[MTR_DIFFERENCE_MAX])
{
	return check(txn, ret_difference, true);
}

bool mtr_rows_check(struct mtr_txn *txn, char ret_difference[MTR_DIFFERENCE_MAX])
{
	return check(txn, ret_difference, false);
}
