/* Before a page: the mirror is there, and it is the right one. */
#include "sync.h"

#include <string.h>

/* An honest server gives reason to begin anew twice in a call at the most. */
#define BEGINNINGS_MAX 4u

static void tell(const struct mtr_sync *sync, enum mtr_client_mirror_notice notice)
{
	if (sync->options->notice)
		sync->options->notice(sync->options->context, notice);
}

int mtr_sync_begin_anew(struct mtr_sync *sync, enum mtr_client_mirror_notice notice)
{
	if (++sync->beginnings > BEGINNINGS_MAX)
		return MTR_CLIENT_PROTOCOL;
	tell(sync, notice);
	return mtr_mirror_file_discard(sync->mirror);
}

int mtr_sync_rebuild(struct mtr_sync *sync, enum mtr_client_mirror_notice notice, int error)
{
	if (sync->rebuilt)
		return error;
	sync->rebuilt = true;
	error = mtr_sync_begin_anew(sync, notice);
	return error ? error : MTR_SYNC_AGAIN;
}

int mtr_sync_heal(struct mtr_sync *sync, int error)
{
	return error == MTR_CLIENT_MIRROR_DAMAGED ? mtr_sync_rebuild(sync, MTR_CLIENT_MIRROR_BROKEN, error) : error;
}

static int start(struct mtr_sync *sync)
{
	struct mtr_txn txn;

	if (!sync->beginnings)
		tell(sync, MTR_CLIENT_MIRROR_STARTED);
	mtr_txn_begin_write(&txn, sync->mirror->store);
	mtr_mirror_begin(&txn, &sync->owner);
	return mtr_mirror_file_commit(sync->mirror, &txn);
}

static int replace(struct mtr_sync *sync, enum mtr_client_mirror_notice notice)
{
	const int error = mtr_sync_begin_anew(sync, notice);

	return error ? error : MTR_SYNC_AGAIN;
}

static int check_owner(struct mtr_sync *sync)
{
	const struct mtr_mirror_owner *owner = &sync->owner;
	struct mtr_mirror_state state;
	struct mtr_txn txn;
	bool there;
	int error;

	mtr_txn_begin_read(&txn, sync->mirror->store);
	there = mtr_mirror_read(&txn, &state);
	error = mtr_mirror_file_error(txn.error);
	mtr_txn_abort(&txn);
	if (error)
		return error;
	if (!there)
		return start(sync);
	if (memcmp(state.owner.server_key, owner->server_key, MTR_KEY_BYTES) != 0 ||
	    memcmp(state.owner.public_key, owner->public_key, MTR_KEY_BYTES) != 0)
		return replace(sync, MTR_CLIENT_MIRROR_REPLACED);
	if (state.owner.incarnation != owner->incarnation)
		return replace(sync, MTR_CLIENT_MIRROR_SET_BACK);
	return 0;
}

int mtr_sync_prepare(struct mtr_sync *sync)
{
	int error;

	do {
		error = mtr_mirror_file_open(sync->mirror, true);
		if (!error)
			error = check_owner(sync);
		if (!error)
			error = mtr_mirror_file_settle(sync->mirror, sync->page, &sync->watch);
		error = mtr_sync_heal(sync, error);
	} while (error == MTR_SYNC_AGAIN);
	return error;
}
