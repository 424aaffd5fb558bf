/* A journal's segment files, built from the input: frames and links right unless a parcel makes them wrong. What was
 * written rightly must be read as it was written; whatever else lies there is refused or cut off, never made up. */
#include "contract/arena.h"
#include "contract/crc32c.h"
#include "engine/big_endian.h"
#include "engine/frame.h"
#include "engine/inspect.h"
#include "engine/local.h"
#include "engine/preparer.h"
#include "engine/record.h"
#include "engine/segment.h"
#include "input.h"
#include "parcels.h"
#include "scratch.h"
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEGMENTS_MAX 4u
#define FILE_MAX (4u << 20)
#define SEED 0x5EEDu

enum kind {
	RECORD,    /* one more record for the frame under way */
	FRAME,     /* the frame ends */
	SEGMENT,   /* the segment ends, unless it is empty; `who` blocks of zeros follow the last frame */
	COMMITTED, /* what the store has: u64 */
	DAMAGE,    /* of the finished files: segment `who`, offset u32, bytes */
	CUT,       /* the same: segment `who` gets this size, u32 */
	RAW_FRAME, /* bytes of a frame, with a right CRC */
	HEADER,    /* of the segment that ends next: incarnation, size, first, previous; each u64 */
	KINDS,
};

struct made {
	uint8_t *bytes; /* of the segment under way */
	size_t size;
	uint8_t *batch; /* of the frame under way */
	struct mtr_batch frame;
	struct mtr_segment segment;
	uint64_t firsts[SEGMENTS_MAX];
	size_t count;
	uint64_t committed, sound; /* last revision written with a right record */
	bool right;                /* nothing was made wrong */
	int directory;
};

int __wrap_mtr_preparer_start(struct mtr_preparer **ret_preparer, int directory, uint64_t segment_bytes);

/* Nothing is appended here, so no next segment is needed. */
int __wrap_mtr_preparer_start(struct mtr_preparer **ret_preparer, int directory, uint64_t segment_bytes)
{
	(void)ret_preparer;
	(void)directory;
	(void)segment_bytes;
	return 0;
}

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	return kind % KINDS == RECORD ? &mtr__record__descriptor : NULL;
}

static void add_record(struct made *made, struct mtr_bytes record)
{
	uint8_t digest[MTR_HASH_BYTES], *at = made->batch + made->frame.size;

	if (record.size == 0 || made->frame.size + 4 + record.size > MTR_BATCH_BYTES_MAX)
		return;
	if (mtr_record_digest(record.data, record.size, digest) == 0)
		mtr_chain_extend(made->frame.after.chain, digest);
	else
		made->right = false;
	mtr_store_be32(&at, (uint32_t)record.size);
	memcpy(at, record.data, record.size);
	made->frame.size += 4 + record.size;
	made->frame.count++;
	made->frame.after.revision++;
}

static void put_frame(struct made *made, const uint8_t *header, const uint8_t *records, size_t size)
{
	size_t end = made->size + MTR_FRAME_HEADER_BYTES + size;

	if (end > FILE_MAX)
		return;
	memcpy(made->bytes + made->size, header, MTR_FRAME_HEADER_BYTES);
	memcpy(made->bytes + made->size + MTR_FRAME_HEADER_BYTES, records, size);
	made->size = (end + MTR_FRAME_ALIGN - 1) / MTR_FRAME_ALIGN * MTR_FRAME_ALIGN;
}

static void end_frame(struct made *made)
{
	uint8_t header[MTR_FRAME_HEADER_BYTES];

	if (!made->frame.count || made->size + MTR_FRAME_HEADER_BYTES + made->frame.size > FILE_MAX)
		return;
	FUZZ_REQUIRE(mtr_frame_encode(&made->frame, SEED, header) == 0);
	put_frame(made, header, made->batch, made->frame.size);
	made->frame.before = made->frame.after;
	made->frame.size = 0;
	made->frame.count = 0;
}

