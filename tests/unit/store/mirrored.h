/* A mirror of a fixture's register, brought forward by pages as they come over the wire. */
#ifndef TESTS_UNIT_STORE_MIRRORED_H
#define TESTS_UNIT_STORE_MIRRORED_H

#include "store/mirror.h"
#include "unit/store/fixture.h"

#define INCARNATION 77u

struct mirrored {
	char directory[64];
	struct mtr_store *store;
	struct mtr_arena *arena;   /* of a page */
	struct mtr_arena *scratch; /* of a row */
	struct mtr_mirror_watch watch;
	bool at_head;
	uint64_t pages, heads;
};

static const struct mtr_mirror_owner mirrored_owner = {.server_key = "server", .public_key = "desk", INCARNATION};

static inline void mirrored_open(struct mirrored *m)
{
	const struct mtr_store_options options = {.directory = m->directory, .map_bytes = 256u << 20, .create = true};
	struct mtr_mirror_state state;
	struct mtr_txn txn;

	assert_int_equal(mtr_store_open(&m->store, &options), MTR_STORE_OK);
	mtr_txn_begin_write(&txn, m->store);
	if (!mtr_mirror_read(&txn, &state))
		mtr_mirror_begin(&txn, &mirrored_owner);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static inline void mirrored_begin(struct mirrored *m)
{
	*m = (struct mirrored){.directory = "/tmp/matricula-mirror-XXXXXX"};
	assert_non_null(mkdtemp(m->directory));
	m->arena = mtr_arena_new(32u << 20);
	m->scratch = mtr_arena_new(2u << 20);
	assert_true(m->arena && m->scratch);
	mirrored_open(m);
}

static inline void mirrored_end(struct mirrored *m)
{
	char path[128];

	mtr_store_close(&m->store);
	mtr_arena_free(&m->arena);
	mtr_arena_free(&m->scratch);
	snprintf(path, sizeof path, "%s/data.mdb", m->directory);
	unlink(path);
	snprintf(path, sizeof path, "%s/lock.mdb", m->directory);
	unlink(path);
	rmdir(m->directory);
}

static inline struct mtr_mirror_state mirrored_state(struct mirrored *m)
{
	struct mtr_mirror_state state;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, m->store);
	assert_true(mtr_mirror_read(&txn, &state));
	mtr_txn_abort(&txn);
	return state;
}

/* The answer a register gives to a feed query with the mirror's cursor, packed; in the mirror's arena. */
static inline struct mtr_bytes mirrored_ask(struct fixture *f, struct mirrored *m, const struct mtr_scope *scope,
					    uint32_t limit, struct mtr_bytes *ret_cursor)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	struct mtr_bytes cursor;
	struct mtr_txn txn;
	uint8_t *bytes;
	size_t size;

	mtr_arena_reset(m->arena);
	mtr_txn_begin_read(&txn, m->store);
	cursor = mtr_mirror_cursor(&txn);
	if (cursor.size)
		cursor.data = mtr_arena_copy(m->arena, cursor.data, cursor.size);
	mtr_txn_abort(&txn);
	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_feed_page(&txn, m->arena, scope, INCARNATION, cursor, limit ? limit : MTR_MIRROR_ROWS_MAX,
				       &answer.page),
			 MTR_FEED_OK);
	answer.body_case = MTR__ANSWER__BODY_PAGE;
	answer.revision = f->revision;
	size = mtr__answer__get_packed_size(&answer);
	bytes = mtr_arena_alloc(m->arena, size);
	assert_non_null(bytes);
	mtr__answer__pack(&answer, bytes);
	mtr_txn_abort(&txn);
	*ret_cursor = cursor;
	return (struct mtr_bytes){bytes, size};
}

static inline struct mtr_mirror_page mirrored_page(struct mirrored *m, struct mtr_bytes cursor, struct mtr_bytes packed)
{
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(m->arena), packed.size, packed.data);

	assert_non_null(answer);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_PAGE);
	return (struct mtr_mirror_page){
		.cursor = cursor,
		.answer = packed,
		.page = answer->page,
		.revision = answer->revision,
		.server_time = answer->revision * 1000,
		.local_time = answer->revision * 1000 + 7,
	};
}

/* One transaction of settling; `keep` false: the process dies before it is committed. */
static inline enum mtr_store_error mirrored_settle_step(struct mirrored *m, bool keep)
{
	struct mtr_txn txn;

	assert_int_equal(mtr_store_reserve(m->store, mtr_mirror_room(MTR_MIRROR_ROWS_MAX)), MTR_STORE_OK);
	mtr_txn_begin_write(&txn, m->store);
	mtr_mirror_settle(&txn, m->arena, &m->watch);
	if (keep)
		return mtr_txn_commit(&txn);
	mtr_txn_abort(&txn);
	mtr_store_close(&m->store);
	mirrored_open(m);
	return MTR_STORE_OK;
}

