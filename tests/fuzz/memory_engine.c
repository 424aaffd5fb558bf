#include "memory_engine.h"

#include "engine/big_endian.h"
#include "engine/record.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>

struct kept {
	uint8_t *record;
	size_t size;
	uint8_t chain_after[MTR_HASH_BYTES];
};

struct memory_engine {
	struct mtr_engine engine;
	struct kept *kept; /* of revision index + 1 */
	size_t count, room;
};

static struct memory_engine *memory_of(const struct mtr_engine *engine)
{
	return (struct memory_engine *)(uintptr_t)engine;
}

static struct mtr_chain_point head(const struct mtr_engine *engine)
{
	const struct memory_engine *memory = memory_of(engine);
	struct mtr_chain_point point = {.revision = memory->count};

	if (memory->count)
		memcpy(point.chain, memory->kept[memory->count - 1].chain_after, MTR_HASH_BYTES);
	return point;
}

static int tick(struct mtr_engine *engine)
{
	(void)engine;
	return 0;
}

static void keep(struct memory_engine *memory, const uint8_t *record, size_t size)
{
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_chain_point point = head(&memory->engine);
	struct kept *kept;

	if (memory->count == memory->room) {
		memory->room = memory->room ? 2 * memory->room : 256;
		memory->kept = reallocarray(memory->kept, memory->room, sizeof *memory->kept);
		FUZZ_REQUIRE(memory->kept);
	}
	kept = &memory->kept[memory->count];
	*kept = (struct kept){.record = malloc(size), .size = size};
	FUZZ_REQUIRE(kept->record && mtr_record_digest(record, size, digest) == 0);
	memcpy(kept->record, record, size);
	mtr_chain_extend(point.chain, digest);
	memcpy(kept->chain_after, point.chain, MTR_HASH_BYTES);
	memory->count++;
}

/* A batch says where it begins and ends, and its records lead there. */
static int submit(struct mtr_engine *engine, const struct mtr_batch *batch)
{
	struct mtr_chain_point before = head(engine), after;
	const uint8_t *at = batch->records;

	FUZZ_REQUIRE(batch->size <= MTR_FRAME_MAX && batch->count);
	FUZZ_REQUIRE(before.revision == batch->before.revision &&
		     memcmp(before.chain, batch->before.chain, MTR_HASH_BYTES) == 0);
	for (uint32_t i = 0; i < batch->count; i++) {
		uint32_t size = mtr_load_be32(&at);

		keep(memory_of(engine), at, size);
		at += size;
	}
	after = head(engine);
	FUZZ_REQUIRE(at == batch->records + batch->size && after.revision == batch->after.revision &&
		     memcmp(after.chain, batch->after.chain, MTR_HASH_BYTES) == 0);
	return 0;
}

static enum mtr_append poll_append(struct mtr_engine *engine, bool wait)
{
	(void)engine;
	(void)wait;
	return MTR_APPEND_DURABLE;
}

static int fetch(struct mtr_engine *engine, uint64_t from, mtr_record_fn each, void *context)
{
	const struct memory_engine *memory = memory_of(engine);
	int stopped = 0;

	if (from > memory->count)
		return -ENOENT;
	for (uint64_t i = from - 1; i < memory->count && !stopped; i++)
		stopped =
			each(context, i + 1, memory->kept[i].chain_after, memory->kept[i].record, memory->kept[i].size);
	return stopped;
}

static int trim(struct mtr_engine *engine, uint64_t revision)
{
	(void)engine;
	(void)revision;
	return -ENOTSUP;
}

static const struct mtr_engine_operations operations = {
	.head = head,
	.tick = tick,
	.submit = submit,
	.poll = poll_append,
	.fetch = fetch,
	.trim = trim,
	.close = fuzz_engine_free,
};

struct mtr_engine *fuzz_engine_new(void)
{
	struct memory_engine *memory = calloc(1, sizeof *memory);

	FUZZ_REQUIRE(memory);
	memory->engine.operations = &operations;
	return &memory->engine;
}

void fuzz_engine_go_back(struct mtr_engine *engine, uint64_t revision)
{
	struct memory_engine *memory = memory_of(engine);

	while (memory->count > revision)
		free(memory->kept[--memory->count].record);
}

void fuzz_engine_free(struct mtr_engine **engine)
{
	if (!*engine)
		return;
	fuzz_engine_go_back(*engine, 0);
	free(memory_of(*engine)->kept);
	free(memory_of(*engine));
	*engine = NULL;
}
