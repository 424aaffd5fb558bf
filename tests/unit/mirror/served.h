/* A register with real rows behind a server that misbehaves on demand, a desk of it, and the desk's mirror. */
#ifndef TESTS_UNIT_MIRROR_SERVED_H
#define TESTS_UNIT_MIRROR_SERVED_H

#include "testing.h"

#include "unit/reader/world.h"

#include "register/scope.h"
#include "store/mirror.h"

#include <stdio.h>

struct served {
	struct world *world;
	struct fake_server server;
	struct desk desk;
	Mtr__Principal principal; /* who the desk is */
	/* Of the server's thread, while a request is under way. */
	uint32_t limit;     /* rows of a page; 0: as many as fit */
	unsigned pages;     /* answered since the last sync began */
	unsigned cut_after; /* pages, then the requests are lost; 0: never */
	unsigned waits;     /* requests that were ready to wait */
	unsigned spoil;     /* how many answers are still to be spoilt */
	void (*spoil_page)(struct served *served, Mtr__Answer *answer);
	void (*on_wait)(struct served *served); /* the news that somebody waits for */
	/* What sync told. */
	uint64_t rows, revision;
	unsigned progress, changes, notices[8];
	char last_change[256];
};

static inline uint8_t *served_pack(const Mtr__Answer *answer, size_t *ret_size)
{
	uint8_t *bytes = malloc(mtr__answer__get_packed_size(answer) + 1);

	assert_non_null(bytes);
	*ret_size = mtr__answer__pack(answer, bytes);
	return bytes;
}

static inline uint8_t *served_query(struct fake_server *server, const Mtr__Query *query, size_t *ret_size)
{
	struct served *served = server->context;
	Mtr__Query asked = *query;
	Mtr__Feed feed;

	if (query->body_case == MTR__QUERY__BODY_FEED) {
		feed = *query->feed;
		if (served->limit)
			feed.limit = served->limit;
		asked.feed = &feed;
		served->pages++;
		if (feed.wait_ms) {
			served->waits++;
			if (served->on_wait)
				served->on_wait(served);
		}
	}
	Mtr__Answer *answer = (Mtr__Answer *)(uintptr_t)ask(served->world, served->principal.id, &asked);

	if (served->spoil && answer->body_case == MTR__ANSWER__BODY_PAGE) {
		served->spoil--;
		served->spoil_page(served, answer);
	}
	return served_pack(answer, ret_size);
}

static inline enum fake_action served_cut(struct fake_server *server, const Mtr__Request *request, unsigned turn)
{
	const struct served *served = server->context;

	(void)turn;
	if (request->body_case == MTR__REQUEST__BODY_QUERY && served->cut_after && served->pages >= served->cut_after)
		return FAKE_IGNORE;
	return FAKE_ANSWER;
}

/* The desk is this principal of the world. */
static inline void served_become(struct served *served, uint32_t id, Mtr__Role role, uint32_t unit)
{
	mtr__principal__init(&served->principal);
	served->principal.id = id;
	served->principal.role = role;
	served->principal.unit_id = unit;
}

static inline int served_setup(void **state)
{
	struct served *served = calloc(1, sizeof *served);
	void *world;

	assert_non_null(served);
	world_setup(&world);
	served->world = world;
	served_become(served, CLERK_A, MTR__ROLE__ROLE_NOMINATOR, DISTRICT_A);
	served->server = (struct fake_server){
		.hook = served_cut,
		.context = served,
		.principal = &served->principal,
		.incarnation = INCARNATION,
		.now = 1700000000000,
		.query = served_query,
	};
	fake_server_start(&served->server);
	desk_begin(&served->desk);
	desk_open(&served->desk, &served->server, 0);
	*state = served;
	return 0;
}

static inline void served_remove_mirror(struct served *served)
{
	static const char *const names[] = {"mirror/data.mdb", "mirror/lock.mdb", "mirror", "mirror.lock"};
	char path[160];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", served->desk.state, names[i]);
		remove(path);
	}
}

static inline int served_teardown(void **state)
{
	struct served *served = *state;
	void *world = served->world;

	desk_close(&served->desk);
	served_remove_mirror(served);
	desk_end(&served->desk);
	fake_server_end(&served->server);
	world_teardown(&world);
	free(served);
	return 0;
}

/* As after a restart of the program; with this patience. */
static inline void served_reopen(struct served *served, uint32_t timeout_ms)
{
	desk_close(&served->desk);
	desk_open(&served->desk, &served->server, timeout_ms);
}

static inline void served_progress(void *context, uint64_t rows, uint64_t revision)
{
	struct served *served = context;

	assert_true(rows >= served->rows);
	served->progress++;
	served->rows = rows;
	served->revision = revision;
}

