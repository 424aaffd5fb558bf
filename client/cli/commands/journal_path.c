#include "commands/journal_path.h"

#include "program/exit.h"
#include "program/i18n.h"
#include "program/must.h"

#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>

/* The directory of the segment files: that of a data directory, of a segment file, or the path itself. */
static const char *directory_of(struct mtr_arena *arena, const char *path)
{
	const char *below = mtr_must_print(arena, "%s/journal", path);
	struct stat about;

	if (stat(below, &about) == 0 && S_ISDIR(about.st_mode))
		return below;
	if (stat(path, &about) == 0 && S_ISREG(about.st_mode))
		return dirname(mtr_must_print(arena, "%s", path));
	return path;
}

static bool is_among(const struct mtr_journal_path *paths, size_t count, const char *directory)
{
	struct stat about, other;

	if (stat(directory, &about) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (stat(paths[i].directory, &other) == 0 && other.st_dev == about.st_dev &&
		    other.st_ino == about.st_ino)
			return true;
	return false;
}

size_t mtr_journal_paths(const struct mtr_call *call, struct mtr_journal_path **ret_paths)
{
	const size_t given = mtr_count_of(&call->arguments, "PATH");
	struct mtr_journal_path *paths = mtr_must_array(call->arena, given, sizeof *paths);
	size_t count = 0;

	for (size_t i = 0; i < given; i++) {
		const char *path = mtr_value_at(&call->arguments, "PATH", i)->text;
		const char *directory = directory_of(call->arena, path);

		if (!is_among(paths, count, directory))
			paths[count++] = (struct mtr_journal_path){path, directory};
	}
	*ret_paths = paths;
	return count;
}

int mtr_journal_failed(struct mtr_call *call, const char *path, int error)
{
	if (error == -ENOENT || error == -ENOTDIR)
		return mtr_fail(
			call, MTR_EXIT_LOCAL,
			_("%s holds no segment files. Name the server's data directory or a copy of its journal."),
			path);
	if (error == -EPROTONOSUPPORT)
		return mtr_fail(call, MTR_EXIT_LOCAL,
				_("%s was written by a newer version of this program. Install that version."), path);
	return mtr_fail(call, MTR_EXIT_LOCAL, _("%s can't be read: %s"), path, strerror(-error));
}
