/* A store in which something isn't as it was written: rows and keys put there, changed or dropped behind the register's
 * back, and bytes of the file itself. It doesn't open, or reads and decides without harm and says what is wrong. */
#include "store/rows.h"
#include "input.h"
#include "parcels.h"
#include "scratch.h"
#include "shapes.h"
#include "store/cursor.h"
#include "store/feed.h"
#include "store/incarnation.h"
#include "store/mirror.h"
#include "store/read.h"
#include "store/verify.h"
#include "target.h"
#include "world.h"
#include "writer/state.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MOST (1u << 20)

enum kind {
	ROW,    /* a feed row of entity type 1 + who % 14: the n-th one's content (u16) becomes the rest, a message */
	PUT,    /* into table `who`: length of the key u8, key, value */
	CHANGE, /* in table `who`: number of the row u16, offset u16, new bytes of its value */
	DROP,   /* from table `who`: number of the row u16 */
	FILE_BYTES, /* at offset u32 */
	FILE_SIZE,  /* u32 */
	QUERY,      /* of principal `who` */
	COMMAND,
	CURSOR, /* bytes of a cursor: in the feed of principal `who` */
	KINDS,
};

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	switch (kind % KINDS) {
	case QUERY:
		return &mtr__query__descriptor;
	case COMMAND:
		return &mtr__command__descriptor;
	default:
		return NULL;
	}
}

/* The n-th row of a table, counted round. */
static bool find_row(struct mtr_txn *txn, enum mtr_table table, uint16_t n, struct mtr_key *ret_key,
		     struct mtr_bytes *ret_value)
{
	const struct mtr_bytes none = {NULL, 0};
	uint64_t count = mtr_txn_count(txn, table), at = count ? n % count : 0;
	struct mtr_bytes key;
	struct mtr_walk walk;
	bool found;

	mtr_walk_begin(&walk, txn, table, none, none);
	do {
		found = mtr_walk_next(&walk, &key, ret_value);
	} while (found && at--);
	if (found) {
		*ret_key = mtr_key_start();
		mtr_key_bytes(ret_key, key.data, key.size);
	}
	mtr_walk_end(&walk);
	return found && ret_key->size <= sizeof ret_key->data;
}

static void change(struct mtr_txn *txn, enum mtr_table table, struct fuzz_input input)
{
	struct mtr_bytes value, bytes;
	struct mtr_key key;
	uint16_t n = fuzz_u16(&input), offset = fuzz_u16(&input);

	if (!find_row(txn, table, n, &key, &value))
		return;
	bytes = fuzz_rest(&input);
	uint8_t *copy = malloc(value.size + 1);

	FUZZ_REQUIRE(copy);
	memcpy(copy, value.data, value.size);
	for (size_t i = 0; i < bytes.size && value.size; i++)
		copy[(offset + i) % value.size] = bytes.data[i];
	mtr_txn_put(txn, table, mtr_key_as_bytes(&key), (struct mtr_bytes){copy, value.size});
	free(copy);
}

/* Another content behind the head of a feed row, which says which entity it is. */
static void put_row(struct mtr_txn *txn, struct fuzz_input input)
{
	uint8_t value[MTR_FEED_VALUE_MAX];
	struct mtr_feed_item item;
	struct mtr_bytes old;
	struct mtr_key key;

	if (!find_row(txn, MTR_TABLE_FEED, fuzz_u16(&input), &key, &old))
		return;
	if (!mtr_feed_decode(txn, mtr_key_as_bytes(&key), old, &item)) {
		txn->error = MTR_STORE_OK;
		return;
	}
	item.content = fuzz_take(&input, MTR_ROW_MAX);
	const size_t size = mtr_feed_encode(&item, &key, value);

	mtr_txn_put(txn, MTR_TABLE_FEED, mtr_key_as_bytes(&key), (struct mtr_bytes){value, size});
}

static void change_table(struct mtr_txn *txn, const struct fuzz_parcel *parcel)
{
	enum mtr_table table = (enum mtr_table)(parcel->who % MTR_TABLES);
	struct fuzz_input input = fuzz_input_of(parcel->body);
	struct mtr_bytes value, bytes;
	struct mtr_key key;

	switch (parcel->kind % KINDS) {
	case ROW:
		put_row(txn, input);
		break;
	case PUT:
		bytes = fuzz_take(&input, fuzz_u8(&input));
		if (bytes.size && bytes.size <= sizeof key.data)
			mtr_txn_put(txn, table, bytes, fuzz_rest(&input));
		break;
	case CHANGE:
		change(txn, table, input);
		break;
	case DROP:
		if (find_row(txn, table, fuzz_u16(&input), &key, &value))
			mtr_txn_delete(txn, table, mtr_key_as_bytes(&key));
		break;
	default:
		break;
	}
}

static void change_tables(const char *path, const struct fuzz_parcel *parcels, size_t count)
{
	const struct mtr_store_options options = {.directory = path, .map_bytes = 64u << 20};
	struct mtr_store *store;
	struct mtr_txn txn;

	FUZZ_REQUIRE(mtr_store_open(&store, &options) == MTR_STORE_OK);
	mtr_txn_begin_write(&txn, store);
	for (size_t i = 0; i < count && !txn.error; i++)
		change_table(&txn, &parcels[i]);
	(void)mtr_txn_commit(&txn);
	mtr_store_close(&store);
}

