#include "server.h"

#include "contract/entry_hash.h"
#include "desk.h"
#include "engine/local.h"
#include "keys.h"
#include "net/state.h"
#include "reader/query.h"
#include "socket.h"
#include "tail.h"
#include "writer/recover.h"
#include "writer/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCRATCH_BYTES (1u << 20)
#define SLOW_MS 3000u

struct sender {
	uint64_t sequence;
	uint8_t hash[MTR_HASH_BYTES];
};

struct server {
	struct sim *sim;
	struct computer computer;
	bool up, setting_up;
	uint64_t restart_at; /* while it is down */
	uint64_t segment_bytes;
	uint32_t margin;
	struct mtr_store *store;
	struct mtr_engine *engine;
	struct mtr_writer *writer;
	struct mtr_net *net;
	struct mtr_writer_options writer_options;
	struct mtr_readers_options reader_options;
	struct mtr_arena *arena, *scratch;
	struct mtr_work *queries, **queries_end; /* not answered yet */
	uint64_t writer_due, reader_due, net_due;
	uint64_t durable; /* the revision up to which it had been told that its journal is flushed */
	struct sender set_up[SIM_PRINCIPALS_MAX];
};

static struct server *submitted_to; /* whose readers are asked */

bool __wrap_mtr_readers_submit(struct mtr_readers *readers, struct mtr_work *work);
void __wrap_mtr_readers_tick(struct mtr_readers *readers);

/* Readers without threads. */
bool __wrap_mtr_readers_submit(struct mtr_readers *readers, struct mtr_work *work)
{
	struct server *server = submitted_to;

	(void)readers;
	work->next = NULL;
	*server->queries_end = work;
	server->queries_end = &work->next;
	if (server->reader_due == SIM_NEVER)
		server->reader_due = server->sim->now + random_below(&server->sim->random, 40);
	return true;
}

void __wrap_mtr_readers_tick(struct mtr_readers *readers)
{
	(void)readers;
}

static void path(const struct server *server, const char *name, char ret_path[SIM_PATH_MAX])
{
	(void)snprintf(ret_path, SIM_PATH_MAX, "%s/%s", server->sim->directory, name);
}

void server_journal(const struct server *server, char ret_path[SIM_PATH_MAX])
{
	path(server, "journal", ret_path);
}

static void check_set_up(struct server *server, struct mtr_work *work)
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

/* The network thread may send an answer at any moment after it has it. */
static void take_reply(void *context, struct mtr_work *work)
{
	struct server *server = context;

	if (server->setting_up) {
		check_set_up(server, work);
		return;
	}
	mtr_net_reply(server->net, work);
	if (random_percent(&server->sim->random, 50))
		mtr_net_turn(server->net, false);
}

static void take_principals_changed(void *context, uint64_t revision, uint32_t principal_id, bool revoked)
{
	struct server *server = context;

	mtr_net_principals_changed(server->net, revision, principal_id, revoked);
}

static void take_committed(void *context, uint64_t revision)
{
	struct server *server = context;

	mtr_net_committed(server->net, revision);
}

static void take_fatal(void *context, const char *reason)
{
	struct server *server = context;

	if (!server->computer.down)
		sim_fail(server->sim, "the register gives up: %s", reason);
}

struct server *server_new(struct sim *sim)
{
	static const uint32_t idle[] = {5, 5, 400, 100000}, longest[] = {50, 500, 5000, 1000000},
			      puts[] = {40, 400, 20000};
	struct server *server = calloc(1, sizeof *server);
	struct random *random = &sim->random;

