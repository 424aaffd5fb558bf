#include "reader/query.h"

#include <time.h>

static uint64_t wall_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* How much is being done, and with what, concerns those who run or inspect the server. */
static void blank_inner_figures(Mtr__ServerStatusReply *status)
{
	const Mtr__ServerStatusReply all = *status;

	mtr__server_status_reply__init(status);
	status->software = all.software;
	status->durable_revision = all.durable_revision;
	status->committed_revision = all.committed_revision;
	status->now = all.now;
	status->accepts_changes = all.accepts_changes;
	status->reconciling = all.reconciling;
}

bool mtr_query_server_status(struct mtr_query *q)
{
	const struct mtr_readers_options *options = q->options;
	Mtr__ServerStatusReply *status = mtr_arena_alloc(q->arena, sizeof *status);
	struct mtr_writer_figures figures;

	if (!status)
		return false;
	mtr__server_status_reply__init(status);
	mtr_writer_figures(options->writer, &figures);
	status->durable_revision = figures.durable_revision;
	status->committed_revision = figures.committed_revision;
	status->queue = figures.queue;
	status->commands = figures.commands;
	status->refused = figures.refused;
	status->commits = figures.commits;
	status->batches = figures.batches;
	status->accepts_changes = figures.accepts_changes;
	status->reconciling = figures.missing;
	status->now = wall_clock_ms();
	mtr_store_size(options->store, &status->map_bytes, &status->map_used_bytes);
	if (options->server_status)
		options->server_status(options->context, status);
	if (q->principal->role != MTR__ROLE__ROLE_OPERATOR && q->principal->role != MTR__ROLE__ROLE_AUDITOR)
		blank_inner_figures(status);
	q->answer->body_case = MTR__ANSWER__BODY_SERVER_STATUS;
	q->answer->server_status = status;
	return true;
}
