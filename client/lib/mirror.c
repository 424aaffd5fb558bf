#include "mirror.h"

#include "lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Address space, not memory or disk: ten years of a province lie well below it, so it need not grow under readers. */
#define MAP_BYTES ((uint64_t)8 << 30)

static char *join(const char *directory, const char *name)
{
	const size_t size = strlen(directory) + strlen(name) + 2;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s/%s", directory, name);
	return path;
}

int mtr_mirror_file_new(struct mtr_mirror_file **ret_mirror, const char *state_directory)
{
	struct mtr_mirror_file *mirror = calloc(1, sizeof *mirror);

	if (!mirror)
		return MTR_CLIENT_MEMORY;
	mirror->lock = -1;
	mirror->directory = join(state_directory, "mirror");
	mirror->data = mirror->directory ? join(mirror->directory, "data.mdb") : NULL;
	mirror->lock_file = join(state_directory, "mirror.lock");
	if (!mirror->data || !mirror->lock_file) {
		mtr_mirror_file_free(&mirror);
		return MTR_CLIENT_MEMORY;
	}
	*ret_mirror = mirror;
	return 0;
}

void mtr_mirror_file_free(struct mtr_mirror_file **mirror)
{
	if (!mirror || !*mirror)
		return;
	mtr_mirror_file_unlock(*mirror);
	mtr_store_close(&(*mirror)->store);
	free((*mirror)->lock_file);
	free((*mirror)->data);
	free((*mirror)->directory);
	free(*mirror);
	*mirror = NULL;
}

int mtr_mirror_file_lock(struct mtr_mirror_file *mirror, struct mtr_moment deadline)
{
	if (mirror->lock >= 0)
		return 0;
	return mtr_lock_file(AT_FDCWD, mirror->lock_file, deadline, &mirror->lock);
}

void mtr_mirror_file_unlock(struct mtr_mirror_file *mirror)
{
	mtr_unlock_file(&mirror->lock);
}

int mtr_mirror_file_error(enum mtr_store_error error)
{
	switch (error) {
	case MTR_STORE_OK:
		return MTR_CLIENT_OK;
	case MTR_STORE_FULL:
		return MTR_CLIENT_STATE_FULL;
	case MTR_STORE_CORRUPT:
	case MTR_STORE_OLDER:
		return MTR_CLIENT_MIRROR_DAMAGED;
	case MTR_STORE_NEWER:
		return MTR_CLIENT_STATE_NEWER;
	case MTR_STORE_MISSING:
		return MTR_CLIENT_NO_MIRROR;
	case MTR_STORE_MEMORY:
		return MTR_CLIENT_MEMORY;
	case MTR_STORE_READ_ONLY:
	case MTR_STORE_IN_USE:
	case MTR_STORE_IO:
	case MTR_STORE_LIMIT:
		break;
	}
	return MTR_CLIENT_STATE;
}

static void close_store(struct mtr_mirror_file *mirror)
{
	mtr_store_close(&mirror->store);
	mirror->checked = false;
}

static bool replaced(const struct mtr_mirror_file *mirror)
{
	struct stat now;

	return stat(mirror->data, &now) < 0 || now.st_dev != mirror->opened.st_dev ||
	       now.st_ino != mirror->opened.st_ino;
}

int mtr_mirror_file_open(struct mtr_mirror_file *mirror, bool create)
{
	const struct mtr_store_options options = {
		.directory = mirror->directory,
		.map_bytes = MAP_BYTES,
		.create = create,
	};
	enum mtr_store_error error;

	if (mirror->store && replaced(mirror))
		close_store(mirror);
	if (mirror->store)
		return 0;
	error = mtr_store_open(&mirror->store, &options);
	if (!error && stat(mirror->data, &mirror->opened) < 0) {
		close_store(mirror);
		error = MTR_STORE_MISSING;
	}
	return mtr_mirror_file_error(error);
}

int mtr_mirror_file_discard(struct mtr_mirror_file *mirror)
{
	char *lock = join(mirror->directory, "lock.mdb");
	int error = lock ? 0 : MTR_CLIENT_MEMORY;

	close_store(mirror);
	if (!error && ((unlink(mirror->data) < 0 && errno != ENOENT) || (unlink(lock) < 0 && errno != ENOENT)))
		error = MTR_CLIENT_STATE;
	free(lock);
	return error;
}

int mtr_mirror_file_commit(struct mtr_mirror_file *mirror, struct mtr_txn *txn)
{
	const enum mtr_store_error error = mtr_txn_commit(txn);

	if (error == MTR_STORE_IO)
		close_store(mirror);
	return mtr_mirror_file_error(error);
}

int mtr_mirror_file_settle(struct mtr_mirror_file *mirror, struct mtr_arena *arena,
			   const struct mtr_mirror_watch *watch)
{
	struct mtr_mirror_state state;
	struct mtr_txn txn;
	int error;

	for (;;) {
		mtr_txn_begin_read(&txn, mirror->store);
		if (!mtr_mirror_read(&txn, &state) || !state.settling) {
			error = mtr_mirror_file_error(txn.error);
			mtr_txn_abort(&txn);
			return error;
		}
		mtr_txn_abort(&txn);
		error = mtr_mirror_file_error(mtr_store_reserve(mirror->store, mtr_mirror_room(MTR_MIRROR_ROWS_MAX)));
		if (error)
			return error;
		mtr_txn_begin_write(&txn, mirror->store);
		mtr_mirror_settle(&txn, arena, watch);
		error = mtr_mirror_file_commit(mirror, &txn);
		if (error)
			return error;
	}
}
