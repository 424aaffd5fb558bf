/* A journal in a temporary directory, and batches to put into it. */
#ifndef MTR_TESTS_ENGINE_JOURNAL_H
#define MTR_TESTS_ENGINE_JOURNAL_H

#include "engine/frame.h"
#include "engine/local.h"
#include "engine/record.h"
#include "engine/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct journal {
	char directory[64];
	struct mtr_engine *engine;
};

static inline void journal_make_directory(struct journal *journal)
{
	*journal = (struct journal){.directory = "/tmp/matricula-engine-XXXXXX"};
	assert_non_null(mkdtemp(journal->directory));
}

static inline int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void journal_remove(struct journal *journal)
{
	if (journal->engine)
		journal->engine->operations->close(&journal->engine);
	assert_int_equal(nftw(journal->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* For cmocka_unit_test_setup_teardown: *state is a journal in between, not opened yet. */
static inline int journal_set_up(void **state)
{
	struct journal *journal = calloc(1, sizeof *journal);

	journal_make_directory(journal);
	*state = journal;
	return 0;
}

static inline int journal_tear_down(void **state)
{
	struct journal *journal = *state;

	journal_remove(journal);
	free(journal);
	return 0;
}

static inline int journal_try(struct journal *journal, uint64_t segment_bytes, uint64_t committed,
			      struct mtr_damage *ret_damage)
{
	const struct mtr_local_options options = {.directory = journal->directory,
						  .segment_bytes = segment_bytes,
						  .create = true,
						  .committed_revision = committed};

	return mtr_local_open(&journal->engine, &options, ret_damage);
}

static inline void journal_open(struct journal *journal, uint64_t segment_bytes)
{
	assert_int_equal(journal_try(journal, segment_bytes, 0, NULL), 0);
}

static inline void journal_close(struct journal *journal)
{
	journal->engine->operations->close(&journal->engine);
	assert_null(journal->engine);
}

static inline struct mtr_chain_point journal_head(struct journal *journal)
{
	return journal->engine->operations->head(journal->engine);
}

/* A batch of `count` records that follows the head; each with a command of `size` bytes. The memory is the arena's. */
static inline struct mtr_batch make_batch(struct mtr_arena *arena, struct mtr_chain_point before, uint32_t count,
					  size_t size)
{
	struct mtr_batch batch = {.before = before, .after = before, .count = count};
	uint8_t *bytes = mtr_arena_alloc(arena, MTR_FRAME_MAX), *at = bytes;

	for (uint32_t i = 0; i < count; i++) {
		Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
		uint8_t *command = mtr_arena_alloc(arena, size), digest[MTR_HASH_BYTES];
		struct mtr_bytes record;

		header.revision = ++batch.after.revision;
		header.at = 1000 + header.revision;
		memset(command, (int)(header.revision % 250 + 1), size);
		const struct mtr_record_parts parts = {.header = &header, .command = {command, size}};

		assert_int_equal(mtr_record_build(arena, &parts, &record, digest), 0);
		mtr_chain_extend(batch.after.chain, digest);
		for (int shift = 24; shift >= 0; shift -= 8)
			*at++ = (uint8_t)(record.size >> shift);
		memcpy(at, record.data, record.size);
		at += record.size;
	}
	batch.records = bytes;
	batch.size = (size_t)(at - bytes);
	return batch;
}

static inline void journal_append(struct journal *journal, uint32_t count, size_t size)
{
	struct mtr_arena *arena = mtr_arena_new(8u * 1024u * 1024u);
	const struct mtr_engine_operations *operations = journal->engine->operations;
	struct mtr_batch batch = make_batch(arena, operations->head(journal->engine), count, size);

	assert_int_equal(operations->tick(journal->engine), 0);
	assert_int_equal(operations->submit(journal->engine, &batch), 0);
	assert_int_equal(operations->poll(journal->engine, true), MTR_APPEND_DURABLE);
	mtr_arena_free(&arena);
}

/* Checks that the records are the ones that make_batch makes, in order. */
struct reading {
	uint64_t expected, stop_at;
	uint8_t chain[MTR_HASH_BYTES];
};

static inline int read_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			      const uint8_t *record, size_t size)
{
	struct reading *reading = context;
	Mtr__Record *unpacked = mtr__record__unpack(NULL, size, record);

	assert_non_null(unpacked);
	assert_int_equal(revision, reading->expected);
	assert_int_equal(unpacked->header->revision, revision);
	assert_int_equal(unpacked->command.data[0], revision % 250 + 1);
	mtr__record__free_unpacked(unpacked, NULL);
	memcpy(reading->chain, chain_after, MTR_HASH_BYTES);
	return reading->expected++ == reading->stop_at ? 77 : 0;
}

static inline void assert_reads(struct journal *journal, uint64_t from)
{
	struct reading reading = {.expected = from};
	struct mtr_chain_point head = journal_head(journal);

	assert_int_equal(journal->engine->operations->fetch(journal->engine, from, read_record, &reading), 0);
	assert_int_equal(reading.expected, head.revision + 1);
	assert_memory_equal(reading.chain, head.chain, MTR_HASH_BYTES);
}

static inline int journal_file(const struct journal *journal, uint64_t first)
{
	char name[MTR_SEGMENT_NAME_BYTES], path[128];

	mtr_segment_name(first, name);
	(void)snprintf(path, sizeof path, "%s/%s", journal->directory, name);
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static inline void flip_byte(const struct journal *journal, uint64_t first, uint64_t offset)
{
	int fd = journal_file(journal, first);
	uint8_t byte;

	assert_int_equal(mtr_read_all(fd, &byte, 1, offset), 0);
	byte ^= 0x10;
	assert_int_equal(mtr_write_all(fd, &byte, 1, offset), 0);
	close(fd);
}

#endif
