#include "world.h"

#include "contract/entry_hash.h"
#include "memory_engine.h"
#include "query/query.h"
#include "reader/query.h"
#include "scratch.h"
#include "store/pages.h"
#include "store/read.h"
#include "target.h"
#include "world_base.h"
#include "writer/recover.h"
#include "writer/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAP_BYTES (64u << 20)
#define NEVER_MS 1000000000u

static struct {
	bool made;
	struct mtr_bytes store; /* the data file */
	uint64_t revision;
	struct fuzz_world world;
} base;

enum mtr_store_error __wrap_mtr_store_reserve(struct mtr_store *store, uint64_t bytes);

/* There is room for what an input does, and what happens without is another test's. */
enum mtr_store_error __wrap_mtr_store_reserve(struct mtr_store *store, uint64_t bytes)
{
	(void)store;
	(void)bytes;
	return MTR_STORE_OK;
}

static void take_reply(void *context, struct mtr_work *work)
{
	struct fuzz_world *world = context;

	work->next = NULL;
	*world->replies_end = work;
	world->replies_end = &work->next;
}

static void take_principals_changed(void *context, uint64_t revision, uint32_t principal_id, bool revoked)
{
	(void)context;
	(void)revision;
	(void)principal_id;
	(void)revoked;
}

static void take_committed(void *context, uint64_t revision)
{
	(void)context;
	(void)revision;
}

static void take_fatal(void *context, const char *reason)
{
	struct fuzz_world *world = context;

	if (world->damaged) {
		world->failed = true;
		return;
	}
	fprintf(stderr, "the writer gives up: %s\n", reason);
	abort();
}

static uint64_t take_time(void *context)
{
	return ((const struct fuzz_world *)context)->now;
}

static void open_store(struct fuzz_world *world, const char *path)
{
	const struct mtr_store_options options = {.directory = path, .map_bytes = MAP_BYTES, .create = true};

	FUZZ_REQUIRE(mtr_store_open(&world->store, &options) == MTR_STORE_OK);
}

static int start_writer(struct fuzz_world *world)
{
	world->writer_options = (struct mtr_writer_options){
		.store = world->store,
		.engine = world->engine,
		.commit_idle_ms = NEVER_MS,
		.commit_longest_ms = NEVER_MS,
		.commit_puts = 20000,
		.reply = take_reply,
		.principals_changed = take_principals_changed,
		.committed = take_committed,
		.fatal = take_fatal,
		.context = world,
		.now_ms = take_time,
	};
	world->writer = NULL;
	world->reader_options = (struct mtr_readers_options){.store = world->store,
							     .engine = world->engine,
							     .incarnation = FUZZ_INCARNATION,
							     .reply = take_reply,
							     .context = world};
	int error = mtr_writer_new(&world->writer, &world->writer_options);

	world->reader_options.writer = world->writer;
	return error;
}

struct mtr_work *fuzz_world_ask(struct fuzz_world *world, struct mtr_work *work)
{
	struct mtr_work *reply;

	world->replies = NULL;
	world->replies_end = &world->replies;
	work->next = NULL;
	mtr_writer_turn(world->writer, work);
	reply = world->replies;
	/* Exactly one. */
	FUZZ_REQUIRE(reply ? !reply->next && reply->answer_size : world->failed);
	return reply;
}

struct mtr_work *fuzz_world_entry(const struct fuzz_world *world, uint32_t principal, struct mtr_bytes command)
{
	const struct fuzz_desk *desk = &world->desks[principal % FUZZ_OUTBOXES];
	struct mtr_work *work = mtr_work_new(command.size ? command.data : (const uint8_t *)"", command.size);

	FUZZ_REQUIRE(work);
	work->principal_id = principal;
	work->sequenced = true;
	memset(work->outbox, 0x46, MTR_OUTBOX_BYTES);
	work->outbox[0] = (uint8_t)principal;
	work->sequence = desk->sequence + 1;
	work->first_unacknowledged = desk->sequence ? desk->sequence : 1;
	memcpy(work->previous_hash, desk->hash, MTR_HASH_BYTES);
	return work;
}

