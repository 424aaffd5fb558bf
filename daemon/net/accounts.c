#include "net/accounts.h"

#include "contract/limits.h"

#include <stdlib.h>

#define BUCKETS 1024u /* some thousand keys in all */

struct mtr_accounts {
	struct mtr_account *buckets[BUCKETS];
};

/* What a message's bytes lie in. */
struct parcel {
	struct mtr_account *account;
	size_t size;
	uint8_t bytes[];
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

bool mtr_account_has_room(const struct mtr_account *account, bool query)
{
	return atomic_load(&account->unread) < MTR_UNREAD_MAX && (!query || account->queries < MTR_QUERIES_MAX);
}

/* Called by whichever of libzmq's threads is done with the message. */
static void passed_on(void *bytes, void *hint)
{
	struct parcel *parcel = hint;

	(void)bytes;
	if (parcel->account)
		atomic_fetch_sub(&parcel->account->unread, parcel->size);
	free(parcel);
}

bool mtr_account_message(struct mtr_account *account, size_t size, zmq_msg_t *ret_message)
{
	struct parcel *parcel;

	if (account && atomic_load(&account->unread) + size > MTR_UNREAD_MAX)
		return false;
	parcel = malloc(sizeof *parcel + size);
	if (!parcel)
		return false;
	parcel->account = account;
	parcel->size = size;
	if (zmq_msg_init_data(ret_message, parcel->bytes, size, passed_on, parcel) != 0) {
		free(parcel);
		return false;
	}
	if (account)
		atomic_fetch_add(&account->unread, size);
	return true;
}
