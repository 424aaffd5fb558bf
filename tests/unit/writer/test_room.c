/* A disk that fills up: busy, nothing applied, and on again when there is room. */
#include "unit/writer/house.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

static bool mount_small_disk(const char *directory)
{
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", directory, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=48m,mode=0700") == 0;
}

/* Takes all that is left of the disk. */
static void fill_disk(const struct house *house)
{
	struct statvfs disk;
	char path[128];

	(void)snprintf(path, sizeof path, "%s/ballast", house->directory);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(statvfs(house->directory, &disk), 0);
	off_t length = lseek(fd, 0, SEEK_END);

	if (disk.f_bavail)
		assert_int_equal(posix_fallocate(fd, length, (off_t)(disk.f_bavail * disk.f_bsize)), 0);
	close(fd);
}

static void empty_disk(const struct house *house)
{
	char path[128];

	(void)snprintf(path, sizeof path, "%s/ballast", house->directory);
	assert_int_equal(unlink(path), 0);
}

static bool accepts(const struct house *house)
{
	struct mtr_writer_figures figures;

	mtr_writer_figures(house->writer, &figures);
	return figures.accepts_changes;
}

/* Sends one entry again and again until the disk, which something else keeps full, lets no more in. */
static struct mtr_work *send_until_full(struct house *house, struct desk *desk)
{
	for (;;) {
		struct mtr_work *work = desk_unit(desk, (uint32_t)desk->sequence), *again = copy_work(work);

		fill_disk(house);
		struct verdict verdict = judge(house, work);

		if (verdict.code != MTR__ERROR_CODE__ERROR_CODE_NONE) {
			assert_refused(verdict, STORAGE_FULL);
			assert_int_equal(verdict.revision, 0);
			return again;
		}
		mtr_work_free(&again);
	}
}

static void full_disk_is_busy_until_room_is_freed(void **state)
{
	struct desk desk = make_desk(1, OPERATOR_ID);
	struct mtr_writer_figures before, after;
	struct house house;

	(void)state;
	house_make(&house);
	if (!mount_small_disk(house.directory)) {
		house_remove(&house);
		skip();
	}
	house_open(&house);
	assert_done(judge(&house, desk_unit(&desk, 0)));
	struct mtr_work *refused = send_until_full(&house, &desk), *again = copy_work(refused);

	assert_false(accepts(&house));
	mtr_writer_figures(house.writer, &before);
	assert_refused(judge(&house, refused), STORAGE_FULL);
	mtr_writer_figures(house.writer, &after);
	assert_int_equal(before.durable_revision, after.durable_revision);
	/* Starting on the full disk works, and says the same. */
	house_close(&house);
	house_open(&house);
	refused = copy_work(again);
	assert_refused(judge(&house, refused), STORAGE_FULL);
	assert_false(accepts(&house));
	/* What is freed is found without a restart. */
	empty_disk(&house);
	assert_done(judge(&house, again));
	assert_true(accepts(&house));
	assert_done(judge(&house, desk_unit(&desk, (uint32_t)desk.sequence)));
	assert_int_equal(house.fatal_count, 0);
	house_close(&house);
	assert_int_equal(umount2(house.directory, MNT_DETACH), 0);
	house_remove(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_disk_is_busy_until_room_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
