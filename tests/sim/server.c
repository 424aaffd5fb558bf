#include "server.h"

#include "desk.h"
#include "engine/local.h"
#include "reader/query.h"
#include "server_state.h"
#include "socket.h"

#include <stdlib.h>

#define SCRATCH_BYTES (1u << 20)
#define SLOW_MS 3000u

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

/* The network thread may send an answer at any moment after it has it. */
void server_take_reply(void *context, struct mtr_work *work)
{
	struct server *server = context;

	if (server->setting_up) {
		server_check_set_up(server, work);
		return;
	}
	if (server_is_set_up(work)) {
		mtr_work_free(&work);
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

void server_take_fatal(void *context, const char *reason)
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
		.reply = server_take_reply,
		.principals_changed = take_principals_changed,
		.committed = take_committed,
		.fatal = server_take_fatal,
		.context = server,
	};
	if (!mtr_signing_pair_make(&server->recovery))
		abort();
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
	return server->net->incarnation;
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
		struct mtr_attempted attempted;
		enum mtr_attempt attempt = mtr_query_attempt(&server->reader_options, server->arena, server->scratch,
							     NULL, work, true, &attempted);

		work->next = NULL;
		if (attempt == MTR_ATTEMPT_ANSWERED) {
			server_take_reply(server, work);
		} else if (attempt == MTR_ATTEMPT_REVISION) {
			mtr_writer_wish_commit(server->writer, attempted.awaited);
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
