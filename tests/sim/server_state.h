/* The register's process from the inside. */
#ifndef SIM_SERVER_STATE_H
#define SIM_SERVER_STATE_H

#include "keys.h"
#include "net/state.h"
#include "server.h"
#include "writer/state.h"

/* Of the set-up. */
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
	struct mtr_key_pair recovery; /* signs restores */
	uint32_t backups;             /* kept: 0 to 2, the newest first */
	uint64_t backed_up[2];        /* revision of each */
	uint64_t stated_at;           /* time in the last statement */
};

/* server.c */

void server_take_reply(void *context, struct mtr_work *work);
void server_take_fatal(void *context, const char *reason);

/* server_start.c */

bool server_open(struct server *server);
/* What hello says of backups. */
void server_tell_facts(struct server *server);
void server_path(const struct server *server, const char *name, char ret_path[SIM_PATH_MAX]);

/* server_restore.c */

/* Each outbox of the set-up tells that it has nothing to bring. */
void server_report_set_up(struct server *server);
/* True for a work of an outbox of the set-up, to which nobody waits for an answer. */
bool server_is_set_up(const struct mtr_work *work);

/* An answer to the set-up: it must not be a refusal. Takes over the work. */
void server_check_set_up(struct server *server, struct mtr_work *work);

#endif