static inline void served_change(void *context, const struct mtr_client_change *change)
{
	struct served *served = context;

	assert_true(change->old_size || change->new_size);
	assert_true(change->new_size || change->reason);
	served->changes++;
	snprintf(served->last_change, sizeof served->last_change, "%u %llu in %u %u %u: %s%s%s", change->type,
		 (unsigned long long)change->id, change->home_kind, change->home_a, change->home_b,
		 change->old_size ? "old " : "", change->new_size ? "new" : "gone ",
		 change->reason ? change->reason : "");
}

static inline void served_notice(void *context, enum mtr_client_mirror_notice notice)
{
	struct served *served = context;

	assert_true(notice < 8);
	served->notices[notice]++;
}

static inline struct mtr_client_sync_options served_options(struct served *served, uint32_t wait_ms)
{
	return (struct mtr_client_sync_options){
		.wait_ms = wait_ms,
		.progress = served_progress,
		.change = served_change,
		.notice = served_notice,
		.context = served,
	};
}

static inline int served_try_sync(struct served *served, uint32_t wait_ms)
{
	const struct mtr_client_sync_options options = served_options(served, wait_ms);

	served->pages = served->waits = served->progress = served->changes = 0;
	served->rows = 0;
	memset(served->notices, 0, sizeof served->notices);
	return mtr_client_sync(served->desk.client, &options);
}

static inline void served_sync(struct served *served)
{
	assert_int_equal(served_try_sync(served, 0), 0);
}

static inline struct mtr_client_mirror_state served_state(struct served *served)
{
	struct mtr_client_mirror_state state;

	assert_int_equal(mtr_client_mirror_state(served->desk.client, &state), 0);
	return state;
}

/* How many times the mirror was begun anew in the last sync, for whatever reason. */
static inline unsigned served_beginnings(const struct served *served)
{
	unsigned count = 0;

	for (size_t i = 0; i < sizeof served->notices / sizeof served->notices[0]; i++)
		count += served->notices[i];
	return count;
}

/* The desk's mirror by itself, while no client has it open. */
static inline struct mtr_store *served_open_mirror(struct served *served)
{
	char directory[128];
	const struct mtr_store_options options = {.directory = directory, .map_bytes = 64u << 20};
	struct mtr_store *store;

	snprintf(directory, sizeof directory, "%s/mirror", served->desk.state);
	assert_int_equal(mtr_store_open(&store, &options), MTR_STORE_OK);
	return store;
}

/* Each row of the register in the desk's scope is in the mirror, byte for byte, and no other; and the mirror holds
 * together. */
static inline void served_expect_whole(struct served *served)
{
	const struct mtr_client_mirror_state state = served_state(served);
	const struct mtr_scope everything = {.everything = true};
	uint8_t mine[MTR_HASH_BYTES], theirs[MTR_HASH_BYTES];
	char difference[MTR_DIFFERENCE_MAX] = "";
	uint64_t count, rows;
	struct mtr_store *store;
	struct mtr_txn txn;

	assert_true(state.agreed);
	assert_int_equal(state.revision, served->world->f->revision);
	mtr_arena_reset(served->world->arena);
	mtr_txn_begin_read(&txn, served->world->f->store);
	mtr_scope_digest(&txn,
			 mtr_scope_of(&txn, served->world->arena,
				      mtr_read_principal(&txn, served->world->arena, served->principal.id)),
			 theirs, &rows);
	mtr_txn_abort(&txn);
	assert_int_equal(state.rows, rows);
	desk_close(&served->desk);
	store = served_open_mirror(served);
	mtr_txn_begin_read(&txn, store);
	if (!mtr_rows_check(&txn, difference))
		fail_msg("%s", difference);
	mtr_scope_digest(&txn, &everything, mine, &count);
	mtr_txn_abort(&txn);
	mtr_store_close(&store);
	assert_int_equal(count, rows);
	assert_memory_equal(mine, theirs, MTR_HASH_BYTES);
	desk_open(&served->desk, &served->server, 0);
}

static inline void served_put_person(struct served *served, uint32_t id, uint32_t unit)
{
	struct fixture *f = served->world->f;
	struct mtr_effect row;
	char name[32];

	snprintf(name, sizeof name, "Phan Thị %u", id);
	row = person_row(f, id, name, "", unit);
	fixture_apply(f, &row, 1);
	mtr_arena_reset(f->arena);
}

static inline void served_put_people(struct served *served, uint32_t first, uint32_t count, uint32_t unit)
{
	for (uint32_t i = 0; i < count; i++)
		served_put_person(served, first + i, unit);
}

#define SERVED_TEST(function) cmocka_unit_test_setup_teardown(function, served_setup, served_teardown)

#endif
