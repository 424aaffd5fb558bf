#include "tail.h"

#include "engine/local_state.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t content(int fd)
{
	struct stat status;

	if (fstat(fd, &status) < 0 || status.st_size == 0)
		return 0;
	size_t size = (size_t)status.st_size;
	const uint64_t *words = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	size_t end = size / sizeof *words;

	if (words == MAP_FAILED)
		abort();
	while (end && !words[end - 1])
		end--;
	munmap((void *)(uintptr_t)words, size);
	return end * sizeof *words;
}

uint64_t tail_content(const char *directory)
{
	char name[MTR_SEGMENT_NAME_BYTES];
	uint64_t *firsts = NULL, end = 0;
	size_t count = 0;
	int parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (parent < 0)
		return 0;
	if (mtr_segment_list(parent, &firsts, &count) == 0 && count) {
		mtr_segment_name(firsts[count - 1], name);
		int fd = openat(parent, name, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			abort();
		end = content(fd);
		close(fd);
	}
	free(firsts);
	close(parent);
	return end;
}

bool tail_is_clean(const char *directory, struct mtr_engine *engine)
{
	return tail_content(directory) <= mtr_local_of(engine)->offset;
}
