/* A register at work: commands and queries of many desks, byte for byte as the input has them, each decided, recorded
 * and applied; with crashes in between. Whatever comes, each gets its answer, the tables hold together, the seats are
 * enough, and the journal alone gives the same register again. */
#include "input.h"
#include "parcels.h"
#include "store/feed.h"
#include "store/read.h"
#include "store/verify.h"
#include "target.h"
#include "world.h"
#include "writer/recover.h"
#include "writer/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS UINT64_C(86400000)

enum kind {
	COMMAND, /* of principal `who`, at its place in the outbox */
	DRY_RUN,
	QUERY,
	AGAIN,   /* the principal's last entry once more */
	REQUEST, /* a whole Request: its sequencing is what it says */
	TIME,    /* goes on by u32 ms; odd `who`: as many days */
	COMMIT,
	RESTART,
	KINDS,
};

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	switch (kind % KINDS) {
	case COMMAND:
	case DRY_RUN:
		return &mtr__command__descriptor;
	case QUERY:
		return &mtr__query__descriptor;
	case REQUEST:
		return &mtr__request__descriptor;
	default:
		return NULL;
	}
}

static Mtr__Answer *unpack(struct mtr_bytes packed)
{
	Mtr__Answer *answer = mtr__answer__unpack(NULL, packed.size, packed.data);

	FUZZ_REQUIRE(answer && answer->body_case != MTR__ANSWER__BODY__NOT_SET);
	return answer;
}

static void keep(struct mtr_bytes *kept, const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);

	FUZZ_REQUIRE(copy);
	if (size)
		memcpy(copy, data, size);
	free((void *)(uintptr_t)kept->data);
	*kept = (struct mtr_bytes){copy, size};
}

static void command(struct fuzz_world *world, uint32_t principal, struct mtr_bytes body)
{
	struct mtr_work *work = fuzz_world_ask(world, fuzz_world_entry(world, principal, body));
	struct fuzz_desk *desk = &world->desks[principal % FUZZ_OUTBOXES];
	Mtr__Answer *answer = unpack((struct mtr_bytes){work->answer, work->answer_size});

	FUZZ_REQUIRE(!work->repeated_answer);
	if (answer->revision) {
		FUZZ_REQUIRE(answer->revision == world->engine->operations->head(world->engine).revision);
		fuzz_world_consumed(world, work);
		keep(&desk->command, work->body, work->body_size);
		keep(&desk->answer, work->answer, work->answer_size);
	}
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
}

static void dry_run(struct fuzz_world *world, uint32_t principal, struct mtr_bytes body)
{
	const uint64_t before = world->engine->operations->head(world->engine).revision;
	struct mtr_work *work = fuzz_world_entry(world, principal, body);

	work->sequenced = false;
	work->dry_run = true;
	work = fuzz_world_ask(world, work);
	Mtr__Answer *answer = unpack((struct mtr_bytes){work->answer, work->answer_size});

	FUZZ_REQUIRE(answer->revision == 0);
	FUZZ_REQUIRE(world->engine->operations->head(world->engine).revision == before);
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
}

static void query(struct fuzz_world *world, uint32_t principal, struct mtr_bytes body)
{
	struct mtr_bytes packed = fuzz_world_query(world, principal, body);

	FUZZ_REQUIRE(packed.size <= MTR_REPLY_MAX);
	mtr__answer__free_unpacked(unpack(packed), NULL);
	free((void *)(uintptr_t)packed.data);
}

/* Who asks again is told the same, byte for byte. */
static void again(struct fuzz_world *world, uint32_t principal)
{
	struct fuzz_desk *desk = &world->desks[principal % FUZZ_OUTBOXES];

	if (!desk->command.data)
		return;
	struct mtr_work *work = fuzz_world_entry(world, principal, desk->command);

	work->sequence = desk->sequence;
	work->first_unacknowledged = desk->sequence;
	memcpy(work->previous_hash, desk->before, MTR_HASH_BYTES);
	work = fuzz_world_ask(world, work);
	FUZZ_REQUIRE(work->repeated_answer && work->answer_size == desk->answer.size &&
		     memcmp(work->answer, desk->answer.data, desk->answer.size) == 0);
	mtr_work_free(&work);
}

