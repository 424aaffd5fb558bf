#include "unit/mirror/served.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define PATIENCE_MS 1000u

static uint32_t draw(uint32_t *random, uint32_t below)
{
	*random = *random * 1664525 + 1013904223;
	return (*random >> 8) % below;
}

static void the_head_is_reached_and_proved(void **state)
{
	struct served *served = *state;
	struct mtr_client_mirror_state mirror;
	struct stat status;
	char path[128];

	assert_int_equal(mtr_client_mirror_state(served->desk.client, &mirror), MTR_CLIENT_NO_MIRROR);
	served->limit = 4;
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_STARTED], 1);
	assert_int_equal(served_beginnings(served), 1);
	assert_true(served->pages > 4);
	assert_int_equal(served->progress, served->pages);
	assert_int_equal(served->revision, served->world->f->revision);
	assert_int_equal(served->changes, 0);
	mirror = served_state(served);
	assert_int_equal(mirror.rows, served->rows);
	assert_in_range(mirror.server_time, served->server.now, served->server.now + 60000);
	assert_in_range(mirror.local_time, 1600000000000, 5000000000000);
	snprintf(path, sizeof path, "%s/mirror", served->desk.state);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	snprintf(path, sizeof path, "%s/mirror/data.mdb", served->desk.state);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	served_expect_whole(served);
	served_sync(served);
	assert_int_equal(served->rows, 0);
	assert_int_equal(served_beginnings(served), 0);
}

static void only_what_changed_is_read_again(void **state)
{
	struct served *served = *state;

	served_sync(served);
	served_put_person(served, 2, DISTRICT_A);
	served_put_person(served, 77, DISTRICT_B);
	served_sync(served);
	assert_int_equal(served->rows, 1);
	assert_int_equal(served->changes, 1);
	assert_string_equal(served->last_change, "4 2 in 3 3 0: old new");
	served_put_person(served, 2, COMMUNE_A);
	served_sync(served);
	assert_string_equal(served->last_change, "4 2 in 3 5 0: old new");
	served_put_person(served, 2, DISTRICT_B);
	served_sync(served);
	assert_string_equal(served->last_change, "4 2 in 3 5 0: old gone MOVED");
	served_put_person(served, 78, DISTRICT_A);
	served_sync(served);
	assert_string_equal(served->last_change, "4 78 in 3 3 0: new");
	served_expect_whole(served);
}

/* A broken link loses nothing of what has come, wherever it breaks. */
static void a_cut_after_any_page_is_resumed(void **state)
{
	struct served *served = *state;
	unsigned whole;

	served->limit = 3;
	served_sync(served);
	whole = served->pages;
	for (unsigned cut = 1; cut < whole; cut += 2) {
		uint64_t rows;

		served_reopen(served, PATIENCE_MS);
		served_remove_mirror(served);
		served->cut_after = cut;
		assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_NO_LINK);
		rows = served->rows;
		assert_int_equal(rows, 3 * cut);
		assert_int_equal(served_state(served).revision, 0);
		served->cut_after = 0;
		served_reopen(served, 0);
		served_sync(served);
		assert_int_equal(served->pages, whole - cut);
		assert_int_equal(served_beginnings(served), 0);
		served_expect_whole(served);
	}
}

/* Between two heads nothing of the newer one is seen, though it lies on the disk. */
static void a_cut_on_the_way_shows_the_old_head(void **state)
{
	struct served *served = *state;
	struct mtr_client_mirror_state before, after;

	served_sync(served);
	before = served_state(served);
	served_put_people(served, 100, 12, DISTRICT_A);
	served->limit = 5;
	served->cut_after = 2;
	served_reopen(served, PATIENCE_MS);
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_NO_LINK);
	assert_int_equal(served->changes, 0);
	after = served_state(served);
	assert_int_equal(after.revision, before.revision);
	assert_int_equal(after.server_time, before.server_time);
	assert_int_equal(after.local_time, before.local_time);
	assert_int_equal(after.rows, before.rows);
	assert_true(after.agreed);
	served->cut_after = 0;
	served_reopen(served, 0);
	served_sync(served);
	assert_int_equal(served->pages, 1);
	assert_int_equal(served->changes, 12);
	served_expect_whole(served);
}

