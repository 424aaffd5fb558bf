/* Start order and teardown. Each step explains its own failure. */
#include "daemon_state.h"

#include "audit_key.h"
#include "engine/local.h"
#include "notify.h"
#include "work/receipt.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

static void on_reply(void *context, struct mtr_work *work)
{
	mtr_net_reply(((struct mtr_daemon *)context)->net, work);
}

static void on_principals_changed(void *context, uint64_t revision, uint32_t principal_id, bool revoked)
{
	mtr_net_principals_changed(((struct mtr_daemon *)context)->net, revision, principal_id, revoked);
}

static void on_committed(void *context, uint64_t revision)
{
	struct mtr_daemon *daemon = context;

	mtr_net_committed(daemon->net, revision);
	pthread_mutex_lock(&daemon->mutex);
	if (daemon->readers)
		mtr_readers_committed(daemon->readers, revision);
	pthread_mutex_unlock(&daemon->mutex);
}

static void on_fatal(void *context, const char *reason)
{
	struct mtr_daemon *daemon = context;

	pthread_mutex_lock(&daemon->mutex);
	if (!daemon->fatal[0])
		snprintf(daemon->fatal, sizeof daemon->fatal, "%s", reason[0] ? reason : "unknown");
	pthread_mutex_unlock(&daemon->mutex);
	(void)eventfd_write(daemon->alarm, 1);
}

static void on_server_status(void *context, Mtr__ServerStatusReply *status)
{
	struct mtr_daemon *daemon = context;
	struct mtr_net_figures figures;

	mtr_net_figures(daemon->net, &figures);
	status->software = daemon->software;
	status->started_at = daemon->started_at;
	status->sessions = figures.sessions;
	status->journal_segments = mtr_local_segments(daemon->data.engine);
	status->backed_up_revision = atomic_load(&daemon->backed_up_revision);
}

static enum mtr_exit_status explain_net(const struct mtr_daemon *daemon, enum mtr_net_status status,
					const struct mtr_net_problem *problem)
{
	const struct mtr_log *log = &daemon->log;
	const char *listen = daemon->config.listen;

	switch (status) {
	case MTR_NET_OK:
		return MTR_EXIT_OK;
	case MTR_NET_ADDRESS_IN_USE:
		mtr_log(log, MTR_LOG_ERROR, "%s is taken by another program; stop that one, or set [network] listen",
			listen);
		return MTR_EXIT_ADDRESS;
	case MTR_NET_ADDRESS:
		mtr_log(log, MTR_LOG_ERROR,
			"can't listen on %s: %s; set [network] listen to an address of this machine", listen,
			strerror(errno));
		return MTR_EXIT_ADDRESS;
	case MTR_NET_SELF_TEST:
		mtr_log(log, MTR_LOG_ERROR,
			"self-test of %s failed: %s; not serving. Check the installed libzmq and libsodium, "
			"and what filters connections of this machine to itself",
			listen, mtr_selftest_text(problem->selftest));
		return MTR_EXIT_SECURITY;
	case MTR_NET_STORE:
		mtr_log(log, MTR_LOG_ERROR,
			"the register's keys can't be read from %s: %s; run \"matriculad rebuild\": it is built "
			"anew from the journal",
			daemon->directory.store, mtr_store_error_name(problem->store));
		return MTR_EXIT_DAMAGED;
	case MTR_NET_SYSTEM:
		break;
	}
	mtr_log(log, MTR_LOG_ERROR, "the network can't be set up: %s", strerror(errno));
	return MTR_EXIT_SYSTEM;
}

static enum mtr_exit_status open_net(struct mtr_daemon *daemon)
{
	struct mtr_net_problem problem = {0};
	struct mtr_key_pair keys;
	enum mtr_exit_status status = mtr_directory_read_key(&daemon->directory, &keys, &daemon->log);

