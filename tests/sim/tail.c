#include "tail.h"

#include "engine/local_state.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 4096 /* segments and the places of frames are multiples */

/* Where the last block with anything in it ends. */
static uint64_t content(int fd)
{
	static const uint8_t zeros[BLOCK_BYTES];
	uint8_t block[BLOCK_BYTES];
	struct stat status;
	off_t end;

	if (fstat(fd, &status) < 0)
		abort();
	for (end = status.st_size; end > 0; end -= BLOCK_BYTES) {
		if (pread(fd, block, sizeof block, end - BLOCK_BYTES) != BLOCK_BYTES)
			abort();
		if (memcmp(block, zeros, sizeof block) != 0)
			break;
	}
	return (uint64_t)end;
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