static void put_raw_frame(struct made *made, struct mtr_bytes bytes)
{
	uint8_t frame[MTR_FRAME_HEADER_BYTES + FUZZ_BODY_MAX] = {0}, seed[4], *at = seed;
	size_t size = bytes.size > MTR_FRAME_HEADER_BYTES ? bytes.size : MTR_FRAME_HEADER_BYTES;

	made->right = false;
	if (bytes.size)
		memcpy(frame, bytes.data, bytes.size);
	mtr_store_be32(&at, SEED);
	uint32_t crc = mtr_crc32c(mtr_crc32c(0, seed, sizeof seed), frame, 64);

	at = frame + 64;
	mtr_store_be32(&at, mtr_crc32c(crc, frame + MTR_FRAME_HEADER_BYTES, size - MTR_FRAME_HEADER_BYTES));
	put_frame(made, frame, frame + MTR_FRAME_HEADER_BYTES, size - MTR_FRAME_HEADER_BYTES);
}

static void begin_segment(struct made *made)
{
	memset(made->bytes, 0, made->size);
	made->size = MTR_FRAME_ALIGN;
	made->segment = (struct mtr_segment){.incarnation = 1,
					     .first = made->frame.before.revision + 1,
					     .previous = made->count ? made->firsts[made->count - 1] : 0,
					     .seed = SEED};
	memcpy(made->segment.chain_before, made->frame.before.chain, MTR_HASH_BYTES);
}

static int open_segment(const struct made *made, size_t index)
{
	char name[MTR_SEGMENT_NAME_BYTES];
	int fd;

	mtr_segment_name(made->firsts[index], name);
	fd = openat(made->directory, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	FUZZ_REQUIRE(fd >= 0);
	return fd;
}

static void end_segment(struct made *made, uint8_t blocks)
{
	size_t size = made->size + (size_t)(blocks % 8) * MTR_FRAME_ALIGN;
	int fd;

	if (made->count == SEGMENTS_MAX || size > FILE_MAX ||
	    (made->count && made->segment.first == made->firsts[made->count - 1]))
		return;
	if (!made->segment.size)
		made->segment.size = size;
	made->firsts[made->count++] = made->segment.first;
	fd = open_segment(made, made->count - 1);
	FUZZ_REQUIRE(mtr_write_all(fd, made->bytes, size, 0) == 0);
	FUZZ_REQUIRE(mtr_segment_rewrite_header(fd, &made->segment) == 0);
	close(fd);
	made->sound = made->frame.before.revision;
	begin_segment(made);
}

static void fake_header(struct made *made, struct fuzz_input input)
{
	made->right = false;
	made->segment.incarnation = fuzz_u64(&input);
	made->segment.size = fuzz_u64(&input);
	made->segment.first = fuzz_u64(&input);
	made->segment.previous = fuzz_u64(&input);
	/* Its name is made of it. */
	if (!made->segment.first)
		made->segment.first = 1;
}

static void damage(struct made *made, const struct fuzz_parcel *parcel)
{
	struct fuzz_input input = fuzz_input_of(parcel->body);
	uint32_t where = fuzz_u32(&input) % FILE_MAX;
	int fd = open_segment(made, parcel->who % made->count);

	made->right = false;
	if (parcel->kind % KINDS == CUT) {
		FUZZ_REQUIRE(ftruncate(fd, where) == 0);
	} else {
		struct mtr_bytes bytes = fuzz_rest(&input);

		FUZZ_REQUIRE(mtr_write_all(fd, bytes.data, bytes.size, where) == 0);
	}
	close(fd);
}

static void build(struct made *made, const struct fuzz_parcel *parcels, size_t count)
{
	begin_segment(made);
	for (size_t i = 0; i < count; i++) {
		struct fuzz_input input = fuzz_input_of(parcels[i].body);

		switch (parcels[i].kind % KINDS) {
		case RECORD:
			add_record(made, parcels[i].body);
			break;
		case FRAME:
			end_frame(made);
			break;
		case SEGMENT:
			end_frame(made);
			if (made->size > MTR_FRAME_ALIGN)
				end_segment(made, parcels[i].who);
			break;
		case COMMITTED:
			made->committed = fuzz_u64(&input);
			break;
		case RAW_FRAME:
			put_raw_frame(made, parcels[i].body);
			break;
		case HEADER:
			fake_header(made, input);
			break;
		default: /* comes when the files are there */
			break;
		}
	}
	end_frame(made);
	end_segment(made, 1);
	for (size_t i = 0; i < count && made->count; i++)
		if (parcels[i].kind % KINDS == DAMAGE || parcels[i].kind % KINDS == CUT)
			damage(made, &parcels[i]);
}

static int check_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			const uint8_t *record, size_t size)
{
	struct mtr_chain_point *point = context;
	uint8_t digest[MTR_HASH_BYTES];

	FUZZ_REQUIRE(mtr_record_digest(record, size, digest) == 0);
	mtr_chain_extend(point->chain, digest);
	FUZZ_REQUIRE(revision == ++point->revision);
	FUZZ_REQUIRE(memcmp(point->chain, chain_after, MTR_HASH_BYTES) == 0);
	return 0;
}