	if (status)
		return status;
	const struct mtr_net_options options = {
		.listen = daemon->config.listen,
		.keys = &keys,
		.store = daemon->data.store,
		.software = daemon->software,
		.incarnation = daemon->data.incarnation,
		.audit_key = daemon->audit.public_key,
		.limits = mtr_daemon_limits(&daemon->config),
		.fatal = on_fatal,
		.context = daemon,
	};

	mtr_receipt_key(&keys, daemon->receipt_key);
	status = explain_net(daemon, mtr_net_open(&daemon->net, &options, &problem), &problem);
	mtr_key_pair_wipe(&keys);
	return status;
}

static enum mtr_exit_status start_threads(struct mtr_daemon *daemon)
{
	struct mtr_writer_options writer = {
		.store = daemon->data.store,
		.engine = daemon->data.engine,
		.commit_idle_ms = (uint32_t)daemon->config.commit_idle_ms,
		.commit_longest_ms = (uint32_t)daemon->config.commit_longest_ms,
		.commit_puts = (uint32_t)daemon->config.commit_puts,
		.signer = &daemon->audit,
		.incarnation = daemon->data.incarnation,
		.reply = on_reply,
		.principals_changed = on_principals_changed,
		.committed = on_committed,
		.fatal = on_fatal,
		.context = daemon,
	};
	struct mtr_readers *started = NULL;

	memcpy(writer.receipt_key, daemon->receipt_key, sizeof writer.receipt_key);
	int error = mtr_writer_start(&daemon->writer, &writer);

	if (!error) {
		const struct mtr_readers_options readers = {
			.store = daemon->data.store,
			.engine = daemon->data.engine,
			.writer = daemon->writer,
			.threads = (uint32_t)daemon->config.readers,
			.incarnation = daemon->data.incarnation,
			.reply = on_reply,
			.server_status = on_server_status,
			.context = daemon,
		};

		error = mtr_readers_start(&started, &readers);
	}
	pthread_mutex_lock(&daemon->mutex);
	daemon->readers = started;
	pthread_mutex_unlock(&daemon->mutex);
	if (!error)
		error = mtr_net_serve(daemon->net, daemon->writer, daemon->readers);
	if (!error)
		return MTR_EXIT_OK;
	mtr_log(&daemon->log, MTR_LOG_ERROR, "the daemon's threads can't be started: %s; see the limits of the service",
		strerror(-error));
	return MTR_EXIT_SYSTEM;
}

enum mtr_exit_status mtr_daemon_start(struct mtr_daemon *daemon)
{
	const struct mtr_log *log = &daemon->log;
	enum mtr_exit_status status = mtr_directory_open(&daemon->directory, daemon->config.data_directory, false, log);

	if (!status)
		status = mtr_directory_check_adopted(&daemon->directory, log);
	if (!status)
		status = mtr_data_open(&daemon->data, &daemon->directory, &daemon->config, false, log);
	if (!status)
		status = mtr_audit_key(&daemon->directory, &daemon->data, &daemon->audit, log);
	if (!status)
		status = open_net(daemon);
	if (!status)
		mtr_daemon_look_for_facts(daemon);
	if (!status)
		status = start_threads(daemon);
	if (!status)
		status = mtr_directory_publish(&daemon->directory, mtr_net_endpoint(daemon->net), log);
	return status;
}

void mtr_daemon_stop(struct mtr_daemon *daemon)
{
	struct mtr_readers *readers;

	if (daemon->directory.lock >= 0)
		mtr_directory_unpublish(&daemon->directory);
	if (daemon->net)
		mtr_net_stop_taking(daemon->net);
	pthread_mutex_lock(&daemon->mutex);
	readers = daemon->readers;
	daemon->readers = NULL;
	pthread_mutex_unlock(&daemon->mutex);
	if (readers)
		mtr_readers_stop(&readers);
	if (daemon->writer)
		mtr_writer_stop(&daemon->writer);
	mtr_net_close(&daemon->net);
	mtr_data_close(&daemon->data);
	mtr_key_pair_wipe(&daemon->audit);
	sodium_memzero(daemon->receipt_key, sizeof daemon->receipt_key);
	mtr_directory_close(&daemon->directory);
}
