/* The register's process: journal, store, writer, network room and readers of the daemon, without their threads and
 * without a socket, step by step; and what becomes of it when the power fails. */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "computer.h"
#include "wire.h"

struct mtr_store;
struct mtr_engine;

struct server *server_new(struct sim *sim);
void server_free(struct server **server);

struct computer *server_computer(struct server *server);

/* Starts at once, and makes the register with its first operator when there is none. False when the power failed
 * meanwhile, or (the simulation fails) it doesn't start. */
bool server_start(struct server *server);
bool server_is_up(const struct server *server);

/* A command of the set-up, which `principal` sends from an outbox of its own. */
void server_set_up(struct server *server, uint32_t principal, const void *command, size_t size);
/* Decides them; none may be refused. */
bool server_set_up_end(struct server *server);

/* A packet has arrived. */
void server_take(struct server *server, const struct packet *packet);
/* When there is something to do; SIM_NEVER. */
uint64_t server_due(const struct server *server);
void server_turn(struct server *server);

/* Deals with a power failure that has happened: what is lost is lost; it starts again later. Nothing if there was
 * none. */
void server_settle(struct server *server);

/* Copies what its disk holds now; the last two copies are kept. Only while it is up. */
void server_back_up(struct server *server);
bool server_has_backup(const struct server *server);
/* The revision that the newest backup holds and the one before doesn't; 0: there is none. */
uint64_t server_newest_backup(const struct server *server);
/* Its disk is gone: the last backup, or the one before it, goes on as another incarnation, signed with the recovery key
 * or with another one. The revision that is left. */
uint64_t server_restore(struct server *server, bool older, bool trusted);
/* True while it gathers what a restore lost. */
bool server_reconciles(const struct server *server);
/* The operator ends that. */
void server_end_reconciliation(struct server *server);

/* If it is down, it starts soon. */
void server_heal(struct server *server);

/* Everything applied is committed, nothing is under way. For the end. */
bool server_idle(const struct server *server);

/* Valid while it is up. */
struct mtr_store *server_store(struct server *server);
struct mtr_engine *server_engine(struct server *server);
uint64_t server_incarnation(const struct server *server);

/* The directory of the journal. */
void server_journal(const struct server *server, char ret_path[SIM_PATH_MAX]);

#endif
