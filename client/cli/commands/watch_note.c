/* The file is one line, STATE SINCE ERROR SEND-ERROR, of always the same length, so that nobody reads half of it. */
#include "commands/watch_note.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE "%-8s %20" PRIu64 " %3d %3d\n"
#define LINE_SIZE 38u

static const char *const names[] = {
	[MTR_WATCH_NOBODY] = "nobody",   [MTR_WATCH_STARTING] = "starting", [MTR_WATCH_AT_HEAD] = "at-head",
	[MTR_WATCH_NO_LINK] = "no-link", [MTR_WATCH_TROUBLE] = "trouble",
};

const char *mtr_watch_state_name(enum mtr_watch_state state)
{
	return names[state];
}

static int open_in(const char *directory, int flags)
{
	int place = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int file = place < 0 ? -1 : openat(place, "watch", flags | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (place >= 0)
		close(place);
	return file;
}

int mtr_watch_note_open(const char *state_directory)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int file = open_in(state_directory, O_RDWR | O_CREAT);

	if (file >= 0 && fcntl(file, F_OFD_SETLK, &whole)) {
		close(file);
		return -1;
	}
	return file;
}

bool mtr_watch_note_write(int file, const struct mtr_watch_note *note)
{
	char line[LINE_SIZE + 1];
	int size = snprintf(line, sizeof line, LINE, names[note->state], note->since, note->error, note->send_error);

	return file >= 0 && size == (int)LINE_SIZE && pwrite(file, line, LINE_SIZE, 0) == (ssize_t)LINE_SIZE;
}

static bool parse(const char *line, struct mtr_watch_note *ret_note)
{
	struct mtr_watch_note note = {0};
	char name[9];

	if (sscanf(line, "%8s %" SCNu64 " %d %d", name, &note.since, &note.error, &note.send_error) != 4)
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		note.state = (enum mtr_watch_state)i;
		*ret_note = note;
		return true;
	}
	return false;
}

struct mtr_watch_note mtr_watch_note_read(const char *state_directory)
{
	struct mtr_watch_note note = {.state = MTR_WATCH_NOBODY};
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char line[LINE_SIZE + 1] = "";
	int file = open_in(state_directory, O_RDONLY);

	if (file < 0)
		return note;
	/* The write lock of whoever watches; the kernel drops it when that process ends, however it does. */
	if (fcntl(file, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK) {
		note.state = MTR_WATCH_STARTING;
		if (pread(file, line, LINE_SIZE, 0) == (ssize_t)LINE_SIZE)
			(void)parse(line, &note);
	}
	close(file);
	return note;
}
