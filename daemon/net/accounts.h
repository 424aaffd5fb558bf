/* What each key has the server do and hold at the moment, over all its connections: queries that wait for a reader, and
 * bytes of answers that it hasn't taken; and how often it said hello. Whoever asks for more than a share, or never
 * reads, is told BUSY or told nothing; others don't notice. Network thread only, but for messages that libzmq frees. */
#ifndef MTR_NET_ACCOUNTS_H
#define MTR_NET_ACCOUNTS_H

#include "contract/bytes.h"
#include "net/pace.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

struct mtr_account {
	struct mtr_account *next_in_bucket;
	uint32_t principal_id;
	uint32_t queries;
	struct mtr_pace hellos;
	struct mtr_monotime overflowed; /* when an answer last found no room in a connection's queue */
	atomic_uint_fast64_t unread;    /* bytes */
};

struct mtr_accounts;

/* NULL without memory. */
struct mtr_accounts *mtr_accounts_new(void);
/* Frees and nulls; NULL is fine. No message made with mtr_account_message may be left. */
void mtr_accounts_free(struct mtr_accounts **accounts);

/* The principal's, made if need be; lasts as long as the table. NULL without memory. */
struct mtr_account *mtr_accounts_of(struct mtr_accounts *accounts, uint32_t principal_id);

/* True while the key may be let in with one more query, or (not `query`) command: a query while a full page would have
 * room for it and for each of the key's queries that are in the server, and no answer was lost in the last
 * MTR_OVERFLOW_PAUSE_MS; a command while anything has room. */
bool mtr_account_has_room(const struct mtr_account *account, bool query, struct mtr_monotime now);

/* A message of so many bytes that counts as unread until libzmq has passed it on. False without memory, or when the key
 * has too much unread. `account` may be NULL: counted for nobody. */
bool mtr_account_message(struct mtr_account *account, size_t size, zmq_msg_t *ret_message);
/* The same of bytes that are there: they lie in `block`, which is taken over, and freed at once when this fails. */
bool mtr_account_pass_on(struct mtr_account *account, struct mtr_bytes bytes, void *block, zmq_msg_t *ret_message);

#endif
