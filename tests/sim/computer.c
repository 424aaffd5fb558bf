#include "computer_state.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a disk writes all or nothing of. */
#define SECTOR_BYTES 512u
#define SIM_END_OF_TIME (100000 * SIM_DAY)

static struct computer *running;

void computer_run(struct computer *computer)
{
	running = computer;
}

struct computer *computer_running(void)
{
	return sim_installed() ? running : NULL;
}

static void fail(struct computer *computer, enum crash_point point)
{
	struct tally *tally = computer->sim->tally;

	computer->down = true;
	computer->point = point;
	computer->fuse = 0;
	(computer->is_server ? tally->server_crashes : tally->desk_crashes)[point]++;
	tally->events[computer->is_server ? EVENT_SERVER_CRASHES : EVENT_DESK_CRASHES]++;
	sim_note(computer->sim, "%s: power fails, %s", computer->name, crash_point_name(point));
}

bool computer_fails(struct computer *computer, enum crash_point point)
{
	const bool counts = computer->aim == CRASH_POINTS || computer->aim == point;

	if (!computer->down && computer->fuse && counts && --computer->fuse == 0)
		fail(computer, point);
	return computer->down;
}

bool computer_running_fails(enum crash_point point)
{
	struct computer *computer = computer_running();

	return computer && computer_fails(computer, point);
}

void computer_fail_now(struct computer *computer)
{
	if (!computer->down)
		fail(computer, CRASH_IDLE);
}

uint64_t computer_time_of_day(const struct sim *sim)
{
	return (uint64_t)((int64_t)(SIM_START_MS + sim->now) + (running ? running->clock_ms : 0));
}

uint64_t computer_uptime(const struct sim *sim)
{
	return sim->now + (running && running->down ? SIM_END_OF_TIME : 1);
}

void computer_forget_writes(struct file **file)
{
	struct file *gone = *file;

	*file = gone->next;
	while (gone->newest) {
		struct overwritten *older = gone->newest->older;

		free(gone->newest);
		gone->newest = older;
	}
	if (gone->fd >= 0)
		close(gone->fd);
	free(gone);
}

void computer_forget_renamings(struct computer *computer)
{
	while (computer->renamings) {
		struct renaming *older = computer->renamings->older;

		close(computer->renamings->directory);
		free(computer->renamings);
		computer->renamings = older;
	}
}

void computer_forget_rollback(struct computer *computer)
{
	if (!computer->rollback)
		return;
	close(computer->rollback->fd);
	free(computer->rollback);
	computer->rollback = NULL;
}

static void put_back(const struct file *file, const uint8_t *bytes, size_t size, uint64_t offset)
{
	if (__real_pwrite(file->fd, bytes, size, (off_t)offset) != (ssize_t)size)
		abort();
}

/* Decides for each sector of a write whether it got to the disk. */
static void tear(struct computer *computer, const struct file *file, const struct overwritten *before)
{
	uint64_t end = before->offset + before->size;
	size_t kept = 0, lost = 0;

	for (uint64_t at = before->offset; at < end;) {
		uint64_t next = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
		size_t size = (size_t)((next < end ? next : end) - at);

		if (random_percent(&computer->sim->random, 50)) {
			put_back(file, before->bytes + (at - before->offset), size, at);
			lost++;
		} else {
			kept++;
		}
		at += size;
	}
	computer->sim->tally->events[!lost ? EVENT_WRITES_KEPT : !kept ? EVENT_WRITES_DROPPED : EVENT_WRITES_TORN]++;
}

static void restore_file(struct computer *computer, struct file *file)
{
	const uint32_t fate = random_below(&computer->sim->random, 6);

	for (struct overwritten *before = file->newest; before; before = before->older) {
		switch (fate) {
		case 0:
			put_back(file, before->bytes, before->size, before->offset);
			computer->sim->tally->events[EVENT_WRITES_DROPPED]++;
			break;
		case 1:
			computer->sim->tally->events[EVENT_WRITES_KEPT]++;
			break;
		default:
			tear(computer, file, before);
			break;
		}
	}
}

void computer_restore(struct computer *computer)
{
	running = NULL;
	while (computer->files) {
		restore_file(computer, computer->files);
		computer_forget_writes(&computer->files);
	}
	for (struct renaming *at = computer->renamings; at; at = at->older) {
		if (random_percent(&computer->sim->random, 50))
			continue;
		if (__real_renameat(at->directory, at->to, at->directory, at->from) < 0)
			abort();
		computer->sim->tally->events[EVENT_RENAMES_UNDONE]++;
	}
	computer_forget_renamings(computer);
	if (computer->rollback && computer->point == CRASH_IN_COMMIT &&
	    __real_pwrite(computer->rollback->fd, computer->rollback->meta, LMDB_META_BYTES, 0) != LMDB_META_BYTES)
		abort();
	computer_forget_rollback(computer);
	computer->down = false;
	computer->fuse = 0;
}