	if (!server)
		abort();
	server->sim = sim;
	server->computer = (struct computer){.sim = sim, .name = "register", .is_server = true};
	server->queries_end = &server->queries;
	server->restart_at = server->writer_due = server->reader_due = server->net_due = SIM_NEVER;
	/* Some seeds begin a new segment every few frames. */
	server->segment_bytes = MTR_SEGMENT_BYTES_MIN + random_between(random, 2, 32) * MTR_FRAME_ALIGN;
	server->margin = 2u << 20;
	server->writer_options = (struct mtr_writer_options){
		.commit_idle_ms = idle[random_below(random, 4)],
		.commit_longest_ms = longest[random_below(random, 4)],
		.commit_puts = puts[random_below(random, 3)],
		.margin_bytes = server->margin,
		.reply = take_reply,
		.principals_changed = take_principals_changed,
		.committed = take_committed,
		.fatal = take_fatal,
		.context = server,
	};
	server->arena = mtr_arena_new(MTR_DECISION_ARENA);
	server->scratch = mtr_arena_new(SCRATCH_BYTES);
	if (!server->arena || !server->scratch)
		abort();
	return server;
}

/* Ends the process as a power failure does: nothing more is written or sent. */
static void stop(struct server *server)
{
	server->computer.down = true;
	computer_run(&server->computer);
	if (server->net)
		mtr_net_refuse_hellos(server->net);
	mtr_net_close(&server->net);
	mtr_writer_free(&server->writer);
	while (server->queries) {
		struct mtr_work *work = server->queries;

		server->queries = work->next;
		mtr_work_free(&work);
	}
	server->queries_end = &server->queries;
	if (server->engine)
		server->engine->operations->close(&server->engine);
	mtr_store_close(&server->store);
	computer_run(NULL);
	server->writer_due = server->reader_due = server->net_due = SIM_NEVER;
	server->up = false;
}

void server_free(struct server **server)
{
	if (!*server)
		return;
	stop(*server);
	computer_restore(&(*server)->computer);
	mtr_arena_free(&(*server)->arena);
	mtr_arena_free(&(*server)->scratch);
	free(*server);
	*server = NULL;
}

struct computer *server_computer(struct server *server)
{
	return &server->computer;
}

bool server_is_up(const struct server *server)
{
	return server->up;
}

struct mtr_store *server_store(struct server *server)
{
	return server->store;
}

struct mtr_engine *server_engine(struct server *server)
{
	return server->engine;
}

