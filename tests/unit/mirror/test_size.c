/* A first reading of many rows, in the memory of one page. MTR_TEST_ROWS says how many; the figures are printed. */
#include "unit/mirror/served.h"

#include <time.h>

#define ROWS 20000u
#define AT_ONCE 500u
/* Of a page on its way, decoded, and of a transaction; the server's in the same process too. Not of what came before.
 */
#define MEMORY_KIB (96u * 1024u)

static unsigned anonymous_kib(void)
{
	char line[128];
	unsigned kib = 0;
	FILE *file = fopen("/proc/self/status", "r");

	assert_non_null(file);
	while (fgets(line, sizeof line, file) && sscanf(line, "RssAnon: %u", &kib) != 1)
		;
	fclose(file);
	assert_true(kib > 0);
	return kib;
}

static uint32_t rows_wanted(void)
{
	const char *text = getenv("MTR_TEST_ROWS");
	const unsigned long rows = text ? strtoul(text, NULL, 10) : ROWS;

	assert_in_range(rows, AT_ONCE, 10000000);
	return (uint32_t)rows / AT_ONCE * AT_ONCE;
}

static void fill(struct served *served, uint32_t count)
{
	struct fixture *f = served->world->f;
	struct mtr_effect rows[AT_ONCE];

	for (uint32_t first = 0; first < count; first += AT_ONCE) {
		for (uint32_t i = 0; i < AT_ONCE; i++) {
			char name[64];

			snprintf(name, sizeof name, "Nguyễn Thị Thanh Hương %u", first + i);
			rows[i] = person_row(f, 100 + first + i, name, "", DISTRICT_A);
		}
		assert_int_equal(mtr_store_reserve(f->store, 32u << 20), MTR_STORE_OK);
		fixture_apply(f, rows, AT_ONCE);
		mtr_arena_reset(f->arena);
	}
}

struct measuring {
	unsigned before, peak;
};

static void measure(void *context, uint64_t rows, uint64_t revision)
{
	struct measuring *measuring = context;
	const unsigned now = anonymous_kib();

	(void)rows;
	(void)revision;
	if (now > measuring->peak)
		measuring->peak = now;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void many_rows_need_the_memory_of_a_page(void **state)
{
	struct served *served = *state;
	struct measuring measuring = {.before = 0};
	const struct mtr_client_sync_options options = {.progress = measure, .context = &measuring};
	const uint32_t count = rows_wanted();
	double start;

	fill(served, count);
	measuring.before = measuring.peak = anonymous_kib();
	start = seconds();
	assert_int_equal(mtr_client_sync(served->desk.client, &options), 0);
	printf("%llu rows in %u pages: %.1f s, memory grew by %u KiB\n", (unsigned long long)served_state(served).rows,
	       served->pages, seconds() - start, measuring.peak - measuring.before);
	assert_true(served_state(served).rows > count);
	assert_true(measuring.peak - measuring.before < MEMORY_KIB);
	served_expect_whole(served);
	/* As a change of every row: held back, then taken up page by page. */
	fill(served, count);
	measuring.before = measuring.peak = anonymous_kib();
	start = seconds();
	assert_int_equal(mtr_client_sync(served->desk.client, &options), 0);
	printf("all of them changed: %.1f s, memory grew by %u KiB\n", seconds() - start,
	       measuring.peak - measuring.before);
	assert_true(measuring.peak - measuring.before < MEMORY_KIB);
	served_expect_whole(served);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(many_rows_need_the_memory_of_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
