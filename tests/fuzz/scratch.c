#include "scratch.h"

#include "target.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[FUZZ_PATH_MAX / 2];

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

void fuzz_remove(const char *path)
{
	if (access(path, F_OK) == 0)
		FUZZ_REQUIRE(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

static void remove_all(void)
{
	(void)nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void make(void)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");

	snprintf(directory, sizeof directory, "%s/matricula-fuzz-XXXXXX", base ? base : "/tmp");
	FUZZ_REQUIRE(mkdtemp(directory));
	atexit(remove_all);
}

void fuzz_path(const char *name, char ret_path[FUZZ_PATH_MAX])
{
	if (!*directory)
		make();
	FUZZ_REQUIRE(snprintf(ret_path, FUZZ_PATH_MAX, "%s/%s", directory, name) < FUZZ_PATH_MAX);
}

void fuzz_write_file(const char *path, struct mtr_bytes bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	FUZZ_REQUIRE(fd >= 0);
	while (bytes.size) {
		ssize_t written = write(fd, bytes.data, bytes.size);

		FUZZ_REQUIRE(written > 0);
		bytes.data += written;
		bytes.size -= (size_t)written;
	}
	close(fd);
}

struct mtr_bytes fuzz_read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat status;

	FUZZ_REQUIRE(file && fstat(fileno(file), &status) == 0);
	size_t size = (size_t)status.st_size;
	uint8_t *bytes = malloc(size + 1);

	FUZZ_REQUIRE(bytes && fread(bytes, 1, size, file) == size);
	fclose(file);
	return (struct mtr_bytes){bytes, size};
}

void fuzz_make_directory(const char *path)
{
	fuzz_remove(path);
	FUZZ_REQUIRE(mkdir(path, 0700) == 0);
}
