/* How a session begins. The reply tells a client which of its commands the register has, so it must not be older than
 * any answer the client may hold: a hello waits until what was durable when it came can be read. */
#include "net/state.h"

#include "contract/arena.h"
#include "store/read.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool check(struct mtr_net *net, const struct mtr_address *from, const Mtr__Hello *hello)
{
	if (hello->protocol_minimum > hello->protocol_maximum) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, "hello.protocol_minimum",
			       "at most protocol_maximum", 0);
	} else if (hello->protocol_minimum > MTR_PROTOCOL_MAXIMUM || hello->protocol_maximum < MTR_PROTOCOL_MINIMUM) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_VERSION_UNSUPPORTED, NULL, NULL,
			       MTR_PROTOCOL_MAXIMUM);
	} else if (hello->outbox.len && hello->outbox.len != MTR_OUTBOX_BYTES) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_MALFORMED, "hello.outbox", "16 bytes or none", 0);
	} else {
		return true;
	}
	return false;
}

static struct mtr_waiting_hello *waiting_hello(const Mtr__Hello *hello)
{
	struct mtr_waiting_hello *waiting = calloc(1, sizeof *waiting);

	if (!waiting)
		return NULL;
	waiting->work = mtr_work_new("", 0);
	if (!waiting->work) {
		free(waiting);
		return NULL;
	}
	waiting->work->is_query = true;
	waiting->protocol =
		hello->protocol_maximum < MTR_PROTOCOL_MAXIMUM ? hello->protocol_maximum : MTR_PROTOCOL_MAXIMUM;
	waiting->has_outbox = hello->outbox.len == MTR_OUTBOX_BYTES;
	if (waiting->has_outbox)
		memcpy(waiting->outbox, hello->outbox.data, MTR_OUTBOX_BYTES);
	return waiting;
}

static void free_waiting(struct mtr_waiting_hello *waiting)
{
	mtr_work_free(&waiting->work);
	free(waiting);
}

/* After a restore the writer waits to hear from each outbox. False when that can't be told it now. */
static bool report(struct mtr_net *net, const struct mtr_principal *principal, const Mtr__Hello *hello)
{
	struct mtr_work *work = mtr_work_new("", 0);

	if (!work)
		return false;
	work->reports = true;
	work->principal_id = principal->id;
	memcpy(work->outbox, hello->outbox.data, MTR_OUTBOX_BYTES);
	work->sequence = hello->outbox_answered;
	if (mtr_writer_submit(net->writer, work))
		return true;
	mtr_work_free(&work);
	return false;
}

