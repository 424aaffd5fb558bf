/* Readers fetch while the writer appends and segments change. */
#include "unit/engine/journal.h"

#include <pthread.h>
#include <stdatomic.h>

#define READERS 3
#define APPENDS 60u

struct reader {
	struct mtr_engine *engine;
	atomic_uint *done;
	pthread_t thread;
	uint64_t records;
	int error;
};

static int count_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			const uint8_t *record, size_t size)
{
	struct reader *reader = context;

	(void)chain_after;
	(void)record;
	(void)size;
	if (revision != ++reader->records)
		return 1;
	return 0;
}

/* Reads all there is again and again, once more after the writer is done. */
static void *read_on(void *context)
{
	struct reader *reader = context;
	unsigned done;

	do {
		done = atomic_load(reader->done);
		reader->records = 0;
		int error = reader->engine->operations->fetch(reader->engine, 1, count_record, reader);

		if (error != 0 && error != -ENOENT)
			reader->error = error;
	} while (!done);
	return NULL;
}

static void readers_see_whole_histories(void **state)
{
	struct journal journal;
	struct reader readers[READERS];
	atomic_uint done = 0;

	(void)state;
	journal_make_directory(&journal);
	journal_open(&journal, MTR_SEGMENT_BYTES_MIN);
	for (int i = 0; i < READERS; i++) {
		readers[i] = (struct reader){.engine = journal.engine, .done = &done};
		assert_int_equal(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
	}
	for (unsigned i = 0; i < APPENDS; i++)
		journal_append(&journal, 3, i % 8 == 0 ? 300000 : 1000);
	atomic_store(&done, 1);
	for (int i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(readers[i].thread, NULL), 0);
		assert_int_equal(readers[i].error, 0);
		assert_int_equal(readers[i].records, 3 * APPENDS);
	}
	journal_remove(&journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers_see_whole_histories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
