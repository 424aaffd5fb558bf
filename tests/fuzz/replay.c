/* Gives each file named, and each file in a directory named, to the target: what a fuzzer found is tried without it. */
#include "target.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES 4096

static size_t tried;

static int complain(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return 1;
}

static int replay_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	/* Exactly as large, so that a read beyond its end is seen. */
	uint8_t *data = malloc(size ? size : 1);

	if (!file || !data || fread(data, 1, size, file) != size) {
		free(data);
		if (file)
			fclose(file);
		return complain(path);
	}
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	tried++;
	return 0;
}

static int replay(const char *path);

static int replay_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	int failed = 0;

	if (count < 0)
		return complain(path);
	for (int i = 0; i < count; i++) {
		char inner[PATH_BYTES];

		if (entries[i]->d_name[0] != '.') {
			snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
			failed |= replay(inner);
		}
		free(entries[i]);
	}
	free(entries);
	return failed;
}

static int replay(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return complain(path);
	return S_ISDIR(status.st_mode) ? replay_directory(path) : replay_file(path, (size_t)status.st_size);
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%zu inputs\n", tried);
	return failed || tried == 0;
}