void fuzz_world_consumed(struct fuzz_world *world, const struct mtr_work *work)
{
	struct fuzz_desk *desk = &world->desks[work->principal_id % FUZZ_OUTBOXES];

	FUZZ_REQUIRE(work->sequence == desk->sequence + 1);
	desk->sequence++;
	memcpy(desk->before, desk->hash, MTR_HASH_BYTES);
	mtr_entry_hash(desk->hash, desk->sequence, (struct mtr_bytes){work->body, work->body_size}, desk->hash);
}

static void make_base(struct fuzz_world *world)
{
	struct fuzz_story *story = fuzz_story_of_base();
	uint8_t key[MTR_KEY_BYTES], packed[MTR_REQUEST_MAX];
	struct operation operation;

	generator_key(1, key);
	FUZZ_REQUIRE(mtr_bootstrap(world->store, world->engine, key, "Quản trị", FUZZ_START_MS) == 0);
	FUZZ_REQUIRE(start_writer(world) == 0);
	for (uint32_t i = 0; i < FUZZ_BASE_STEPS; i++) {
		fuzz_story_next(story, &operation);
		FUZZ_REQUIRE(mtr__command__get_packed_size(operation.command) <= sizeof packed);
		world->now = operation.now;
		size_t size = mtr__command__pack(operation.command, packed);
		struct mtr_work *work = fuzz_world_ask(
			world, fuzz_world_entry(world, operation.principal_id, (struct mtr_bytes){packed, size}));
		Mtr__Answer *answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);

		FUZZ_REQUIRE(answer);
		if (answer->revision)
			fuzz_world_consumed(world, work);
		mtr__answer__free_unpacked(answer, NULL);
		mtr_work_free(&work);
	}
	world->principals = fuzz_story_principals(story);
	fuzz_story_end(&story);
	FUZZ_REQUIRE(mtr_writer_commit(world->writer));
	base.revision = world->engine->operations->head(world->engine).revision;
}

static void make(void)
{
	struct fuzz_world *world = &base.world;
	char path[FUZZ_PATH_MAX], data[FUZZ_PATH_MAX];
	uint64_t map, used;

	fuzz_path("base", path);
	fuzz_path("base/data.mdb", data);
	fuzz_make_directory(path);
	world->engine = fuzz_engine_new();
	world->arena = mtr_arena_new(MTR_QUERY_ARENA);
	world->scratch = mtr_arena_new(MTR_QUERY_SCRATCH);
	FUZZ_REQUIRE(world->arena && world->scratch);
	open_store(world, path);
	make_base(world);
	mtr_writer_free(&world->writer);
	mtr_store_size(world->store, &map, &used);
	mtr_store_close(&world->store);
	base.store = fuzz_read_file(data);
	/* The rest was reserved. */
	FUZZ_REQUIRE(used <= base.store.size);
	base.store.size = (size_t)used;
	base.made = true;
}

void fuzz_world_copy(const char *name, char *ret_path)
{
	char data[FUZZ_PATH_MAX];

	if (!base.made)
		make();
	fuzz_path(name, ret_path);
	fuzz_make_directory(ret_path);
	FUZZ_REQUIRE(snprintf(data, sizeof data, "%s/data.mdb", ret_path) < (int)sizeof data);
	fuzz_write_file(data, base.store);
}

struct fuzz_world *fuzz_world_open(void)
{
	static struct fuzz_world world;
	char path[FUZZ_PATH_MAX];

	fuzz_world_copy("store", path);
	fuzz_engine_go_back(base.world.engine, base.revision);
	world = base.world;
	open_store(&world, path);
	FUZZ_REQUIRE(start_writer(&world) == 0);
	return &world;
}

bool fuzz_world_open_damaged(const char *path, struct fuzz_world **ret_world)
{
	static struct fuzz_world world;
	struct mtr_page_damage damage = {.what = NULL};
	const struct mtr_store_options options = {.directory = path, .map_bytes = MAP_BYTES, .damage = &damage};

	fuzz_engine_go_back(base.world.engine, base.revision);
	world = base.world;
	world.damaged = true;
	if (mtr_store_open(&world.store, &options) != MTR_STORE_OK)
		return false;
	*ret_world = &world;
	if (start_writer(&world) == 0)
		return true;
	fuzz_world_close(&world);
	return false;
}

