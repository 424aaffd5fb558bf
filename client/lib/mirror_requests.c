/* What a program asks of the mirror. */
#include "client.h"
#include "mirror.h"
#include "mirror_answer.h"
#include "store/feed.h"

#include <string.h>

static int settle(struct mtr_client *client)
{
	const struct mtr_moment deadline = mtr_moment_after(mtr_moment_now(), client->timeout_ms);
	int error = mtr_mirror_file_lock(client->mirror, deadline);

	if (!error)
		error = mtr_mirror_file_open(client->mirror, false);
	if (!error)
		error = mtr_mirror_file_settle(client->mirror, client->arena, NULL);
	mtr_mirror_file_unlock(client->mirror);
	return error;
}

static int look(struct mtr_client *client, struct mtr_mirror_state *ret_state, uint64_t *ret_rows)
{
	const struct mtr_scope everything = {.everything = true};
	struct mtr_store *store = client->mirror->store;
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_txn txn;
	bool there;
	int error;

	mtr_txn_begin_read(&txn, store);
	there = mtr_mirror_read(&txn, ret_state);
	mtr_scope_digest(&txn, &everything, digest, ret_rows);
	error = mtr_mirror_file_error(txn.error);
	mtr_txn_abort(&txn);
	if (error || !there)
		return error ? error : MTR_CLIENT_NO_MIRROR;
	if (memcmp(ret_state->owner.server_key, client->server_key, MTR_KEY_BYTES) != 0 ||
	    memcmp(ret_state->owner.public_key, client->keys->public_key, MTR_KEY_BYTES) != 0)
		return MTR_CLIENT_MIRROR_FOREIGN;
	return 0;
}

/* The mirror is open, this desk's, and not between two heads. */
static int open_mirror(struct mtr_client *client, struct mtr_mirror_state *ret_state, uint64_t *ret_rows)
{
	int error = client->mirror ? mtr_mirror_file_open(client->mirror, false) : MTR_CLIENT_USAGE;

	if (!error)
		error = look(client, ret_state, ret_rows);
	if (error || !ret_state->settling)
		return error;
	error = settle(client);
	return error ? error : look(client, ret_state, ret_rows);
}

int mtr_client_mirror_state(struct mtr_client *client, struct mtr_client_mirror_state *ret_state)
{
	struct mtr_mirror_state state;
	uint64_t rows;
	int error = open_mirror(client, &state, &rows);

	if (error)
		return error;
	*ret_state = (struct mtr_client_mirror_state){
		.revision = state.revision,
		.server_time = state.server_time,
		.local_time = state.local_time,
		.rows = rows,
		.agreed = state.agreed,
	};
	return 0;
}

int mtr_client_query_mirror(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
			    size_t *ret_answer_size)
{
	const struct mtr_moment deadline = mtr_moment_after(mtr_moment_now(), client->timeout_ms);
	struct mtr_mirror_state state;
	struct mtr_bytes answer;
	uint64_t rows;
	int error;

	if (!query)
		return MTR_CLIENT_USAGE;
	/* Another process may take up pages between a look and the next. */
	do {
		error = open_mirror(client, &state, &rows);
		if (!error)
			error = mtr_mirror_answer(client->mirror, client->arena, (struct mtr_bytes){query, size},
						  &answer);
	} while (error == MTR_CLIENT_STATE_BUSY && !mtr_moment_past(deadline));
	if (error)
		return error;
	*ret_answer = answer.data;
	*ret_answer_size = answer.size;
	return 0;
}
