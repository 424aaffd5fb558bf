#include "net/net.h"

#include "contract/arena.h"
#include "net/curve.h"
#include "net/sleeper.h"
#include "net/state.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

/* The readers want to be looked at every 100 ms. */
#define TICK_MS 50
/* A peer that said hello and nothing else for so long says it again. */
#define SESSION_IDLE_MS (UINT64_C(10) * 60 * 1000)
/* At a clean stop, what was answered gets so long to leave. */
#define LINGER_MS 1000

struct mtr_net *mtr_net_new(const struct mtr_net_options *options)
{
	struct mtr_net *net = calloc(1, sizeof *net);

	if (!net)
		return NULL;
	net->store = options->store;
	net->software = options->software;
	net->incarnation = options->incarnation;
	net->has_audit_key = options->audit_key;
	if (options->audit_key)
		memcpy(net->audit_key, options->audit_key, MTR_KEY_BYTES);
	net->fatal = options->fatal;
	net->context = options->context;
	net->limits = net->wanted_limits = options->limits;
	net->hellos_end = &net->hellos;
	net->late_end = &net->late;
	net->sleeper = -1;
	net->taking = true;
	pthread_mutex_init(&net->wanted_mutex, NULL);
	sem_init(&net->stopped_taking, 0, 0);
	net->sessions = mtr_sessions_new(options->limits.sessions);
	net->accounts = mtr_accounts_new();
	net->principals = mtr_principals_new();
	net->outgoing = mtr_outgoing_new();
	net->arena = mtr_arena_new(MTR_REQUEST_ARENA);
	if (options->keys && sodium_init() >= 0)
		net->keys = sodium_malloc(sizeof *net->keys);
	if (net->keys) {
		*net->keys = *options->keys;
		mtr_receipt_key(net->keys, net->receipt_key);
	}
	if (!net->sessions || !net->accounts || !net->principals || !net->outgoing || !net->arena ||
	    (options->keys && !net->keys))
		mtr_net_close(&net);
	return net;
}

static enum mtr_net_status bind_to(struct mtr_net *net, const char *listen)
{
	int error = mtr_curve_bind(net->socket, listen, net->endpoint, sizeof net->endpoint);

	errno = -error;
	if (error == -EADDRINUSE)
		return MTR_NET_ADDRESS_IN_USE;
	return error ? MTR_NET_ADDRESS : MTR_NET_OK;
}

static enum mtr_net_status open_door(struct mtr_net *net, const struct mtr_net_options *options,
				     struct mtr_net_problem *ret_problem)
{
	enum mtr_net_status status;
	int error;

	ret_problem->store = mtr_principals_load(net->principals, net->store);
	if (ret_problem->store)
		return MTR_NET_STORE;
	net->zmq_context = zmq_ctx_new();
	if (!net->zmq_context)
		return MTR_NET_SYSTEM;
	error = mtr_zap_start(&net->zap, net->zmq_context, net->principals);
	if (error) {
		errno = -error;
		return MTR_NET_SYSTEM;
	}
	net->socket = mtr_curve_router(net->zmq_context, options->keys);
	if (!net->socket)
		return MTR_NET_SYSTEM;
	status = bind_to(net, options->listen);
	if (status)
		return status;
	ret_problem->selftest = mtr_selftest_run(net->zmq_context, net->endpoint, options->keys->public_key, net->zap);
	return ret_problem->selftest ? MTR_NET_SELF_TEST : MTR_NET_OK;
}

enum mtr_net_status mtr_net_open(struct mtr_net **ret_net, const struct mtr_net_options *options,
				 struct mtr_net_problem *ret_problem)
{
	struct mtr_net *net = mtr_net_new(options);

	if (!net) {
		errno = ENOMEM;
		return MTR_NET_SYSTEM;
	}
	enum mtr_net_status status = open_door(net, options, ret_problem);

	if (status) {
		int error = errno;

		mtr_net_close(&net);
		errno = error;
		return status;
	}
	*ret_net = net;
	return MTR_NET_OK;
}

static void take_limits(struct mtr_net *net)
{
	pthread_mutex_lock(&net->wanted_mutex);
	struct mtr_net_limits wanted = net->wanted_limits;

	pthread_mutex_unlock(&net->wanted_mutex);
	if (wanted.sessions != net->limits.sessions)
		mtr_sessions_limit(net->sessions, wanted.sessions);
	net->limits = wanted;
}

/* Reads the principals again once a change of theirs is committed, and sees to it that it soon is. */
static void follow_principals(struct mtr_net *net)
{
	uint64_t awaited = mtr_principals_awaits(net->principals);
	struct mtr_writer_figures figures;

	if (!awaited || net->principals_failed)
		return;
	mtr_writer_figures(net->writer, &figures);
	if (figures.committed_revision < awaited) {
		mtr_writer_wish_commit(net->writer, awaited);
		return;
	}
	enum mtr_store_error error = mtr_principals_load(net->principals, net->store);

	if (error) {
		net->principals_failed = true;
		net->fatal(net->context, mtr_store_error_name(error));
	}
}

static void send_answers(struct mtr_net *net)
{
	struct mtr_work *work = mtr_outgoing_take(net->outgoing);

	while (work) {
		struct mtr_work *next = work->next;

		mtr_net_finish(net, work);
		work = next;
	}
}