static bool may_fail_with(int error)
{
	return error == -EBADMSG || error == -EPROTO || error == -EPROTONOSUPPORT || error == -ENOENT;
}

/* Everything that can be read is one chain up to the head. */
static int read_all(const struct made *made, struct mtr_engine *engine)
{
	struct mtr_chain_point head = engine->operations->head(engine), point = {0};
	int error = engine->operations->fetch(engine, 1, check_record, &point);

	FUZZ_REQUIRE(error == 0 || may_fail_with(error));
	if (error == 0)
		FUZZ_REQUIRE(point.revision == head.revision && memcmp(&point.chain, &head.chain, MTR_HASH_BYTES) == 0);
	if (made->right && made->sound)
		FUZZ_REQUIRE(error == 0);
	return head.revision == 0 && error == -ENOENT ? 0 : error;
}

static int open_journal(const char *path, uint64_t committed, struct mtr_engine **ret_engine)
{
	const struct mtr_local_options options = {.directory = path, .committed_revision = committed};
	struct mtr_damage where = {.offset = UINT64_MAX};
	int error = mtr_local_open(ret_engine, &options, &where);

	FUZZ_REQUIRE(error == 0 || may_fail_with(error));
	if (error == -EBADMSG || error == -EPROTO)
		FUZZ_REQUIRE(strncmp(where.file, "journal-", 8) == 0);
	return error;
}

/* Looks without opening; true when all is well, up to *ret_head. */
static bool inspect(const struct made *made, const char *path, struct mtr_chain_point *ret_head)
{
	struct mtr_chain_point point = {0};
	const struct mtr_inspection_options options = {.directory = path,
						       .least_revision = made->committed,
						       .quiet = true,
						       .each = made->right ? check_record : NULL,
						       .context = &point};
	struct mtr_inspection inspection = {.damaged = true};
	int error = mtr_inspect(&options, &inspection);

	FUZZ_REQUIRE(error == 0 || may_fail_with(error));
	*ret_head = inspection.head;
	return error == 0 && !inspection.damaged;
}

static void try_journal(const struct made *made, const char *path)
{
	struct mtr_engine *engine = NULL;
	struct mtr_chain_point sound;
	bool well = inspect(made, path, &sound);
	int error = open_journal(path, made->committed, &engine);

	/* Opening looks at less than an inspection does, and never finds what that doesn't. */
	FUZZ_REQUIRE(!well || error == 0);
	if (made->right && made->committed <= made->sound)
		FUZZ_REQUIRE(error == 0 && engine->operations->head(engine).revision == made->sound);
	if (error)
		return;
	struct mtr_chain_point head = engine->operations->head(engine);

	if (well)
		FUZZ_REQUIRE(head.revision == sound.revision && memcmp(head.chain, sound.chain, MTR_HASH_BYTES) == 0);
	FUZZ_REQUIRE(read_all(made, engine) == 0 || !well);
	engine->operations->close(&engine);
	/* What opening has cut off and written again is a journal with nothing wrong at its end. */
	FUZZ_REQUIRE(open_journal(path, head.revision, &engine) == 0);
	struct mtr_chain_point again = engine->operations->head(engine);

	FUZZ_REQUIRE(again.revision == head.revision && memcmp(again.chain, head.chain, MTR_HASH_BYTES) == 0);
	engine->operations->close(&engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t *bytes, *batch;
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	size_t count = fuzz_parcels_read(data, size, parcels);
	char path[FUZZ_PATH_MAX];

	if (!bytes) {
		bytes = calloc(1, FILE_MAX);
		batch = malloc(MTR_BATCH_BYTES_MAX);
	}
	FUZZ_REQUIRE(bytes && batch);
	fuzz_path("journal", path);
	fuzz_make_directory(path);
	struct made made = {.bytes = bytes, .batch = batch, .frame.records = batch, .right = true};

	made.directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	FUZZ_REQUIRE(made.directory >= 0);
	build(&made, parcels, count);
	memset(bytes, 0, made.size);
	try_journal(&made, path);
	close(made.directory);
	return 0;
}