static void change_file(const char *path, const struct fuzz_parcel *parcel)
{
	struct fuzz_input input = fuzz_input_of(parcel->body);
	uint32_t where = fuzz_u32(&input) % FILE_MOST;
	struct mtr_bytes bytes = fuzz_rest(&input);
	char file[FUZZ_PATH_MAX + 16] = "";

	strncat(file, path, FUZZ_PATH_MAX);
	strcat(file, "/data.mdb");
	int fd = open(file, O_RDWR | O_CLOEXEC);

	FUZZ_REQUIRE(fd >= 0);
	if (parcel->kind % KINDS == FILE_SIZE)
		FUZZ_REQUIRE(ftruncate(fd, where) == 0);
	else
		FUZZ_REQUIRE(pwrite(fd, bytes.data, bytes.size, where) == (ssize_t)bytes.size);
	close(fd);
}

static bool look_at_row(void *context, const struct mtr_row *row)
{
	(void)row;
	return ++*(unsigned *)context < 1000;
}

static bool look_at_home(void *context, struct mtr_home home)
{
	struct fuzz_world *world = context;
	struct mtr_txn txn;
	unsigned rows = 0;

	mtr_txn_begin_read(&txn, world->store);
	mtr_each_row(&txn, home, look_at_row, &rows);
	mtr_txn_abort(&txn);
	return true;
}

/* Everything that only reads. */
static void look_around(struct fuzz_world *world)
{
	uint8_t digests[MTR_TABLES][MTR_HASH_BYTES], outbox[MTR_OUTBOX_BYTES];
	char difference[MTR_DIFFERENCE_MAX] = "";
	struct mtr_mirror_state mirror;
	struct mtr_outbox_state state;
	struct mtr_txn txn;

	memset(outbox, 0x46, sizeof outbox);
	mtr_txn_begin_read(&txn, world->store);
	if (!mtr_store_check(&txn, difference))
		FUZZ_REQUIRE(*difference && memchr(difference, '\0', sizeof difference));
	mtr_txn_abort(&txn);
	mtr_txn_begin_read(&txn, world->store);
	mtr_table_digests(&txn, digests);
	(void)mtr_mirror_read(&txn, &mirror);
	for (uint8_t principal = 1; principal < 8; principal++) {
		outbox[0] = principal;
		mtr_read_outbox(&txn, outbox, &state);
	}
	mtr_txn_abort(&txn);
	mtr_txn_begin_read(&txn, world->store);
	mtr_each_home(&txn, (struct mtr_bytes){NULL, 0}, look_at_home, world);
	mtr_txn_abort(&txn);
}

static void query(struct fuzz_world *world, uint8_t who, struct mtr_bytes packed)
{
	struct mtr_bytes answer = fuzz_world_query(world, 1 + who % (world->principals + 1), packed);

	free((void *)(uintptr_t)answer.data);
}

/* A cursor that is taken is one that is given out. */
static void read_cursor(struct fuzz_world *world, const struct fuzz_parcel *parcel)
{
	uint8_t again[MTR_CURSOR_MAX], packed[2 * MTR_CURSOR_MAX];
	Mtr__Query message = MTR__QUERY__INIT;
	Mtr__Feed feed = MTR__FEED__INIT;
	struct mtr_feed_cursor cursor;

	if (mtr_cursor_decode(parcel->body, &cursor))
		FUZZ_REQUIRE(mtr_cursor_encode(&cursor, again) == parcel->body.size &&
			     memcmp(again, parcel->body.data, parcel->body.size) == 0);
	if (parcel->body.size > MTR_CURSOR_MAX)
		return;
	feed.cursor = (ProtobufCBinaryData){parcel->body.size, (uint8_t *)(uintptr_t)parcel->body.data};
	message.body_case = MTR__QUERY__BODY_FEED;
	message.feed = &feed;
	query(world, parcel->who, (struct mtr_bytes){packed, mtr__query__pack(&message, packed)});
}

static void command(struct fuzz_world *world, const struct fuzz_parcel *parcel)
{
	struct mtr_work *work;

	if (world->failed)
		return;
	work = fuzz_world_entry(world, 1 + parcel->who % world->principals, parcel->body);
	work = fuzz_world_ask(world, work);
	mtr_work_free(&work);
}

static void use(struct fuzz_world *world, const struct fuzz_parcel *parcels, size_t count)
{
	look_around(world);
	for (size_t i = 0; i < count; i++) {
		switch (parcels[i].kind % KINDS) {
		case QUERY:
			query(world, parcels[i].who, parcels[i].body);
			break;
		case COMMAND:
			command(world, &parcels[i]);
			break;
		case CURSOR:
			read_cursor(world, &parcels[i]);
			break;
		default:
			break;
		}
	}
	if (!world->failed)
		(void)mtr_writer_commit(world->writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	size_t count = fuzz_parcels_read(data, size, parcels);
	struct fuzz_world *world;
	char path[FUZZ_PATH_MAX];

	fuzz_world_copy("store", path);
	change_tables(path, parcels, count);
	for (size_t i = 0; i < count; i++)
		if (parcels[i].kind % KINDS == FILE_BYTES || parcels[i].kind % KINDS == FILE_SIZE)
			change_file(path, &parcels[i]);
	if (fuzz_world_open_damaged(path, &world)) {
		use(world, parcels, count);
		fuzz_world_close(world);
	}
	return 0;
}
