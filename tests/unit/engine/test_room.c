/* Full disks and failed writes. */
#include "unit/engine/journal.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

/* Two records of it are more than is left in a smallest segment behind a first frame, and less than a frame. */
#define LARGE 522900u
#define BALLAST (256 * 1024)

static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int tear_down(void **state)
{
	limit_file_size(RLIM_INFINITY);
	return journal_tear_down(state);
}

static void no_room_is_said_before_anything_is_written(void **state)
{
	struct journal *journal = *state;
	struct mtr_arena *arena = mtr_arena_new(8u * 1024u * 1024u);

	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	limit_file_size(4096);
	/* The first segment is there already, so one batch of the largest size still has its room. */
	assert_int_equal(journal->engine->operations->tick(journal->engine), 0);
	limit_file_size(RLIM_INFINITY);
	journal_append(journal, 1, 20);
	/* The second one may have been prepared meanwhile; the third can't be. */
	journal_append(journal, 1, 20);
	limit_file_size(4096);
	while (journal->engine->operations->tick(journal->engine) == 0) {
		limit_file_size(RLIM_INFINITY);
		journal_append(journal, 1, 20);
		limit_file_size(4096);
	}
	struct mtr_chain_point head = journal_head(journal);

	assert_int_equal(journal->engine->operations->tick(journal->engine), -ENOSPC);
	struct mtr_batch batch = make_batch(arena, head, 2, LARGE);

	assert_int_equal(journal->engine->operations->submit(journal->engine, &batch), -ENOSPC);
	assert_int_equal(journal_head(journal).revision, head.revision);
	limit_file_size(RLIM_INFINITY);
	journal_append(journal, 2, LARGE);
	assert_reads(journal, 1);
	journal_close(journal);
	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	assert_reads(journal, 1);
	mtr_arena_free(&arena);
}

/* A write that fails half-way leaves nobody knowing; the engine takes nothing more, and opening again finds a torn
 * tail. */
static void failed_write_is_unknown_and_final(void **state)
{
	struct journal *journal = *state;
	struct mtr_arena *arena = mtr_arena_new(8u * 1024u * 1024u);

	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	journal_open(journal, 4u * 1024u * 1024u);
	journal_append(journal, 1, 20);
	assert_int_equal(journal->engine->operations->tick(journal->engine), 0);
	struct mtr_batch batch = make_batch(arena, journal_head(journal), 1, 20000);

	limit_file_size(3 * 4096);
	assert_int_equal(journal->engine->operations->submit(journal->engine, &batch), 0);
	limit_file_size(RLIM_INFINITY);
	assert_int_equal(journal->engine->operations->poll(journal->engine, true), MTR_APPEND_UNKNOWN);
	assert_int_equal(journal->engine->operations->submit(journal->engine, &batch), -EIO);
	assert_int_equal(journal->engine->operations->tick(journal->engine), -EIO);
	assert_int_equal(journal_head(journal).revision, 1);
	journal_close(journal);
	journal_open(journal, 4u * 1024u * 1024u);
	assert_int_equal(journal_head(journal).revision, 1);
	journal_append(journal, 1, 20);
	assert_reads(journal, 1);
	mtr_arena_free(&arena);
}

static bool mount_small_disk(const char *directory)
{
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", directory, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=2560k,mode=0700") == 0;
}

static void full_disk_is_busy_until_room_is_freed(void **state)
{
	struct journal *journal = *state;
	char ballast[128];

	if (!mount_small_disk(journal->directory))
		skip();
	/* Room for two segments and another file, not for three. */
	(void)snprintf(ballast, sizeof ballast, "%s/ballast", journal->directory);
	int fd = open(ballast, O_RDWR | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(posix_fallocate(fd, 0, BALLAST), 0);
	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	journal_append(journal, 1, 20);
	assert_int_equal(journal->engine->operations->tick(journal->engine), 0);
	journal_append(journal, 1, 20);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(journal->engine->operations->tick(journal->engine), -ENOSPC);
	assert_int_equal(mtr_local_segments(journal->engine), 2);
	assert_reads(journal, 1);
	journal_close(journal);
	journal_open(journal, MTR_SEGMENT_BYTES_MIN);
	assert_int_equal(journal->engine->operations->tick(journal->engine), -ENOSPC);
	close(fd);
	assert_int_equal(unlink(ballast), 0);
	assert_int_equal(mount("none", journal->directory, "tmpfs", MS_REMOUNT, "size=8m"), 0);
	journal_append(journal, 1, 20);
	assert_reads(journal, 1);
	journal_close(journal);
	assert_int_equal(umount2(journal->directory, MNT_DETACH), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_room_is_said_before_anything_is_written, journal_set_up, tear_down),
		cmocka_unit_test_setup_teardown(failed_write_is_unknown_and_final, journal_set_up, tear_down),
		cmocka_unit_test_setup_teardown(full_disk_is_busy_until_room_is_freed, journal_set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
