#include "lock_file.h"

#include "disk.h"
#include "matricula/matricula.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_POLL_MS 20u

int mtr_lock_file(int directory, const char *name, struct mtr_moment deadline, int *ret_lock)
{
	int file = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (file < 0)
		return mtr_disk_error(errno);
	while (flock(file, LOCK_EX | LOCK_NB) < 0) {
		int failure = errno;

		if (failure != EWOULDBLOCK && failure != EINTR) {
			close(file);
			return MTR_CLIENT_STATE;
		}
		if (mtr_moment_past(deadline)) {
			close(file);
			return MTR_CLIENT_STATE_BUSY;
		}
		mtr_sleep_until(mtr_moment_after(mtr_moment_now(), LOCK_POLL_MS));
	}
	*ret_lock = file;
	return 0;
}

void mtr_unlock_file(int *lock)
{
	if (*lock >= 0)
		close(*lock);
	*lock = -1;
}
