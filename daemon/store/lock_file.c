#include "store/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#define NAME "lock.mdb"
#define READER_BYTES 64 /* a cache line each */
#define HEAD_BYTES 1024 /* more than LMDB's own on any machine */

int mtr_lock_file_reserve(const char *directory, unsigned readers)
{
	int parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), file, code = 0;

	if (parent < 0)
		return 0;
	file = openat(parent, NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	code = file < 0 ? errno : 0;
	close(parent);
	if (file >= 0) {
		/* Beyond its end: the size tells LMDB how many readers there may be. */
		while (fallocate(file, FALLOC_FL_KEEP_SIZE, 0, HEAD_BYTES + (off_t)readers * READER_BYTES) < 0) {
			code = errno;
			if (code != EINTR)
				break;
			code = 0;
		}
		close(file);
	}
	return code == ENOSPC || code == EDQUOT ? code : 0;
}
