#include "known_file.h"

#include "contract/durable.h"
#include "matricula/matricula.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failed(void)
{
	return errno == ENOMEM                      ? MTR_CLIENT_MEMORY
	       : errno == ENOSPC || errno == EDQUOT ? MTR_CLIENT_STATE_FULL
						    : MTR_CLIENT_STATE;
}

static char *join(const char *first, const char *second)
{
	const size_t size = strlen(first) + strlen(second) + 1;
	char *joined = malloc(size);

	if (joined)
		snprintf(joined, size, "%s%s", first, second);
	return joined;
}

char *mtr_known_file_path(const char *state_directory)
{
	return join(state_directory, "/history");
}

int mtr_known_file_read(const char *path, struct mtr_known_history *ret_known, bool *ret_there)
{
	char text[MTR_KNOWN_HISTORY_MAX + 1];
	FILE *file = fopen(path, "re");

	if (!file && errno == ENOENT) {
		*ret_there = false;
		return 0;
	}
	if (!file)
		return failed();
	size_t size = fread(text, 1, sizeof text, file);
	bool good = !ferror(file) && size <= MTR_KNOWN_HISTORY_MAX;

	(void)fclose(file);
	if (!good || !mtr_known_history_parse(text, size, ret_known))
		return MTR_CLIENT_STATE;
	*ret_there = true;
	return 0;
}

static int flush_entry(const char *path)
{
	int error = mtr_flush_entry(path);

	errno = -error;
	return error ? failed() : 0;
}

static int write_new(const char *path, const char *text, size_t size)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (file < 0)
		return failed();
	ssize_t written = write(file, text, size);
	int error = 0;

	if (written >= 0 && (size_t)written < size)
		errno = ENOSPC;
	if (written != (ssize_t)size || fsync(file) < 0)
		error = failed();
	close(file);
	return error;
}

int mtr_known_file_write(const char *path, const struct mtr_known_history *known)
{
	char text[MTR_KNOWN_HISTORY_MAX], *fresh = join(path, ".new");
	int error = fresh ? write_new(fresh, text, mtr_known_history_print(known, text)) : MTR_CLIENT_MEMORY;

	if (!error && rename(fresh, path) < 0)
		error = failed();
	if (!error)
		error = flush_entry(path);
	free(fresh);
	return error;
}

int mtr_known_file_set_aside(const char *path, const struct mtr_known_history *known)
{
	char end[64];

	(void)snprintf(end, sizeof end, ".%" PRIu64 ".%" PRIu64, known->incarnation, known->revision);
	char *aside = join(path, end);
	int error = !aside ? MTR_CLIENT_MEMORY : rename(path, aside) < 0 ? failed() : flush_entry(path);

	free(aside);
	return error;
}
