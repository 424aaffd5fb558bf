/* How the register's process starts, and what its register starts with. */
#include "contract/entry_hash.h"
#include "engine/local.h"
#include "server_state.h"
#include "store/incarnation.h"
#include "tail.h"
#include "writer/recover.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void server_path(const struct server *server, const char *name, char ret_path[SIM_PATH_MAX])
{
	(void)snprintf(ret_path, SIM_PATH_MAX, "%s/%s", server->sim->directory, name);
}

void server_journal(const struct server *server, char ret_path[SIM_PATH_MAX])
{
	server_path(server, "journal", ret_path);
}

static bool broken(struct server *server, const char *what, int error)
{
	if (!server->computer.down)
		sim_fail(server->sim, "the register doesn't start: %s (%d)", what, error);
	return false;
}

static bool open_store(struct server *server, struct mtr_store_state *ret_state)
{
	char directory[SIM_PATH_MAX];
	struct mtr_txn txn;

	server_path(server, "store", directory);
	const struct mtr_store_options options = {.directory = directory, .map_bytes = 64u << 20, .create = true};
	enum mtr_store_error error = mtr_store_open(&server->store, &options);

	if (error)
		return broken(server, "store", (int)error);
	mtr_txn_begin_read(&txn, server->store);
	mtr_txn_state(&txn, ret_state);
	mtr_txn_abort(&txn);
	return txn.error == MTR_STORE_OK || broken(server, "state", (int)txn.error);
}

static bool open_engine(struct server *server, uint64_t committed)
{
	char directory[SIM_PATH_MAX];

	server_journal(server, directory);
	const struct mtr_local_options options = {.directory = directory,
						  .segment_bytes = server->segment_bytes,
						  .create = true,
						  .committed_revision = committed};
	uint64_t before = tail_content(directory);
	int error = mtr_local_open(&server->engine, &options, NULL);

	if (error < 0)
		return broken(server, "journal", error);
	if (tail_content(directory) < before)
		server->sim->tally->events[EVENT_TAILS_ZEROED]++;
	return tail_is_clean(directory, server->engine) ||
	       sim_fail(server->sim, "something lies behind the journal's last frame");
}

static bool bring_up(struct server *server, const struct mtr_store_state *state)
{
	struct tally *tally = server->sim->tally;
	uint64_t head = server->engine->operations->head(server->engine).revision;
	enum mtr_recover_status status;
	int error;

	if (head < server->durable)
		return sim_fail(server->sim, "the journal lost what it had flushed: %" PRIu64 " of %" PRIu64, head,
				server->durable);
	tally->events[EVENT_REPLAYED] += head - state->revision;
	tally->events[EVENT_TAILS_TAKEN] += head - server->durable;
	status = mtr_recover(server->store, server->engine, NULL, NULL);
	if (status != MTR_RECOVER_OK)
		return broken(server, mtr_recover_status_name(status), 0);
	if (head)
		return true;
	error = mtr_bootstrap(server->store, server->engine, key_pair(1)->public_key, "Quản trị",
			      SIM_START_MS - SIM_DAY);
	return error == 0 || broken(server, "first record", error);
}

static uint64_t read_incarnation(struct server *server)
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, server->store);
	const uint64_t incarnation = mtr_register_incarnation(&txn, mtr_local_incarnation(server->engine));

	mtr_txn_abort(&txn);
	return incarnation;
}

void server_tell_facts(struct server *server)
{
	struct mtr_net_facts facts = {.backed_up_revision = server->backups ? server->backed_up[0] : 0,
				      .has_recovery_key = server->sim->restoring};

	memcpy(facts.recovery_key, server->recovery.public_key, MTR_KEY_BYTES);
	mtr_net_set_facts(server->net, &facts);
	/* As when it begins to serve. */
	server->net->facts = facts;
}

static bool serve(struct server *server)
{
	struct mtr_net_options options = {.store = server->store,
					  .software = "simulation",
					  .keys = key_pair(SIM_REGISTER),
					  .incarnation = read_incarnation(server),
					  .limits = {.sessions = 64, .queue = 256, .in_flight = 0},
					  .fatal = server_take_fatal,
					  .context = server};
	int error;

	options.limits.in_flight = random_between(&server->sim->random, 1, 24);
	server->writer_options.store = server->store;
	server->writer_options.engine = server->engine;
	mtr_receipt_key(options.keys, server->writer_options.receipt_key);
	error = mtr_writer_new(&server->writer, &server->writer_options);
	if (error < 0)
		return broken(server, "writer", error);
	server->net = mtr_net_new(&options);
	if (!server->net || mtr_principals_load(server->net->principals, server->store))
		return broken(server, "network room", 0);
	server->net->writer = server->writer;
	server_tell_facts(server);
	server_report_set_up(server);
	server->reader_options = (struct mtr_readers_options){.store = server->store,
							      .engine = server->engine,
							      .writer = server->writer,
							      .incarnation = options.incarnation,
							      .reply = server_take_reply,
							      .context = server};
	server->durable = server->engine->operations->head(server->engine).revision;
	server->up = true;
	return true;
}

bool server_open(struct server *server)
{
	struct mtr_store_state state;

	return open_store(server, &state) && open_engine(server, state.revision) && bring_up(server, &state);
}

bool server_start(struct server *server)
{
	server->restart_at = SIM_NEVER;
	computer_run(&server->computer);
	bool started = server_open(server) && serve(server) && !server->computer.down;

	computer_run(NULL);
	if (started)
		sim_note(server->sim, "register: serves from revision %" PRIu64, server->durable);
	else if (server->computer.down)
		server->sim->tally->events[EVENT_START_CRASHES]++;
	return started;
}

void server_check_set_up(struct server *server, struct mtr_work *work)
{
	Mtr__Answer *answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);

	if (!answer || answer->body_case == MTR__ANSWER__BODY_ERROR)
		sim_fail(server->sim, "set-up: entry %" PRIu64 " of principal %" PRIu32 " is refused: %d %s",
			 work->sequence, work->principal_id, answer ? (int)answer->error->code : 0,
			 answer ? answer->error->field : "");
	if (answer)
		mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
}

void server_set_up(struct server *server, uint32_t principal, const void *command, size_t size)
{
	struct mtr_work *work = mtr_work_new(command, size);
	struct sender *from = &server->set_up[principal];

	if (!work)
		abort();
	work->principal_id = principal;
	work->sequenced = true;
	memset(work->outbox, 0xEE, MTR_OUTBOX_BYTES);
	work->outbox[0] = (uint8_t)principal;
	work->sequence = ++from->sequence;
	work->first_unacknowledged = from->sequence;
	memcpy(work->previous_hash, from->hash, MTR_HASH_BYTES);
	mtr_entry_hash(work->previous_hash, work->sequence, (struct mtr_bytes){command, size}, from->hash);
	if (!mtr_writer_submit(server->writer, work))
		abort();
}

bool server_set_up_end(struct server *server)
{
	computer_run(&server->computer);
	server->setting_up = true;
	while (!server->sim->failed && mtr_queue_count(server->writer->queue))
		mtr_writer_turn(server->writer, mtr_queue_take(server->writer->queue, MTR_WRITER_TURN, 0));
	server->setting_up = false;
	if (!server->sim->failed && mtr_writer_commit(server->writer))
		mtr_net_turn(server->net, false);
	computer_run(NULL);
	server->durable = server->engine->operations->head(server->engine).revision;
	return !server->sim->failed;
}