void fuzz_world_close(struct fuzz_world *world)
{
	mtr_writer_free(&world->writer);
	mtr_store_close(&world->store);
	for (size_t i = 0; i < FUZZ_OUTBOXES; i++) {
		free((void *)(uintptr_t)world->desks[i].command.data);
		free((void *)(uintptr_t)world->desks[i].answer.data);
	}
}

void fuzz_world_restart(struct fuzz_world *world)
{
	char path[FUZZ_PATH_MAX];

	mtr_writer_free(&world->writer);
	mtr_store_close(&world->store);
	fuzz_path("store", path);
	open_store(world, path);
	FUZZ_REQUIRE(mtr_recover(world->store, world->engine, NULL, NULL) == MTR_RECOVER_OK);
	FUZZ_REQUIRE(start_writer(world) == 0);
}

struct mtr_bytes fuzz_world_answer(const struct mtr_work *work)
{
	const size_t size = work->answer_size;
	uint8_t *answer = malloc(size);

	FUZZ_REQUIRE(answer);
	memcpy(answer, work->answer, size);
	return (struct mtr_bytes){answer, size};
}

struct mtr_bytes fuzz_world_query(struct fuzz_world *world, uint32_t principal, struct mtr_bytes query)
{
	struct mtr_work *work = mtr_work_new(query.size ? query.data : (const uint8_t *)"", query.size);
	struct mtr_attempted attempted;

	FUZZ_REQUIRE(work);
	work->principal_id = principal;
	work->is_query = true;
	FUZZ_REQUIRE(mtr_query_attempt(&world->reader_options, world->arena, world->scratch, NULL, work, false,
				       &attempted) == MTR_ATTEMPT_ANSWERED);

	const struct mtr_bytes answer = fuzz_world_answer(work);

	mtr_work_free(&work);
	return answer;
}

void fuzz_world_commit(struct fuzz_world *world)
{
	FUZZ_REQUIRE(mtr_writer_commit(world->writer));
}

struct fuzz_outbox fuzz_world_outbox(struct mtr_txn *txn, const uint8_t id[MTR_OUTBOX_BYTES])
{
	struct mtr_outbox_state state;
	struct fuzz_outbox outbox;

	mtr_read_outbox(txn, id, &state);
	outbox.last = state.last_sequence;
	memcpy(outbox.hash, state.entry_hash, MTR_HASH_BYTES);
	return outbox;
}

const Mtr__Principal *fuzz_world_principal(struct fuzz_world *world, struct mtr_txn *txn, uint32_t id)
{
	mtr_arena_reset(world->arena);
	return mtr_read_principal(txn, world->arena, id);
}

/* One whose key isn't revoked. */
static uint32_t find_operator(struct fuzz_world *world)
{
	struct mtr_txn txn;
	uint32_t found = 0;

	mtr_arena_reset(world->arena);
	mtr_txn_begin_read(&txn, world->store);
	for (uint32_t id = 1; id <= world->principals && !found; id++) {
		const Mtr__Principal *principal = mtr_read_principal(&txn, world->arena, id);

		FUZZ_REQUIRE(principal);
		if (principal->role == MTR__ROLE__ROLE_OPERATOR && !principal->revoked)
			found = id;
	}
	mtr_txn_abort(&txn);
	FUZZ_REQUIRE(found);
	return found;
}

uint32_t fuzz_world_admit(struct fuzz_world *world, const uint8_t key[MTR_KEY_BYTES])
{
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;
	Mtr__Command message = MTR__COMMAND__INIT;
	char name[] = "Bàn làm việc", unit[] = "TU";
	uint8_t packed[256];
	uint32_t id;

	put.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, (uint8_t *)(uintptr_t)key};
	put.name = name;
	put.role = MTR__ROLE__ROLE_NOMINATOR;
	put.unit_code = unit;
	message.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	message.put_principal = &put;
	struct mtr_work *work = fuzz_world_ask(
		world, fuzz_world_entry(world, find_operator(world),
					(struct mtr_bytes){packed, mtr__command__pack(&message, packed)}));
	Mtr__Answer *answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);

	FUZZ_REQUIRE(answer && answer->body_case == MTR__ANSWER__BODY_DONE);
	id = (uint32_t)answer->done->id;
	fuzz_world_consumed(world, work);
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
	fuzz_world_commit(world);
	return id;
}
