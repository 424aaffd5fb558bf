#include "contract/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int mtr_flush_entry(const char *path)
{
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 || fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	free(copy);
	return error;
}

int mtr_make_directory(const char *path)
{
	if (mkdir(path, 0700) == 0)
		return mtr_flush_entry(path);
	if (errno != EEXIST)
		return -errno;
	int error = mtr_flush_entry(path);

	/* Whoever may not look into the parent hasn't made anything in it. */
	return error == -EACCES ? 0 : error;
}

static int name_file(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	/* A file system that can't be told not to replace. */
	if (errno != EINVAL || link(from, to) < 0)
		return -errno;
	(void)unlink(from);
	return 0;
}

int mtr_name_file(const char *from, const char *to)
{
	int error = name_file(from, to);

	if (error)
		return error;
	error = mtr_flush_entry(to);
	if (error)
		(void)unlink(to);
	return error;
}