static void tick(struct mtr_net *net)
{
	const struct mtr_monotime now = mtr_monotime_now();

	mtr_net_send_late(net, MTR_WAKE_MESSAGES, now);
	if (mtr_monotime_since(net->ticked, now) < TICK_MS)
		return;
	net->ticked = now;
	mtr_readers_tick(net->readers);
	mtr_sessions_expire(net->sessions, SESSION_IDLE_MS, now);
	take_limits(net);
}

static void look_after(struct mtr_net *net)
{
	if (net->taking && atomic_load(&net->stop_taking)) {
		net->taking = false;
		mtr_net_refuse_hellos(net);
		mtr_net_stop_late(net);
		sem_post(&net->stopped_taking);
	}
	if (net->taking) {
		follow_principals(net);
		mtr_net_answer_hellos(net);
		tick(net);
	}
}

static void show(struct mtr_net *net)
{
	atomic_store(&net->session_figure, mtr_sessions_count(net->sessions));
	atomic_store(&net->waiting_figure, net->waiting);
	atomic_fetch_add(&net->progress, 1);
}

bool mtr_net_turn(struct mtr_net *net, bool receive)
{
	send_answers(net);
	look_after(net);
	bool more = receive && mtr_net_receive(net, MTR_WAKE_MESSAGES);

	show(net);
	return more;
}

static void *run(void *context)
{
	struct mtr_net *net = context;
	bool stop, more = true;

	pthread_setname_np(pthread_self(), "mtr-net");
	do {
		if (!more)
			(void)mtr_sleeper_wait(net->sleeper, TICK_MS);
		stop = atomic_load(&net->stop);
		more = mtr_net_turn(net, true);
	} while (!stop);
	return NULL;
}

int mtr_net_serve(struct mtr_net *net, struct mtr_writer *writer, struct mtr_readers *readers)
{
	net->writer = writer;
	net->readers = readers;
	net->sleeper = mtr_sleeper_open(net->socket, mtr_outgoing_descriptor(net->outgoing));
	if (net->sleeper < 0)
		return net->sleeper;

	int error = pthread_create(&net->thread, NULL, run, net);

	net->serving = !error;
	return -error;
}

void mtr_net_stop_taking(struct mtr_net *net)
{
	if (!net->serving)
		return;
	atomic_store(&net->stop_taking, true);
	mtr_outgoing_wake(net->outgoing);
	while (sem_wait(&net->stopped_taking) != 0 && errno == EINTR) {
	}
}

static void close_socket(struct mtr_net *net)
{
	int linger = net->serving ? LINGER_MS : 0;

	if (!net->socket)
		return;
	zmq_setsockopt(net->socket, ZMQ_LINGER, &linger, sizeof linger);
	zmq_close(net->socket);
}

void mtr_net_close(struct mtr_net **net)
{
	struct mtr_net *closing = *net;

	if (!closing)
		return;
	if (closing->serving) {
		atomic_store(&closing->stop, true);
		mtr_outgoing_wake(closing->outgoing);
		pthread_join(closing->thread, NULL);
	}
	if (closing->sleeper >= 0)
		close(closing->sleeper);
	close_socket(closing);
	if (closing->zmq_context)
		zmq_ctx_shutdown(closing->zmq_context);
	mtr_zap_join(&closing->zap);
	while (closing->zmq_context && zmq_ctx_term(closing->zmq_context) != 0 && errno == EINTR) {
	}
	sodium_free(closing->keys);
	mtr_net_drop_late(closing);
	mtr_arena_free(&closing->arena);
	mtr_outgoing_free(&closing->outgoing);
	mtr_principals_free(&closing->principals);
	mtr_sessions_free(&closing->sessions);
	mtr_accounts_free(&closing->accounts);
	sem_destroy(&closing->stopped_taking);
	pthread_mutex_destroy(&closing->wanted_mutex);
	free(closing);
	*net = NULL;
}

const char *mtr_net_endpoint(const struct mtr_net *net)
{
	return net->endpoint;
}

void mtr_net_reply(void *net, struct mtr_work *work)
{
	mtr_outgoing_put(((struct mtr_net *)net)->outgoing, work);
}

void mtr_net_principals_changed(void *net, uint64_t revision, uint32_t principal_id, bool revoked)
{
	mtr_principals_changed(((struct mtr_net *)net)->principals, revision, principal_id, revoked);
	mtr_outgoing_wake(((struct mtr_net *)net)->outgoing);
}

void mtr_net_committed(void *net, uint64_t revision)
{
	(void)revision;
	mtr_outgoing_wake(((struct mtr_net *)net)->outgoing);
}

void mtr_net_set_limits(struct mtr_net *net, const struct mtr_net_limits *limits)
{
	pthread_mutex_lock(&net->wanted_mutex);
	net->wanted_limits = *limits;
	pthread_mutex_unlock(&net->wanted_mutex);
}

void mtr_net_set_facts(struct mtr_net *net, const struct mtr_net_facts *facts)
{
	pthread_mutex_lock(&net->wanted_mutex);
	net->facts = *facts;
	pthread_mutex_unlock(&net->wanted_mutex);
}

void mtr_net_figures(struct mtr_net *net, struct mtr_net_figures *ret_figures)
{
	*ret_figures = (struct mtr_net_figures){
		.progress = atomic_load(&net->progress),
		.requests = atomic_load(&net->requests),
		.refused = atomic_load(&net->refused),
		.unsent = atomic_load(&net->unsent),
		.turned_away = mtr_zap_refused(net->zap),
		.sessions = (uint32_t)atomic_load(&net->session_figure),
		.waiting = (uint32_t)atomic_load(&net->waiting_figure),
	};
}
