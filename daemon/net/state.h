/* What the files of this room share. Everything belongs to the network thread unless it says otherwise. */
#ifndef MTR_NET_STATE_H
#define MTR_NET_STATE_H

#include "matricula/v1/wire.pb-c.h"
#include "net/accounts.h"
#include "net/net.h"
#include "net/outgoing.h"
#include "net/principals.h"
#include "net/sessions.h"
#include "net/zap.h"
#include "work/receipt.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

struct mtr_waiting_hello {
	struct mtr_waiting_hello *next;
	struct mtr_work *work;
	uint64_t revision; /* durable when the hello arrived */
	bool has_outbox;
	uint8_t outbox[MTR_OUTBOX_BYTES];
	uint32_t protocol;
};

struct mtr_late;

struct mtr_net {
	void *zmq_context;
	void *socket;
	struct mtr_zap *zap;
	struct mtr_principals *principals; /* thread-safe */
	struct mtr_outgoing *outgoing;     /* thread-safe */
	struct mtr_sessions *sessions;
	struct mtr_accounts *accounts;
	struct mtr_arena *arena;             /* of the request being handled */
	uint8_t receipt_key[MTR_HASH_BYTES]; /* of those keys; without them no receipts are given */
	struct mtr_key_pair *keys; /* the server's, in memory that is locked and wiped; NULL: nothing is relayed */
	struct mtr_store *store;
	struct mtr_writer *writer;
	struct mtr_readers *readers;
	const char *software;
	uint64_t incarnation;
	bool has_audit_key;
	uint8_t audit_key[MTR_KEY_BYTES];
	char endpoint[256];
	void (*fatal)(void *context, const char *reason);
	void *context;
	bool principals_failed;

	/* Hellos until what was acknowledged before them can be read, oldest first. */
	struct mtr_waiting_hello *hellos, **hellos_end;
	/* Refusals for those who say it too often, late.c. */
	struct mtr_late *late, **late_end;
	uint32_t late_count;
	/* The frames up to the end of the present message are thrown away. */
	bool discarding;
	uint32_t waiting; /* requests let in and not answered */
	struct mtr_net_limits limits;
	struct mtr_monotime ticked;

	pthread_t thread;
	int sleeper; /* where it sleeps, sleeper.h; -1: nowhere yet */
	bool serving;
	sem_t stopped_taking;
	bool taking;

	/* Shared with other threads. */
	pthread_mutex_t wanted_mutex;
	struct mtr_net_limits wanted_limits;
	struct mtr_net_facts facts;
	atomic_bool stop_taking, stop;
	atomic_uint_fast64_t progress, requests, refused, unsent;
	atomic_uint_fast32_t session_figure, waiting_figure;
};

/* Where a reply goes. */
struct mtr_address {
	const uint8_t *peer;
	size_t peer_size;
	uint64_t request_id;
	const struct mtr_sender *sender; /* for whom it is sealed; NULL: the peer */
	struct mtr_account *account;     /* of the peer's key, for answers that count; may be NULL */
};

/* net.c */

/* Without socket, gate and thread, and nobody may talk: mtr_principals_load. NULL without memory. */
struct mtr_net *mtr_net_new(const struct mtr_net_options *options);
/* One round of the thread: sends the answers there are, looks after hellos, principals and sessions, and, if it is to
 * receive, takes what came. True when it didn't take all; false says that the socket was found empty last. */
bool mtr_net_turn(struct mtr_net *net, bool receive);

/* reply.c */

/* Sends a packed Answer; with `work`, NULL for none, what the reply says of the entry that it answers. */
void mtr_net_send(struct mtr_net *net, const struct mtr_address *to, struct mtr_bytes answer,
		  const struct mtr_work *work);
/* Fills in whether it is a repetition, and the receipt, in memory of the caller, when an entry is finally answered. */
void mtr_net_vouch(const struct mtr_net *net, const struct mtr_work *work, Mtr__Reply *reply,
		   uint8_t receipt[MTR_RECEIPT_BYTES]);
/* Sends an Error; strings may be NULL. */
void mtr_net_refuse(struct mtr_net *net, const struct mtr_address *to, Mtr__ErrorCode code, const char *field,
		    const char *wanted, uint64_t number);
/* Sends a finished work's answer if its session is still there, and frees it. */
void mtr_net_finish(struct mtr_net *net, struct mtr_work *work);
/* The same with an Error in place of an answer. */
void mtr_net_finish_refused(struct mtr_net *net, struct mtr_work *work, Mtr__ErrorCode code);

/* receive.c */

/* Takes frames off the socket, some `most`, and deals with the requests in them. False when it found the socket empty.
 */
bool mtr_net_receive(struct mtr_net *net, uint32_t most);
/* Counts the work in, for its session too. False (and refused) when too many wait. */
bool mtr_net_let_in(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
		    struct mtr_work *work);

/* A request with a command from this principal, in the peer's session. */
void mtr_net_take_command(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
			  uint32_t principal_id, const Mtr__Request *request);

/* relay.c */

/* An entry that the peer carries for another desk. */
void mtr_net_take_relay(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
			const Mtr__Relay *relay);
/* Sends the answer to a relay: sealed for to->sender, unless it only asks the one who carries to come again. */
void mtr_net_send_sealed(struct mtr_net *net, const struct mtr_address *to, struct mtr_bytes answer,
			 const struct mtr_work *work);

/* hello.c */

/* A hello of a peer that may talk; `session` is the peer's, or NULL. */
void mtr_net_hello(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
		   const struct mtr_principal *principal, const Mtr__Hello *hello);
/* Answers the hellos whose time has come. */
void mtr_net_answer_hellos(struct mtr_net *net);
/* Answers STOPPING to all of them. */
void mtr_net_refuse_hellos(struct mtr_net *net);

/* late.c */

/* Refuses BUSY after MTR_LATE_REFUSAL_MS, or at once when MTR_LATE_REFUSALS_MAX wait so or without memory. */
void mtr_net_refuse_late(struct mtr_net *net, const struct mtr_address *to, struct mtr_monotime now);
/* Sends those whose time has come, at most `most`. */
void mtr_net_send_late(struct mtr_net *net, uint32_t most, struct mtr_monotime now);
/* Answers STOPPING to all of them. */
void mtr_net_stop_late(struct mtr_net *net);
/* Frees them, answered or not. */
void mtr_net_drop_late(struct mtr_net *net);

#endif