/* As it comes from the network room, which sees to the lengths. */
static void request(struct fuzz_world *world, uint32_t principal, struct mtr_bytes body)
{
	Mtr__Request *message = mtr__request__unpack(NULL, body.size, body.data);

	if (message && message->body_case == MTR__REQUEST__BODY_COMMAND && message->sequencing &&
	    message->sequencing->outbox.len == MTR_OUTBOX_BYTES && message->sequencing->sequence &&
	    message->sequencing->previous_hash.len == MTR_HASH_BYTES) {
		const Mtr__Sequencing *sequencing = message->sequencing;
		struct mtr_work *work = fuzz_world_entry(
			world, principal, (struct mtr_bytes){message->command.data, message->command.len});

		memcpy(work->outbox, sequencing->outbox.data, MTR_OUTBOX_BYTES);
		/* Not one of the desks': those know where they are. */
		work->outbox[1] = 0xAA;
		work->sequence = sequencing->sequence;
		work->first_unacknowledged = sequencing->first_unacknowledged;
		memcpy(work->previous_hash, sequencing->previous_hash.data, MTR_HASH_BYTES);
		work = fuzz_world_ask(world, work);
		mtr__answer__free_unpacked(unpack((struct mtr_bytes){work->answer, work->answer_size}), NULL);
		mtr_work_free(&work);
	}
	if (message)
		mtr__request__free_unpacked(message, NULL);
}

static void take(struct fuzz_world *world, const struct fuzz_parcel *parcel)
{
	struct fuzz_input input = fuzz_input_of(parcel->body);
	/* One more than there are: nobody. */
	uint32_t principal = 1 + parcel->who % (world->principals + 1);

	switch (parcel->kind % KINDS) {
	case COMMAND:
		command(world, principal, parcel->body);
		break;
	case DRY_RUN:
		dry_run(world, principal, parcel->body);
		break;
	case QUERY:
		query(world, principal, parcel->body);
		break;
	case AGAIN:
		again(world, principal);
		break;
	case REQUEST:
		request(world, principal, parcel->body);
		break;
	case TIME:
		world->now += parcel->who % 2 ? fuzz_u8(&input) * DAY_MS : fuzz_u32(&input);
		break;
	case COMMIT:
		FUZZ_REQUIRE(mtr_writer_commit(world->writer));
		break;
	default:
		fuzz_world_restart(world);
		break;
	}
}

/* In no part are there more holders than seats. */
static bool check_part(void *context, struct mtr_home home)
{
	struct mtr_txn *txn = context;
	struct mtr_arena *arena = mtr_arena_new(1u << 20);
	struct mtr_tally tally;

	FUZZ_REQUIRE(arena);
	if (home.kind == MTR__HOME_KIND__HOME_KIND_PART) {
		const Mtr__Allocation *allocation = mtr_read_allocation(txn, arena, home.a, home.b);

		mtr_read_tally(txn, home.a, home.b, &tally);
		FUZZ_REQUIRE(!txn->error && tally.held <= mtr_allocation_seats(allocation));
	}
	mtr_arena_free(&arena);
	return true;
}

static void check(struct mtr_store *store, uint8_t ret_digests[MTR_TABLES][MTR_HASH_BYTES])
{
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, store);
	if (!mtr_store_check(&txn, difference)) {
		fprintf(stderr, "tables: %s\n", difference);
		abort();
	}
	mtr_each_home(&txn, (struct mtr_bytes){NULL, 0}, check_part, &txn);
	mtr_table_digests(&txn, ret_digests);
	mtr_txn_abort(&txn);
}

/* The records of this input, applied to the register as it was at first. */
static void rebuild(struct fuzz_world *world, uint8_t expected[MTR_TABLES][MTR_HASH_BYTES])
{
	uint8_t digests[MTR_TABLES][MTR_HASH_BYTES];
	struct mtr_store_options options = {.map_bytes = 64u << 20};
	struct mtr_store *store;
	struct mtr_txn txn;
	char path[256];

	fuzz_world_copy("rebuilt", path);
	options.directory = path;
	FUZZ_REQUIRE(mtr_store_open(&store, &options) == MTR_STORE_OK);
	FUZZ_REQUIRE(mtr_recover(store, world->engine, NULL, NULL) == MTR_RECOVER_OK);
	mtr_txn_begin_read(&txn, store);
	mtr_table_digests(&txn, digests);
	mtr_txn_abort(&txn);
	for (int table = 0; table < MTR_TABLES; table++)
		FUZZ_REQUIRE(memcmp(digests[table], expected[table], MTR_HASH_BYTES) == 0);
	mtr_store_close(&store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	size_t count = fuzz_parcels_read(data, size, parcels);
	struct fuzz_world *world = fuzz_world_open();
	uint8_t digests[MTR_TABLES][MTR_HASH_BYTES];

	for (size_t i = 0; i < count; i++)
		take(world, &parcels[i]);
	FUZZ_REQUIRE(mtr_writer_commit(world->writer));
	check(world->store, digests);
	rebuild(world, digests);
	fuzz_world_close(world);
	return 0;
}
