#include "backup/problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum mtr_exit_status mtr_problem(struct mtr_problem *problem, enum mtr_exit_status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof problem->text, format, arguments);
	va_end(arguments);
	return status;
}

enum mtr_exit_status mtr_problem_writing(struct mtr_problem *problem, int error, const char *path)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return mtr_problem(problem, MTR_EXIT_WRITE, "there is no room for %s; make room, or name another place",
				   path);
	case EIO:
		return mtr_problem(problem, MTR_EXIT_UNCLEAR,
				   "%s: the disk reports an error; look at the kernel's log, then try again", path);
	default:
		return mtr_problem(problem, MTR_EXIT_WRITE,
				   "%s can't be written: %s; mount it read-write and give it to the user this runs as",
				   path, strerror(error));
	}
}

enum mtr_exit_status mtr_problem_reading(struct mtr_problem *problem, int error, const char *path)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return mtr_problem(problem, MTR_EXIT_MISSING, "%s isn't there; mount its disk, or name another", path);
	case ENOMEM:
		return mtr_problem(problem, MTR_EXIT_SYSTEM, "no memory to read %s", path);
	case EIO:
		return mtr_problem(problem, MTR_EXIT_UNCLEAR,
				   "%s: the disk reports an error; look at the kernel's log, then try again", path);
	default:
		return mtr_problem(problem, MTR_EXIT_MISSING, "%s can't be read: %s; give it to the user this runs as",
				   path, strerror(error));
	}
}
