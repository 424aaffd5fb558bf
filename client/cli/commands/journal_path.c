#include "commands/journal_path.h"

#include "program/exit.h"
#include "program/i18n.h"
#include "program/must.h"

#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>

const char *mtr_journal_directory(struct mtr_arena *arena, const char *path)
{
	const char *below = mtr_must_print(arena, "%s/journal", path);
	struct stat about;

	if (stat(below, &about) == 0 && S_ISDIR(about.st_mode))
		return below;
	if (stat(path, &about) == 0 && S_ISREG(about.st_mode))
		return dirname(mtr_must_print(arena, "%s", path));
	return path;
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