static inline void mirrored_settle(struct mirrored *m)
{
	while (mirrored_state(m).settling)
		assert_int_equal(mirrored_settle_step(m, true), MTR_STORE_OK);
}

/* One page, taken up without settling. */
static inline void mirrored_take(struct fixture *f, struct mirrored *m, const struct mtr_scope *scope, uint32_t limit)
{
	struct mtr_bytes cursor;
	const struct mtr_bytes packed = mirrored_ask(f, m, scope, limit, &cursor);
	const struct mtr_mirror_page page = mirrored_page(m, cursor, packed);
	struct mtr_txn txn;

	assert_true(mtr_mirror_page_good(m->scratch, &page));
	if (mtr_mirror_page_starts_anew(page.page)) {
		struct mirrored fresh;

		/* What a client does: the files of the old one go. */
		mirrored_begin(&fresh);
		mtr_store_close(&m->store);
		mtr_store_close(&fresh.store);
		for (int i = 0; i < 2; i++) {
			static const char *const names[] = {"data.mdb", "lock.mdb"};
			char from[128], to[128];

			snprintf(from, sizeof from, "%s/%s", fresh.directory, names[i]);
			snprintf(to, sizeof to, "%s/%s", m->directory, names[i]);
			assert_int_equal(rename(from, to), 0);
		}
		mirrored_end(&fresh);
		mirrored_open(m);
	}
	assert_int_equal(mtr_store_reserve(m->store, mtr_mirror_room(page.page->n_rows)), MTR_STORE_OK);
	mtr_txn_begin_write(&txn, m->store);
	if (mtr_mirror_page_starts_anew(page.page)) {
		struct mtr_mirror_page first = page;

		first.cursor = (struct mtr_bytes){NULL, 0};
		assert_true(mtr_mirror_take(&txn, &first, &m->watch));
	} else {
		assert_true(mtr_mirror_take(&txn, &page, &m->watch));
	}
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	m->at_head = page.page->at_head;
	m->pages++;
	m->heads += m->at_head;
}

static inline void mirrored_pull(struct fixture *f, struct mirrored *m, const struct mtr_scope *scope, uint32_t limit)
{
	mirrored_take(f, m, scope, limit);
	mirrored_settle(m);
}

static inline void mirrored_pull_all(struct fixture *f, struct mirrored *m, const struct mtr_scope *scope,
				     uint32_t limit)
{
	do
		mirrored_pull(f, m, scope, limit);
	while (!m->at_head);
}

/* Of the tables that hold rows or follow from them. */
struct sums {
	uint8_t tables[MTR_TABLES][MTR_HASH_BYTES];
};

static inline struct sums mirrored_sums(struct mirrored *m)
{
	struct sums sums;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, m->store);
	mtr_table_digests(&txn, sums.tables);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	memset(sums.tables[MTR_TABLE_META], 0, MTR_HASH_BYTES);
	return sums;
}

/* At a head: it agrees with the register, holds together, and is what a mirror read from the start is. */
static inline void mirrored_expect_exact(struct fixture *f, struct mirrored *m, const struct mtr_scope *scope)
{
	char difference[MTR_DIFFERENCE_MAX] = "";
	const struct mtr_mirror_state state = mirrored_state(m);
	const struct sums sums = mirrored_sums(m);
	struct mirrored fresh;
	struct sums whole;
	struct mtr_txn txn;

	assert_int_equal(state.revision, f->revision);
	assert_int_equal(state.server_time, f->revision * 1000);
	assert_int_equal(state.local_time, f->revision * 1000 + 7);
	assert_true(state.agreed);
	assert_int_equal(state.held, 0);
	assert_false(state.settling);
	mtr_txn_begin_read(&txn, m->store);
	if (!mtr_rows_check(&txn, difference))
		fail_msg("%s", difference);
	mtr_txn_abort(&txn);
	mirrored_begin(&fresh);
	mirrored_pull_all(f, &fresh, scope, 0);
	whole = mirrored_sums(&fresh);
	mirrored_end(&fresh);
	assert_memory_equal(&sums, &whole, sizeof sums);
}

static inline struct mtr_scope mirrored_scope(struct mtr_home *homes, size_t count)
{
	return (struct mtr_scope){.homes = homes, .count = count};
}

static inline void mirrored_put_people(struct fixture *f, uint32_t first, uint32_t count, uint32_t unit)
{
	struct mtr_effect rows[64];

	assert_true(count <= 64);
	for (uint32_t i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "Trần Thị %u", first + i);
		rows[i] = person_row(f, first + i, name, "", unit);
	}
	fixture_apply(f, rows, count);
	mtr_arena_reset(f->arena);
}

/* Below `below`, the same every time. */
static inline uint32_t mirrored_draw(uint32_t *random, uint32_t below)
{
	*random = *random * 1664525 + 1013904223;
	return (*random >> 8) % below;
}

#endif
