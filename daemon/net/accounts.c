#include "net/accounts.h"

#include "contract/limits.h"

#include <stdlib.h>

#define BUCKETS 1024u /* some thousand keys in all */

struct mtr_accounts {
	struct mtr_account *buckets[BUCKETS];
};

/* What goes with a message until it has been passed on. Its bytes lie here, or in a block. */
struct parcel {
	struct mtr_account *account;
	size_t size;
	void *block;
	uint8_t own[];
};

struct mtr_accounts *mtr_accounts_new(void)
{
	return calloc(1, sizeof(struct mtr_accounts));
}

void mtr_accounts_free(struct mtr_accounts **accounts)
{
	if (!*accounts)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		struct mtr_account *account = (*accounts)->buckets[i];

		while (account) {
			struct mtr_account *next = account->next_in_bucket;

			free(account);
			account = next;
		}
	}
	free(*accounts);
	*accounts = NULL;
}

struct mtr_account *mtr_accounts_of(struct mtr_accounts *accounts, uint32_t principal_id)
{
	struct mtr_account **bucket = &accounts->buckets[principal_id % BUCKETS], *account = *bucket;

	while (account && account->principal_id != principal_id)
		account = account->next_in_bucket;
	if (account)
		return account;
	account = calloc(1, sizeof *account);
	if (!account)
		return NULL;
	account->principal_id = principal_id;
	account->next_in_bucket = *bucket;
	*bucket = account;
	return account;
}

static bool overflows(const struct mtr_account *account, struct mtr_monotime now)
{
	return account->overflowed.ms && mtr_monotime_since(account->overflowed, now) < MTR_OVERFLOW_PAUSE_MS;
}

bool mtr_account_has_room(const struct mtr_account *account, bool query, struct mtr_monotime now)
{
	const uint64_t unread = atomic_load(&account->unread);

	if (!query)
		return unread < MTR_UNREAD_MAX;
	return unread + (account->queries + 1u) * (uint64_t)MTR_REPLY_MAX <= MTR_UNREAD_MAX && !overflows(account, now);
}

/* Called by whichever of libzmq's threads is done with the message. */
static void passed_on(void *bytes, void *hint)
{
	struct parcel *parcel = hint;

	(void)bytes;
	if (parcel->account)
		atomic_fetch_sub(&parcel->account->unread, parcel->size);
	free(parcel->block);
	free(parcel);
}

/* Makes the message of bytes that go with the parcel; when it fails the parcel goes at once. */
static bool wrap(struct parcel *parcel, void *bytes, zmq_msg_t *ret_message)
{
	struct mtr_account *account = parcel->account;

	if (account && atomic_fetch_add(&account->unread, parcel->size) + parcel->size > MTR_UNREAD_MAX) {
		passed_on(NULL, parcel);
		return false;
	}
	if (zmq_msg_init_data(ret_message, bytes, parcel->size, passed_on, parcel) != 0) {
		passed_on(NULL, parcel);
		return false;
	}
	return true;
}

bool mtr_account_pass_on(struct mtr_account *account, struct mtr_bytes bytes, void *block, zmq_msg_t *ret_message)
{
	struct parcel *parcel = malloc(sizeof *parcel);

	if (!parcel) {
		free(block);
		return false;
	}
	parcel->account = account;
	parcel->size = bytes.size;
	parcel->block = block;
	return wrap(parcel, (void *)(uintptr_t)bytes.data, ret_message);
}

bool mtr_account_message(struct mtr_account *account, size_t size, zmq_msg_t *ret_message)
{
	struct parcel *parcel = malloc(sizeof *parcel + size);

	if (!parcel)
		return false;
	parcel->account = account;
	parcel->size = size;
	parcel->block = NULL;
	return wrap(parcel, parcel->own, ret_message);
}
