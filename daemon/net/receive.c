/* The way in: from a message to a work, or to the reply that says why not. */
#include "net/state.h"

#include "contract/arena.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

#define REQUEST_ID_TAG 0x08u /* field 1, varint: what every request of ours begins with */

/* The request id of bytes that needn't be a request; 0 when they don't begin with one. */
static uint64_t peek_request_id(const uint8_t *data, size_t size)
{
	uint64_t id = 0;

	if (size < 2 || data[0] != REQUEST_ID_TAG)
		return 0;
	for (size_t i = 1; i < size && i <= 10; i++) {
		id |= (uint64_t)(data[i] & 0x7fu) << 7 * (i - 1);
		if (!(data[i] & 0x80u))
			return id;
	}
	return 0;
}

bool mtr_net_let_in(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
		    struct mtr_work *work)
{
	struct mtr_account *account = mtr_accounts_of(net->accounts, session->principal.id);

	if (!account || !mtr_account_has_room(account, work->is_query, mtr_monotime_now())) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
		return false;
	}
	if (net->waiting >= net->limits.queue || session->in_flight >= net->limits.in_flight) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, net->limits.in_flight);
		return false;
	}
	memcpy(work->peer, from->peer, from->peer_size);
	work->peer_size = (uint8_t)from->peer_size;
	work->session = session->number;
	work->request_id = from->request_id;
	work->relayed = from->sender != NULL;
	if (from->sender)
		work->sender = *from->sender;
	if (work->is_query) {
		work->principal_id = session->principal.id;
		account->queries++;
	}
	session->in_flight++;
	net->waiting++;
	return true;
}

static void submit(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
		   struct mtr_work *work)
{
	if (!mtr_net_let_in(net, session, from, work)) {
		mtr_work_free(&work);
		return;
	}
	if (!(work->is_query ? mtr_readers_submit(net->readers, work) : mtr_writer_submit(net->writer, work)))
		mtr_net_finish_refused(net, work, MTR__ERROR_CODE__ERROR_CODE_BUSY);
}

static bool take_sequencing(struct mtr_net *net, const struct mtr_address *from, const Mtr__Sequencing *sequencing,
			    struct mtr_work *work)
{
	const char *field = NULL, *wanted = NULL;

	if (!sequencing) {
		field = "sequencing";
	} else if (sequencing->outbox.len != MTR_OUTBOX_BYTES) {
		field = "sequencing.outbox";
		wanted = "16 bytes";
	} else if (!sequencing->sequence) {
		field = "sequencing.sequence";
		wanted = "1..";
	} else if (sequencing->previous_hash.len != MTR_HASH_BYTES) {
		field = "sequencing.previous_hash";
		wanted = "32 bytes";
	}
	if (field) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, field, wanted, 0);
		return false;
	}
	work->sequenced = true;
	memcpy(work->outbox, sequencing->outbox.data, MTR_OUTBOX_BYTES);
	work->sequence = sequencing->sequence;
	work->first_unacknowledged = sequencing->first_unacknowledged;
	memcpy(work->previous_hash, sequencing->previous_hash.data, MTR_HASH_BYTES);
	return true;
}

/* What it is worth is for the writer to say. False without memory. */
static bool take_again(struct mtr_net *net, const Mtr__Request *request, struct mtr_work *work)
{
	size_t size;
	uint8_t *packed;

	if (!request->again || work->dry_run)
		return true;
	size = mtr__again__get_packed_size(request->again);
	packed = mtr_arena_alloc(net->arena, size + 1);
	return packed && mtr_work_again(work, packed, mtr__again__pack(request->again, packed));
}

void mtr_net_take_command(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
			  uint32_t principal_id, const Mtr__Request *request)
{
	struct mtr_work *work =
		mtr_work_new(request->command.len ? request->command.data : (const uint8_t *)"", request->command.len);

	if (!work) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
		return;
	}
	work->principal_id = principal_id;
	work->dry_run = request->dry_run;
	if (!work->dry_run && !take_sequencing(net, from, request->sequencing, work)) {
		mtr_work_free(&work);
		return;
	}
	if (!take_again(net, request, work)) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
		mtr_work_free(&work);
		return;
	}
	submit(net, session, from, work);
}

static void take_query(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
		       const Mtr__Query *query)
{
	size_t size = mtr__query__get_packed_size(query);
	uint8_t *packed = mtr_arena_alloc(net->arena, size + 1);
	struct mtr_work *work = NULL;

	if (packed) {
		mtr__query__pack(query, packed);
		work = mtr_work_new(packed, size);
	}
	if (!work) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
		return;
	}
	work->principal_id = session->principal.id;
	work->is_query = true;
	submit(net, session, from, work);
}

