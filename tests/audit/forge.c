/* What somebody can do who has everything on the server, audit.key too:
 *
 *	forge tables DIRECTORY                digests of a register's tables, a line each
 *	forge key FILE                        a key pair that signs
 *	forge journal FROM TO KEY OLD NEW     a copy of a journal in which the text OLD is NEW in every row, with a
 *chain and signatures that hold; both of one length */
#include "contract/checkpoint.h"
#include "engine/frame.h"
#include "engine/inspect.h"
#include "engine/record.h"
#include "engine/segment.h"
#include "matricula/v1/commands.pb-c.h"
#include "store/verify.h"
#include "writer/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct forgery {
	struct mtr_key_pair pair;
	const char *old, *new;
	struct mtr_arena *arena;
	struct mtr_engine *engine;
	struct mtr_gather gather;
	unsigned changed;
};

static void require(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "forge: %s\n", what);
	exit(1);
}

static struct mtr_bytes replace(struct forgery *f, struct mtr_bytes bytes)
{
	const size_t size = strlen(f->old);
	uint8_t *copy = mtr_arena_alloc(f->arena, bytes.size + 1);

	require(copy, "no memory");
	memcpy(copy, bytes.data, bytes.size);
	for (size_t i = 0; i + size <= bytes.size; i++) {
		if (memcmp(copy + i, f->old, size) == 0) {
			memcpy(copy + i, f->new, size);
			f->changed++;
		}
	}
	return (struct mtr_bytes){copy, bytes.size};
}

/* The checkpoint as it has to be now. */
static struct mtr_bytes sign_again(struct forgery *f, struct mtr_bytes packed)
{
	Mtr__Command *command = mtr__command__unpack(mtr_arena_allocator(f->arena), packed.size, packed.data);
	uint8_t *signature = mtr_arena_alloc(f->arena, MTR_SIGNATURE_BYTES), *bytes = mtr_arena_alloc(f->arena, 512);

	require(command && signature && bytes, "no memory");
	memcpy(command->checkpoint->chain.data, f->gather.batch.after.chain, MTR_HASH_BYTES);
	mtr_checkpoint_sign(command->checkpoint, &f->pair, signature);
	command->checkpoint->signature = (ProtobufCBinaryData){MTR_SIGNATURE_BYTES, signature};
	return (struct mtr_bytes){bytes, mtr__command__pack(command, bytes)};
}

static void write_batch(struct forgery *f)
{
	const struct mtr_engine_operations *operations = f->engine->operations;

	if (!f->gather.batch.count)
		return;
	require(operations->tick(f->engine) == 0 && operations->submit(f->engine, &f->gather.batch) == 0 &&
			operations->poll(f->engine, true) == MTR_APPEND_DURABLE,
		"the journal can't be written");
	mtr_gather_next(&f->gather);
}

static int take(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		size_t size)
{
	struct forgery *f = context;
	struct mtr_bytes effects[MTR_EFFECTS_MAX], effect, made;
	struct mtr_record_view view;
	uint8_t digest[MTR_HASH_BYTES];

	(void)revision;
	(void)chain_after;
	mtr_arena_reset(f->arena);
	require(mtr_record_read(record, size, &view) == 0, "a record can't be read");
	const Mtr__RecordHeader *header =
		mtr__record_header__unpack(mtr_arena_allocator(f->arena), view.header.size, view.header.data);
	struct mtr_record_parts parts = {
		.header = header, .command = view.command, .answer = view.answer, .effects = effects};

	require(header, "no memory");
	if (header->command_tag == MTR__COMMAND__BODY_CHECKPOINT)
		parts.command = sign_again(f, view.command);
	while (mtr_record_next_effect(&view, &effect))
		effects[parts.effect_count++] = replace(f, effect);
	require(mtr_record_build(f->arena, &parts, &made, digest) == 0, "a record can't be made");
	if (!mtr_gather_has_room(&f->gather))
		write_batch(f);
	mtr_gather_add(&f->gather, made.data, made.size, digest);
	return 0;
}

/* The copy passes for the original journal. */
static void take_incarnation(const char *directory, uint64_t incarnation)
{
	int fd = -1, at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct mtr_segment segment;
	uint64_t offset;

	require(at >= 0 && mtr_segment_open(at, 1, true, &segment, &fd, &offset) == 0, "the copy can't be opened");
	segment.incarnation = incarnation;
	require(mtr_segment_rewrite_header(fd, &segment) == 0, "the copy can't be written");
	close(fd);
	close(at);
}

static void forge_journal(char *const *arguments)
{
	const char *from = arguments[0], *to = arguments[1];
	struct forgery *f = calloc(1, sizeof *f);
	const struct mtr_local_options options = {.directory = to, .segment_bytes = 8u << 20, .create = true};
	const struct mtr_chain_point start = {0};
	struct mtr_inspection inspection;

	require(f && (f->arena = mtr_arena_new(16u << 20)) && mtr_gather_init(&f->gather, &start), "no memory");
	require(mtr_signing_file_read(arguments[2], &f->pair) == MTR_KEY_FILE_OK, "the key can't be read");
	require(mtr_local_open(&f->engine, &options, NULL) == 0, "the copy can't be made");
	f->old = arguments[3];
	f->new = arguments[4];
	require(strlen(f->old) == strlen(f->new), "OLD and NEW are of one length");
	const struct mtr_inspection_options reading = {.directory = from, .each = take, .context = f};

	require(mtr_inspect(&reading, &inspection) == 0 && !inspection.damaged, "the journal can't be read");
	write_batch(f);
	f->engine->operations->close(&f->engine);
	take_incarnation(to, inspection.incarnation);
	require(f->changed, "nothing was changed");
	mtr_gather_free(&f->gather);
	mtr_arena_free(&f->arena);
	free(f);
}

static void print_tables(const char *directory)
{
	const struct mtr_store_options options = {.directory = directory};
	uint8_t digests[MTR_TABLES][MTR_HASH_BYTES];
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_store *store;
	struct mtr_txn txn;

	require(mtr_store_open(&store, &options) == MTR_STORE_OK, "the register can't be opened");
	mtr_txn_begin_read(&txn, store);
	mtr_table_digests(&txn, digests);
	require(mtr_store_check(&txn, difference), difference);
	mtr_txn_abort(&txn);
	mtr_store_close(&store);
	for (unsigned table = 0; table < MTR_TABLES; table++) {
		printf("%s ", mtr_table_name((enum mtr_table)table));
		for (size_t i = 0; i < MTR_HASH_BYTES; i++)
			printf("%02x", digests[table][i]);
		putchar('\n');
	}
}

int main(int count, char **arguments)
{
	struct mtr_key_pair pair;

	if (count == 3 && strcmp(arguments[1], "key") == 0)
		require(mtr_signing_pair_make(&pair) &&
				mtr_key_file_write(arguments[2], &pair, "forged") == MTR_KEY_FILE_OK,
			"the key can't be written");
	else if (count == 3 && strcmp(arguments[1], "tables") == 0)
		print_tables(arguments[2]);
	else if (count == 7 && strcmp(arguments[1], "journal") == 0)
		forge_journal(arguments + 2);
	else
		require(false, "forge tables DIRECTORY | forge key FILE | forge journal FROM TO KEY OLD NEW");
	return 0;
}
