#include "scratch.h"

#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

void scratch_make(char ret_path[PATH_MAX])
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");
	char path[PATH_MAX];

	(void)snprintf(path, sizeof path, "%s/matricula-faults-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(path) || !realpath(path, ret_path))
		abort();
}

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *at)
{
	(void)about;
	(void)type;
	(void)at;
	return remove(path);
}

void scratch_remove(const char *path)
{
	(void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void copy_file(const char *from, const char *to, const struct stat *about)
{
	const int in = open(from, O_RDONLY | O_CLOEXEC);
	const int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, about->st_mode & 0777);

	if (in < 0 || out < 0 || ftruncate(out, about->st_size) < 0)
		abort();
	for (off_t left = about->st_size; left > 0;) {
		const ssize_t copied = sendfile(out, in, NULL, (size_t)left);

		if (copied <= 0)
			abort();
		left -= copied;
	}
	close(in);
	close(out);
}

void scratch_copy(const char *from, const char *to)
{
	char path[PATH_MAX], *const roots[] = {(char *)(uintptr_t)from, NULL};
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry;

	if (!tree)
		abort();
	while ((entry = fts_read(tree))) {
		(void)snprintf(path, sizeof path, "%s%s", to, entry->fts_path + strlen(from));
		if (entry->fts_info == FTS_D && mkdir(path, 0700) < 0)
			abort();
		if (entry->fts_info == FTS_F)
			copy_file(entry->fts_path, path, entry->fts_statp);
	}
	fts_close(tree);
}

FILE *scratch_silence(void)
{
	int report = dup(STDOUT_FILENO), nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (report < 0 || nothing < 0 || dup2(nothing, STDOUT_FILENO) < 0)
		return NULL;
	close(nothing);
	return fdopen(report, "w");
}