/* A clerk moves to another unit's subtree: homes come and go. */
static void homes_come_and_go(void **state)
{
	struct served *served = *state;
	struct fixture *f = served->world->f;
	struct mtr_effect row;

	served_sync(served);
	row = world_unit(f, COMMUNE_A, "XA-A", DISTRICT_B);
	fixture_apply(f, &row, 1);
	served_sync(served);
	assert_int_equal(served_beginnings(served), 0);
	/* Person 3 of the commune, its nomination and allocation, and the unit itself. */
	assert_int_equal(served->changes, 1 + 3);
	served_expect_whole(served);
	row = world_unit(f, COMMUNE_A, "XA-A", DISTRICT_A);
	fixture_apply(f, &row, 1);
	served_sync(served);
	assert_int_equal(served->changes, 1 + 3);
	served_expect_whole(served);
}

static void a_wide_scope_that_changes_is_read_anew(void **state)
{
	struct served *served = *state;
	struct fixture *f = served->world->f;
	struct mtr_effect rows[300];

	for (uint32_t i = 0; i < 300; i++) {
		char code[16];

		snprintf(code, sizeof code, "XA-%u", i);
		rows[i] = world_unit(f, 100 + i, code, i < 295 ? DISTRICT_A : DISTRICT_B);
	}
	fixture_apply(f, rows, 300);
	for (uint32_t i = 0; i < 300; i++)
		served_put_person(served, 100 + i, 100 + i);
	served->limit = 100;
	served_sync(served);
	rows[0] = world_unit(f, 396, "XA-296", DISTRICT_A);
	fixture_apply(f, rows, 1);
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_RESCOPED], 1);
	assert_int_equal(served_beginnings(served), 1);
	assert_int_equal(served->changes, 0);
	served_expect_whole(served);
}

static void something_happens(struct served *served)
{
	served_put_person(served, 200 + served->waits, DISTRICT_A);
}

static void who_waits_at_the_head_gets_the_news(void **state)
{
	struct served *served = *state;

	served_sync(served);
	assert_int_equal(served_try_sync(served, 5000), 0);
	assert_int_equal(served->waits, 1);
	assert_int_equal(served->rows, 0);
	served->on_wait = something_happens;
	assert_int_equal(served_try_sync(served, 5000), 0);
	assert_int_equal(served->changes, 1);
	served_expect_whole(served);
	assert_int_equal(served_try_sync(served, MTR_FEED_WAIT_MS_MAX + 1), MTR_CLIENT_USAGE);
}

/* While one process waits for its page, another brings the mirror forward: each page counts once. */
static void another_process_comes_between(struct served *served)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct mtr_store *store = served_open_mirror(served);
		struct mtr_txn txn;
		bool done;

		/* Another's page: only that the cursor moved. */
		mtr_txn_begin_write(&txn, store);
		mtr_txn_put(&txn, MTR_TABLE_META, (struct mtr_bytes){(const uint8_t *)"mirror cursor", 13},
			    (struct mtr_bytes){NULL, 0});
		done = mtr_txn_commit(&txn) == MTR_STORE_OK;
		_exit(done ? 0 : 1);
	}
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	served->on_wait = NULL;
}

static void a_page_that_no_longer_fits_is_asked_for_again(void **state)
{
	struct served *served = *state;

	served_sync(served);
	served->on_wait = another_process_comes_between;
	assert_int_equal(served_try_sync(served, 1000), 0);
	assert_int_equal(served->waits, 2);
	served_expect_whole(served);
}

static void one_process_at_a_time_writes(void **state)
{
	struct served *served = *state;
	char path[128];
	int lock;

	served_sync(served);
	snprintf(path, sizeof path, "%s/mirror.lock", served->desk.state);
	lock = open(path, O_RDWR | O_CLOEXEC);
	assert_true(lock >= 0);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	served_reopen(served, PATIENCE_MS);
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_STATE_BUSY);
	/* Reading goes on. */
	assert_int_equal(served_state(served).revision, served->world->f->revision);
	close(lock);
	served_sync(served);
}

static void without_a_directory_there_is_no_mirror(void **state)
{
	struct served *served = *state;
	char endpoint[64], key[MTR_KEY_TEXT];
	const struct mtr_client_options options = {
		.endpoint = endpoint, .server_key = key, .key_file = served->desk.key_file};
	struct mtr_client_mirror_state mirror;
	struct mtr_client *client;

	fake_server_endpoint(&served->server, endpoint);
	fake_server_key(&served->server, key);
	assert_int_equal(mtr_client_open(&client, &options), 0);
	assert_int_equal(mtr_client_sync(client, NULL), MTR_CLIENT_USAGE);
	assert_int_equal(mtr_client_mirror_state(client, &mirror), MTR_CLIENT_USAGE);
	mtr_client_close(&client);
}

