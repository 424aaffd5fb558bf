#include "backup/state.h"

#include "contract/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STATE_BYTES_MAX 256u

static int write_file(int directory, const char *name, const char *text, size_t size)
{
	int file = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (file < 0)
		return errno;
	const ssize_t written = write(file, text, size);
	int error = written < 0 ? errno : 0;

	if (!error && (size_t)written != size)
		error = ENOSPC;
	if (!error && fsync(file) < 0)
		error = errno;
	close(file);
	return error;
}

enum mtr_exit_status mtr_backup_state_write(const char *data, const struct mtr_backup_state *state,
					    struct mtr_problem *problem)
{
	int directory = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = directory < 0 ? errno : 0;
	char text[STATE_BYTES_MAX];

	(void)snprintf(text, sizeof text,
		       "matricula-backed-up 1\nincarnation %" PRIu64 "\nrevision %" PRIu64 "\nat %" PRIu64 "\n",
		       state->incarnation, state->revision, state->at);
	(void)mtr_lines_seal(text, sizeof text);
	if (!error)
		error = write_file(directory, MTR_BACKUP_STATE_NAME ".new", text, strlen(text));
	if (!error && (renameat(directory, MTR_BACKUP_STATE_NAME ".new", directory, MTR_BACKUP_STATE_NAME) < 0 ||
		       fsync(directory) < 0))
		error = errno;
	if (directory >= 0)
		close(directory);
	return error ? mtr_problem_writing(problem, error, data) : MTR_EXIT_OK;
}

int mtr_backup_state_read(const char *data, struct mtr_backup_state *ret_state)
{
	struct mtr_backup_state state = {0};
	char path[4352], text[STATE_BYTES_MAX];

	snprintf(path, sizeof path, "%s/" MTR_BACKUP_STATE_NAME, data);
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (file < 0)
		return -errno;
	const ssize_t got = read(file, text, sizeof text);
	int error = got < 0 ? -errno : 0;
	size_t size = error ? 0 : (size_t)got;

	close(file);
	if (error)
		return error;
	if (!mtr_lines_unseal(text, &size))
		return -EBADMSG;
	struct mtr_lines lines = mtr_lines_of(text, size);

	if (!mtr_lines_word(&lines, "matricula-backed-up") || mtr_lines_number(&lines) != 1)
		return -EBADMSG;
	state.incarnation = mtr_lines_word(&lines, "incarnation") ? mtr_lines_number(&lines) : 0;
	state.revision = mtr_lines_word(&lines, "revision") ? mtr_lines_number(&lines) : 0;
	state.at = mtr_lines_word(&lines, "at") ? mtr_lines_number(&lines) : 0;
	if (!mtr_lines_done(&lines))
		return -EBADMSG;
	*ret_state = state;
	return 0;
}