static void take_request(struct mtr_net *net, const struct mtr_address *from, const struct mtr_principal *principal,
			 const Mtr__Request *request)
{
	struct mtr_session *session = mtr_sessions_find(net->sessions, from->peer, from->peer_size);

	/* Another key under a name that was somebody else's: a different peer. */
	if (session && memcmp(session->principal.key, principal->key, MTR_KEY_BYTES) != 0) {
		mtr_sessions_drop(net->sessions, session);
		session = NULL;
	}
	if (!net->taking) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_STOPPING, NULL, NULL, 0);
		return;
	}
	if (request->body_case == MTR__REQUEST__BODY_HELLO) {
		mtr_net_hello(net, session, from, principal, request->hello);
		return;
	}
	if (!session) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_HELLO_REQUIRED, NULL, NULL, 0);
		return;
	}
	mtr_sessions_touch(net->sessions, session, mtr_monotime_now());
	if (request->body_case == MTR__REQUEST__BODY_COMMAND)
		mtr_net_take_command(net, session, from, session->principal.id, request);
	else if (request->body_case == MTR__REQUEST__BODY_QUERY)
		take_query(net, session, from, request->query);
	else if (request->body_case == MTR__REQUEST__BODY_RELAY && net->keys)
		mtr_net_take_relay(net, session, from, request->relay);
	else
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_REQUEST, NULL, NULL, 0);
}

/* Who the gate let in under this connection's key, and is still registered. False when it was refused. */
static bool identify(struct mtr_net *net, const struct mtr_address *from, zmq_msg_t *body,
		     struct mtr_principal *ret_principal)
{
	const char *user_id = zmq_msg_gets(body, "User-Id");
	uint8_t key[MTR_KEY_BYTES];
	Mtr__ErrorCode code = MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED;

	if (user_id && mtr_key_parse(user_id, key) && mtr_principals_find(net->principals, key, ret_principal)) {
		if (!ret_principal->revoked)
			return true;
		code = MTR__ERROR_CODE__ERROR_CODE_REVOKED;
	}
	struct mtr_session *session = mtr_sessions_find(net->sessions, from->peer, from->peer_size);

	if (session)
		mtr_sessions_drop(net->sessions, session);
	mtr_net_refuse(net, from, code, NULL, NULL, 0);
	return false;
}

/* A message of one body frame. */
static void take_body(struct mtr_net *net, struct mtr_address *from, zmq_msg_t *body)
{
	const uint8_t *data = zmq_msg_data(body);
	const size_t size = zmq_msg_size(body);
	struct mtr_principal principal;

	from->request_id = peek_request_id(data, size);
	if (!identify(net, from, body, &principal))
		return;
	if (size > MTR_REQUEST_MAX) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_TOO_LARGE, NULL, NULL, MTR_REQUEST_MAX);
		return;
	}
	mtr_arena_reset(net->arena);
	const Mtr__Request *request = size ? mtr__request__unpack(mtr_arena_allocator(net->arena), size, data) : NULL;

	if (!request) {
		mtr_net_refuse(net, from,
			       mtr_arena_starved(net->arena) ? MTR__ERROR_CODE__ERROR_CODE_BUSY
							     : MTR__ERROR_CODE__ERROR_CODE_MALFORMED,
			       NULL, NULL, 0);
		return;
	}
	from->request_id = request->request_id;
	take_request(net, from, &principal, request);
}

static int receive_frame(struct mtr_net *net, zmq_msg_t *frame)
{
	int size;

	do {
		size = zmq_msg_recv(frame, net->socket, ZMQ_DONTWAIT);
	} while (size < 0 && errno == EINTR);
	return size;
}

/* Takes one message, or the next frame of one that is thrown away. False when there is nothing to take. */
static bool take_message(struct mtr_net *net, zmq_msg_t *peer, zmq_msg_t *body, uint32_t *taken)
{
	if (net->discarding) {
		if (receive_frame(net, body) < 0)
			return false;
		net->discarding = zmq_msg_more(body);
		++*taken;
		return true;
	}
	if (receive_frame(net, peer) < 0)
		return false;
	++*taken;
	if (!zmq_msg_more(peer) || receive_frame(net, body) < 0)
		return true;
	++*taken;
	struct mtr_address from = {zmq_msg_data(peer), zmq_msg_size(peer), 0, NULL, NULL};

	atomic_fetch_add(&net->requests, 1);
	net->discarding = zmq_msg_more(body);
	if (net->discarding)
		mtr_net_refuse(net, &from, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, NULL, "one frame", 0);
	else
		take_body(net, &from, body);
	return true;
}

bool mtr_net_receive(struct mtr_net *net, uint32_t most)
{
	uint32_t taken = 0;
	bool more = true;
	zmq_msg_t peer, body;

	zmq_msg_init(&peer);
	zmq_msg_init(&body);
	while (more && taken < most)
		more = take_message(net, &peer, &body, &taken);
	zmq_msg_close(&peer);
	zmq_msg_close(&body);
	return more;
}