static int syncs_until_death(struct served *served, unsigned change);

/* The process dies in the middle of taking up a page. */
static void a_process_that_dies_loses_nothing(void **state)
{
	struct served *served = *state;

	served->limit = 4;
	served_sync(served);
	for (unsigned round = 1; round < 14; round++) {
		served_put_people(served, 300, 15, round % 2 ? DISTRICT_A : COMMUNE_A);
		desk_close(&served->desk);
		/* In the child, at the change number `round`. */
		assert_int_equal(syncs_until_death(served, round), 99);
		desk_open(&served->desk, &served->server, 0);
		served_sync(served);
		assert_int_equal(served_beginnings(served), 0);
		served_expect_whole(served);
	}
}

struct dying {
	unsigned left;
};

static void die(void *context, const struct mtr_client_change *change)
{
	struct dying *dying = context;

	(void)change;
	if (--dying->left == 0)
		_exit(99);
}

static int syncs_until_death(struct served *served, unsigned change)
{
	struct dying dying = {.left = change};
	const struct mtr_client_sync_options options = {.change = die, .context = &dying};
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		if (desk_try_open(&served->desk, &served->server, 0) != 0)
			_exit(1);
		_exit(2 + mtr_client_sync(served->desk.client, &options));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void change_something(struct served *served, uint32_t *random)
{
	static const uint32_t units[] = {DISTRICT_A, COMMUNE_A, DISTRICT_B, ROOT};
	struct fixture *f = served->world->f;
	struct mtr_effect row;

	switch (draw(random, 8)) {
	case 0:
		row = world_unit(f, COMMUNE_A, "XA-A", draw(random, 2) ? DISTRICT_A : DISTRICT_B);
		break;
	case 1:
	case 2: {
		const uint32_t programme = SENIOR + draw(random, 2), unit = units[draw(random, 3)];
		const struct nomination_of of = {
			.programme = programme,
			.unit = unit,
			.person = 1 + draw(random, 4) + 10 * unit,
			.state = (Mtr__State)(1 + draw(random, 20)),
			.group = (uint8_t)(1 + draw(random, 4)),
		};

		row = nomination_row(f, of.person + 1000 * programme, of);
		break;
	}
	case 3:
		row = end_of(mtr_home_people(DISTRICT_A), TYPE(PERSON), 1 + draw(random, 30), "entered twice");
		break;
	default:
		row = person_row(f, 1 + draw(random, 30), "Hồ Thị Lan", "", units[draw(random, 4)]);
		break;
	}
	(void)fixture_try(f, &row, 1);
	mtr_arena_reset(f->arena);
}

/* Whatever happens, with links that break and programs that end: a sync that says it reached the head did. */
static void every_head_is_the_registers(void **state)
{
	struct served *served = *state;
	uint32_t random = 41;
	unsigned heads = 0, cuts = 0;
	bool begun = false;

	for (unsigned round = 0; round < 120; round++) {
		int error;

		for (uint32_t i = draw(&random, 16); i > 0; i--)
			change_something(served, &random);
		served->limit = 1 + draw(&random, 5);
		served->cut_after = draw(&random, 2) ? 0 : 1 + draw(&random, 3);
		served_reopen(served, served->cut_after ? 60 : 0);
		error = served_try_sync(served, 0);
		/* Without a link there is nothing to begin with. */
		if (!error || begun)
			assert_int_equal(served_beginnings(served), !begun);
		begun |= served->progress > 0;
		if (error) {
			assert_int_equal(error, MTR_CLIENT_NO_LINK);
			cuts++;
			continue;
		}
		heads++;
		served_expect_whole(served);
	}
	printf("heads %u, cuts %u\n", heads, cuts);
	assert_true(heads > 40 && cuts > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(the_head_is_reached_and_proved),
		SERVED_TEST(only_what_changed_is_read_again),
		SERVED_TEST(a_cut_after_any_page_is_resumed),
		SERVED_TEST(a_cut_on_the_way_shows_the_old_head),
		SERVED_TEST(homes_come_and_go),
		SERVED_TEST(a_wide_scope_that_changes_is_read_anew),
		SERVED_TEST(who_waits_at_the_head_gets_the_news),
		SERVED_TEST(a_page_that_no_longer_fits_is_asked_for_again),
		SERVED_TEST(one_process_at_a_time_writes),
		SERVED_TEST(without_a_directory_there_is_no_mirror),
		SERVED_TEST(a_process_that_dies_loses_nothing),
		SERVED_TEST(every_head_is_the_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
