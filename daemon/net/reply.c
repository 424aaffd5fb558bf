/* The way out: one reply for each request. */
#include "net/state.h"

#include "contract/backward.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

/* Field numbers of Reply. */
enum { REPLY_REQUEST_ID = 1, REPLY_ANSWER = 2 };

/* Once the peer is gone its session goes; while its queue is full there is no use in reading anything for its key. */
static void note_unsent(struct mtr_net *net, const struct mtr_address *to, int error)
{
	struct mtr_session *session = mtr_sessions_find(net->sessions, to->peer, to->peer_size);
	struct mtr_account *account = session ? mtr_accounts_of(net->accounts, session->principal.id) : NULL;

	if (session && error == EHOSTUNREACH)
		mtr_sessions_drop(net->sessions, session);
	else if (account && error == EAGAIN)
		account->overflowed = mtr_monotime_now();
}

/* The first frame says who; it fails when the peer is gone or its queue is full, and then there is nobody to tell. */
static bool send_peer(struct mtr_net *net, const struct mtr_address *to)
{
	int sent;

	do {
		sent = zmq_send(net->socket, to->peer, to->peer_size, ZMQ_SNDMORE | ZMQ_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return true;
	note_unsent(net, to, errno);
	return false;
}

static bool send_body(struct mtr_net *net, zmq_msg_t *body)
{
	int sent;

	do {
		sent = zmq_msg_send(body, net->socket, ZMQ_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

static void send_message(struct mtr_net *net, const struct mtr_address *to, zmq_msg_t *body)
{
	if (send_peer(net, to) && send_body(net, body))
		return;
	atomic_fetch_add(&net->unsent, 1);
	zmq_msg_close(body);
}

void mtr_net_vouch(const struct mtr_net *net, const struct mtr_work *work, Mtr__Reply *reply,
		   uint8_t receipt[MTR_RECEIPT_BYTES])
{
	const struct mtr_receipt_of of = {
		.outbox = work->outbox,
		.sequence = work->sequence,
		.entry_hash = work->entry_hash,
		.revision = work->revision,
		.answer = {work->answer, work->answer_size},
	};

	reply->repeated_answer = work->repeated_answer;
	if (!work->revision || !net->keys)
		return;
	mtr_receipt_make(net->receipt_key, &of, receipt);
	reply->receipt = (ProtobufCBinaryData){MTR_RECEIPT_BYTES, receipt};
}

void mtr_net_send(struct mtr_net *net, const struct mtr_address *to, struct mtr_bytes answer,
		  const struct mtr_work *work)
{
	Mtr__Reply reply = MTR__REPLY__INIT;
	uint8_t nothing = 0, receipt[MTR_RECEIPT_BYTES];
	zmq_msg_t body;

	if (to->sender) {
		mtr_net_send_sealed(net, to, answer, work);
		return;
	}
	reply.request_id = to->request_id;
	if (work)
		mtr_net_vouch(net, work, &reply, receipt);
	reply.answer.len = answer.size;
	/* protobuf-c's structures aren't const; packing only reads. */
	memcpy(&reply.answer.data, &answer.data, sizeof reply.answer.data);
	if (!answer.size)
		reply.answer.data = &nothing;
	if (!mtr_account_message(to->account, mtr__reply__get_packed_size(&reply), &body)) {
		atomic_fetch_add(&net->unsent, 1);
		return;
	}
	mtr__reply__pack(&reply, zmq_msg_data(&body));
	send_message(net, to, &body);
}

/* The answer to a query, in a Reply that has nothing else: it is put around the answer where that lies. */
static void send_in_place(struct mtr_net *net, const struct mtr_address *to, struct mtr_work *work)
{
	uint8_t *block = work->block, *end = work->answer + work->answer_size, *at = work->answer;
	zmq_msg_t body;

	at = mtr_back_head(at, REPLY_ANSWER, end);
	at = mtr_back_number(at, REPLY_REQUEST_ID, to->request_id);
	work->block = work->answer = NULL;
	if (mtr_account_pass_on(to->account, (struct mtr_bytes){at, (size_t)(end - at)}, block, &body))
		send_message(net, to, &body);
	else
		atomic_fetch_add(&net->unsent, 1);
}

void mtr_net_refuse(struct mtr_net *net, const struct mtr_address *to, Mtr__ErrorCode code, const char *field,
		    const char *wanted, uint64_t number)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;
	char field_text[64] = "", wanted_text[128] = "";
	uint8_t packed[512];

	if (field)
		strncat(field_text, field, sizeof field_text - 1);
	if (wanted)
		strncat(wanted_text, wanted, sizeof wanted_text - 1);
	error.code = code;
	error.field = field_text;
	error.wanted = wanted_text;
	error.number = number;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	atomic_fetch_add(&net->refused, 1);
	mtr_net_send(net, to, (struct mtr_bytes){packed, mtr__answer__pack(&answer, packed)}, NULL);
}

/* Counts the work out. The session it came from, or NULL. */
static struct mtr_session *count_out(struct mtr_net *net, const struct mtr_work *work)
{
	struct mtr_session *session = mtr_sessions_find(net->sessions, work->peer, work->peer_size);

	net->waiting--;
	if (work->is_query)
		mtr_accounts_of(net->accounts, work->principal_id)->queries--;
	if (!session || session->number != work->session)
		return NULL;
	session->in_flight--;
	return session;
}

static struct mtr_address address_of(const struct mtr_work *work)
{
	return (struct mtr_address){work->peer, work->peer_size, work->request_id, work->relayed ? &work->sender : NULL,
				    NULL};
}

/* A query may have waited: who was revoked meanwhile gets nothing to read any more. */
static bool may_read(struct mtr_net *net, const struct mtr_session *session)
{
	struct mtr_principal principal;

	return mtr_principals_find(net->principals, session->principal.key, &principal) && !principal.revoked;
}

void mtr_net_finish(struct mtr_net *net, struct mtr_work *work)
{
	struct mtr_address to = address_of(work);
	struct mtr_session *session = count_out(net, work);

	if (session)
		to.account = mtr_accounts_of(net->accounts, session->principal.id);
	if (!session)
		atomic_fetch_add(&net->unsent, 1);
	else if (work->is_query && !may_read(net, session))
		mtr_net_refuse(net, &to, MTR__ERROR_CODE__ERROR_CODE_REVOKED, NULL, NULL, 0);
	else if (work->is_query && work->answer_size)
		send_in_place(net, &to, work);
	else
		mtr_net_send(net, &to, (struct mtr_bytes){work->answer, work->answer_size}, work);
	mtr_work_free(&work);
}

void mtr_net_finish_refused(struct mtr_net *net, struct mtr_work *work, Mtr__ErrorCode code)
{
	const struct mtr_address to = address_of(work);

	if (count_out(net, work))
		mtr_net_refuse(net, &to, code, NULL, NULL, 0);
	else
		atomic_fetch_add(&net->unsent, 1);
	mtr_work_free(&work);
}