void mtr_net_hello(struct mtr_net *net, struct mtr_session *session, const struct mtr_address *from,
		   const struct mtr_principal *principal, const Mtr__Hello *hello)
{
	const struct mtr_monotime now = mtr_monotime_now();
	struct mtr_account *account = mtr_accounts_of(net->accounts, principal->id);
	struct mtr_writer_figures figures;

	if (!account || !mtr_pace_take(&account->hellos, now)) {
		mtr_net_refuse_late(net, from, now);
		return;
	}
	if (!check(net, from, hello))
		return;
	struct mtr_waiting_hello *waiting = waiting_hello(hello);

	if (waiting && !session)
		session = mtr_sessions_open(net->sessions, from->peer, from->peer_size, principal, now);
	mtr_writer_figures(net->writer, &figures);
	if (!waiting || !session || (figures.missing && waiting->has_outbox && !report(net, principal, hello))) {
		mtr_net_refuse(net, from, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
		if (waiting)
			free_waiting(waiting);
		return;
	}
	mtr_sessions_touch(net->sessions, session, now);
	if (!mtr_net_let_in(net, session, from, waiting->work)) {
		free_waiting(waiting);
		return;
	}
	waiting->work->principal_id = principal->id;
	waiting->revision = figures.durable_revision;
	*net->hellos_end = waiting;
	net->hellos_end = &waiting->next;
	mtr_net_answer_hellos(net);
}

static uint64_t wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static void read_outbox(struct mtr_txn *txn, struct mtr_arena *arena, const struct mtr_waiting_hello *waiting,
			Mtr__HelloReply *reply)
{
	struct mtr_outbox_state outbox;

	reply->outbox_next_sequence = 1;
	if (!waiting->has_outbox)
		return;
	mtr_read_outbox(txn, waiting->outbox, &outbox);
	/* Another key's outbox is as unknown as one that isn't there. */
	if (txn->error || outbox.principal_id != waiting->work->principal_id)
		return;
	reply->outbox_next_sequence = outbox.last_sequence + 1;
	reply->outbox_hash.data = mtr_arena_copy(arena, outbox.entry_hash, sizeof outbox.entry_hash);
	reply->outbox_hash.len = reply->outbox_hash.data ? sizeof outbox.entry_hash : 0;
}

static char *text_in(struct mtr_arena *arena, const char *text)
{
	return mtr_arena_text(arena, text ? text : "");
}

/* Packs the answer into the work. False when the store or memory fails. */
static bool build(struct mtr_net *net, struct mtr_txn *txn, const struct mtr_store_state *state,
		  struct mtr_waiting_hello *waiting)
{
	struct mtr_writer_figures figures;
	Mtr__HelloReply reply = MTR__HELLO_REPLY__INIT;
	Mtr__Answer answer = MTR__ANSWER__INIT;
	const uint64_t now = wall_ms();

	mtr_arena_reset(net->arena);
	const Mtr__Principal *principal = mtr_read_principal(txn, net->arena, waiting->work->principal_id);
	const Mtr__Unit *unit =
		principal && principal->unit_id ? mtr_read_unit(txn, net->arena, principal->unit_id) : NULL;

	reply.protocol = waiting->protocol;
	reply.software = text_in(net->arena, net->software);
	reply.head_revision = state->revision;
	reply.now = now > state->at ? now : state->at;
	reply.principal = mtr_arena_copy(net->arena, principal, principal ? sizeof *principal : 0);
	reply.unit_code = text_in(net->arena, unit ? unit->code : NULL);
	reply.unit_name = text_in(net->arena, unit ? unit->name : NULL);
	reply.incarnation = net->incarnation;
	if (net->has_audit_key)
		reply.audit_key = (ProtobufCBinaryData){MTR_KEY_BYTES, net->audit_key};
	pthread_mutex_lock(&net->wanted_mutex);
	struct mtr_net_facts facts = net->facts;

	pthread_mutex_unlock(&net->wanted_mutex);
	reply.backed_up_revision = facts.backed_up_revision;
	if (facts.has_recovery_key)
		reply.recovery_key = (ProtobufCBinaryData){MTR_KEY_BYTES, facts.recovery_key};
	mtr_writer_figures(net->writer, &figures);
	reply.reconciling = figures.missing;
	reply.maximum_message = MTR_REQUEST_MAX;
	reply.maximum_in_flight = net->limits.in_flight;
	read_outbox(txn, net->arena, waiting, &reply);
	answer.revision = state->revision;
	answer.body_case = MTR__ANSWER__BODY_HELLO;
	answer.hello = &reply;
	if (txn->error || !principal || mtr_arena_exhausted(net->arena))
		return false;

	const size_t size = mtr__answer__get_packed_size(&answer);
	uint8_t *packed = mtr_arena_alloc(net->arena, size);

	return packed && mtr__answer__pack(&answer, packed) == size && mtr_work_answer(waiting->work, packed, size);
}

static struct mtr_waiting_hello *take_first(struct mtr_net *net)
{
	struct mtr_waiting_hello *first = net->hellos;

	net->hellos = first->next;
	if (!net->hellos)
		net->hellos_end = &net->hellos;
	return first;
}

void mtr_net_answer_hellos(struct mtr_net *net)
{
	struct mtr_store_state state = {0};
	struct mtr_writer_figures figures;
	struct mtr_txn txn;

	if (!net->hellos)
		return;
	mtr_writer_figures(net->writer, &figures);
	if (figures.committed_revision < net->hellos->revision) {
		mtr_writer_wish_commit(net->writer, net->hellos->revision);
		return;
	}
	mtr_txn_begin_read(&txn, net->store);
	mtr_txn_state(&txn, &state);
	while (net->hellos && (txn.error || net->hellos->revision <= state.revision)) {
		struct mtr_waiting_hello *waiting = take_first(net);

		if (build(net, &txn, &state, waiting))
			mtr_net_finish(net, waiting->work);
		else
			mtr_net_finish_refused(net, waiting->work, MTR__ERROR_CODE__ERROR_CODE_BUSY);
		free(waiting);
	}
	mtr_txn_abort(&txn);
	if (net->hellos)
		mtr_writer_wish_commit(net->writer, net->hellos->revision);
}

void mtr_net_refuse_hellos(struct mtr_net *net)
{
	while (net->hellos) {
		struct mtr_waiting_hello *waiting = take_first(net);

		mtr_net_finish_refused(net, waiting->work, MTR__ERROR_CODE__ERROR_CODE_STOPPING);
		free(waiting);
	}
}
