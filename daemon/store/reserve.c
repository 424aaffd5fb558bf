#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The disk is asked for this much at a time, so that not every commit has to ask. */
#define CHUNK_BYTES (16u * 1024u * 1024u)

/* LMDB takes the old map away before it makes the new one: if that fails there is none to go on with. */
static enum mtr_store_error grow_map(struct mtr_store *store, uint64_t bytes)
{
	enum mtr_store_error error = MTR_STORE_LIMIT;

	pthread_mutex_lock(&store->lock);
	if (!store->writing) {
		store->resizing = true;
		while (store->active)
			pthread_cond_wait(&store->idle, &store->lock);
		error = mtr_store_error_from(mdb_env_set_mapsize(store->env, bytes));
		if (error)
			store->failed = true;
		store->resizing = false;
		pthread_cond_broadcast(&store->idle);
	}
	pthread_mutex_unlock(&store->lock);
	return error;
}

/* Where the filesystem can't allocate ahead, at least see that there is room now. */
static int lengthen(int fd, uint64_t bytes)
{
	struct statvfs disk;
	struct stat status;

	if (fstatvfs(fd, &disk) < 0 || fstat(fd, &status) < 0)
		return errno;
	if ((uint64_t)status.st_size >= bytes)
		return 0;
	if ((uint64_t)disk.f_bavail * disk.f_frsize < bytes - (uint64_t)status.st_size)
		return ENOSPC;
	return ftruncate(fd, (off_t)bytes) < 0 ? errno : 0;
}

/* The file's length grows too: then a file shorter than its used pages has been cut, whatever LMDB left unwritten. */
static int allocate(int fd, uint64_t bytes)
{
	int rc;

	do
		rc = fallocate(fd, 0, 0, (off_t)bytes) < 0 ? errno : 0;
	while (rc == EINTR);
	return rc == EOPNOTSUPP ? lengthen(fd, bytes) : rc;
}

static enum mtr_store_error grow_file(struct mtr_store *store, uint64_t bytes)
{
	uint64_t wanted = (bytes / CHUNK_BYTES + 1) * CHUNK_BYTES;
	int fd, rc = mdb_env_get_fd(store->env, &fd);

	if (rc)
		return mtr_store_error_from(rc);
	rc = allocate(fd, wanted);
	if (rc == ENOSPC) {
		wanted = bytes;
		rc = allocate(fd, wanted);
	}
	if (!rc)
		store->reserved_bytes = wanted;
	return mtr_store_error_from(rc);
}

enum mtr_store_error mtr_store_reserve(struct mtr_store *store, uint64_t bytes)
{
	enum mtr_store_error error = MTR_STORE_OK;
	uint64_t map, used;

	mtr_store_size(store, &map, &used);
	if (bytes > (uint64_t)INT64_MAX / 4 - used)
		return MTR_STORE_FULL;
	if (used + bytes > store->reserved_bytes)
		error = grow_file(store, used + bytes);
	if (!error && used + bytes > map)
		error = grow_map(store, 2 * (used + bytes));
	return error;
}