uint64_t server_incarnation(const struct server *server)
{
	return mtr_local_incarnation(server->engine);
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

	path(server, "store", directory);
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

static bool serve(struct server *server)
{
	struct mtr_net_options options = {.store = server->store,
					  .software = "simulation",
					  .incarnation = mtr_local_incarnation(server->engine),
					  .limits = {.sessions = 64, .queue = 256, .in_flight = 0},
					  .fatal = take_fatal,
					  .context = server};
	int error;

	options.limits.in_flight = random_between(&server->sim->random, 1, 24);
	server->writer_options.store = server->store;
	server->writer_options.engine = server->engine;
	error = mtr_writer_new(&server->writer, &server->writer_options);
	if (error < 0)
		return broken(server, "writer", error);
	server->net = mtr_net_new(&options);
	if (!server->net || mtr_principals_load(server->net->principals, server->store))
		return broken(server, "network room", 0);
	server->net->writer = server->writer;
	server->reader_options = (struct mtr_readers_options){.store = server->store,
							      .engine = server->engine,
							      .writer = server->writer,
							      .incarnation = options.incarnation,
							      .reply = take_reply,
							      .context = server};
	server->durable = server->engine->operations->head(server->engine).revision;
	server->up = true;
	return true;
}

bool server_start(struct server *server)
{
	struct mtr_store_state state;

	server->restart_at = SIM_NEVER;
	computer_run(&server->computer);
	bool started = open_store(server, &state) && open_engine(server, state.revision) && bring_up(server, &state) &&
		       serve(server) && !server->computer.down;

	computer_run(NULL);
	if (started)
		sim_note(server->sim, "register: serves from revision %" PRIu64, server->durable);
	else if (server->computer.down)
		server->sim->tally->events[EVENT_START_CRASHES]++;
	return started;
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

static void plan(struct server *server)
{
	const uint64_t now = server->sim->now;

	if (mtr_queue_count(server->writer->queue)) {
		/* A disk that is slow now and then makes batches long. */
		if (server->writer_due == SIM_NEVER || server->writer_due > now + SLOW_MS)
			server->writer_due =
				now + random_below(&server->sim->random, sim_mishap(server->sim, 20) ? SLOW_MS : 30);
	} else if (server->writer->open) {
		server->writer_due = now + (uint64_t)mtr_writer_patience(server->writer);
	} else {
		server->writer_due = SIM_NEVER;
	}
	server->net_due = server->net->hellos || mtr_principals_awaits(server->net->principals) ? now + 50 : SIM_NEVER;
	if (server->queries && server->reader_due == SIM_NEVER)
		server->reader_due = now + 20;
}

static uint32_t principal_of(const struct server *server, uint32_t connection);

void server_take(struct server *server, const struct packet *packet)
{
	const struct wire *wire = server->sim->wire;

	if (!server->up || !wire_open_at_server(wire, packet->connection))
		return;
	if (!wire_open_at_desk(wire, packet->connection))
		server->sim->tally->events[EVENT_OVERTAKEN]++;
	computer_run(&server->computer);
	submitted_to = server;
	socket_offer(server->sim->wire, packet, principal_of(server, packet->connection));
	mtr_net_turn(server->net, true);
	computer_run(NULL);
	if (!server->computer.down)
		plan(server);
}

static void answer_queries(struct server *server)
{
	struct mtr_work *work = server->queries;

	server->queries = NULL;
	server->queries_end = &server->queries;
	server->reader_due = SIM_NEVER;
	while (work) {
		struct mtr_work *next = work->next;
		uint64_t revision;
		uint32_t wait_ms;
		enum mtr_attempt attempt = mtr_query_attempt(&server->reader_options, server->arena, server->scratch,
							     work, true, &revision, &wait_ms);

		work->next = NULL;
		if (attempt == MTR_ATTEMPT_ANSWERED) {
			take_reply(server, work);
		} else if (attempt == MTR_ATTEMPT_REVISION) {
			mtr_writer_wish_commit(server->writer, revision);
			__wrap_mtr_readers_submit(NULL, work);
		} else {
			sim_fail(server->sim, "a query isn't answered: %d", (int)attempt);
			mtr_work_free(&work);
		}
		work = next;
	}
}

static void take_turn(struct server *server)
{
	uint32_t waiting = mtr_queue_count(server->writer->queue);
	struct mtr_work *works =
		waiting ? mtr_queue_take(server->writer->queue, random_between(&server->sim->random, 1, waiting), 0)
			: NULL;

	server->writer_due = SIM_NEVER;
	mtr_writer_turn(server->writer, works);
	if (!server->computer.down) {
		server->durable = server->engine->operations->head(server->engine).revision;
		mtr_net_turn(server->net, false);
	}
}

uint64_t server_due(const struct server *server)
{
	uint64_t due = server->restart_at;

	if (!server->up)
		return due;
	due = server->writer_due < server->reader_due ? server->writer_due : server->reader_due;
	return due < server->net_due ? due : server->net_due;
}

void server_turn(struct server *server)
{
	const uint64_t now = server->sim->now;

	if (!server->up) {
		server_start(server);
		return;
	}
	computer_run(&server->computer);
	submitted_to = server;
	if (server->writer_due <= now)
		take_turn(server);
	else if (server->reader_due <= now)
		answer_queries(server);
	if (!server->computer.down)
		mtr_net_turn(server->net, false);
	computer_run(NULL);
	if (!server->computer.down)
		plan(server);
}

void server_settle(struct server *server)
{
	if (!server->computer.down)
		return;
	stop(server);
	wire_server_gone(server->sim->wire);
	computer_restore(&server->computer);
	server->restart_at = server->sim->now +
			     random_below(&server->sim->random, sim_mishap(server->sim, 5) ? SIM_DAY : SIM_MINUTE);
}

void server_heal(struct server *server)
{
	if (!server->up)
		server->restart_at = server->sim->now;
}

bool server_idle(const struct server *server)
{
	return server->up && !server->queries && !server->writer->open && !mtr_queue_count(server->writer->queue);
}

static uint32_t principal_of(const struct server *server, uint32_t connection)
{
	return desk_principal(server->sim->desks[wire_desk(server->sim->wire, connection)]);
}
