/* A desk: the client library with its outbox and its mirror, driven step by step; and what becomes of it when the power
 * fails. */
#ifndef SIM_DESK_H
#define SIM_DESK_H

#include "account.h"
#include "computer.h"
#include "wire.h"

struct desk *desk_new(struct sim *sim, uint32_t number, uint32_t principal, const char *name);
void desk_free(struct desk **desk);

uint32_t desk_principal(const struct desk *desk);
struct account *desk_account(struct desk *desk);
struct computer *desk_computer(struct desk *desk);
/* Where its mirror lies. */
void desk_mirror_directory(const struct desk *desk, char ret_path[SIM_PATH_MAX]);

/* Starts its computer; opens outbox and mirror. */
void desk_start(struct desk *desk);

/* Its link is cut for so long. */
void desk_cut(struct desk *desk, uint64_t ms);
/* The register's process is gone. */
void desk_server_gone(struct desk *desk);
/* It was restored, and goes on behind this revision: nothing it said before arrives any more. */
void desk_restored(struct desk *desk, uint64_t revision);
/* The register was backed up; often somebody sends soon, and the desk hears of it. */
void desk_backed_up(struct desk *desk);
/* It has been told that there is a backup of this revision, and has let go of what that holds. */
bool desk_knows_backup(struct desk *desk, uint64_t revision);
/* Whether it has ever met the register. */
bool desk_has_met(struct desk *desk);

void desk_take(struct desk *desk, const struct packet *packet);
/* When there is something to do; SIM_NEVER. */
uint64_t desk_due(const struct desk *desk);
void desk_turn(struct desk *desk);
/* Deals with a power failure that has happened, if one did. */
void desk_settle(struct desk *desk);

/* No more work comes; what is queued is sent. */
void desk_send_all(struct desk *desk);
/* The mirror is brought to the head. */
void desk_sync(struct desk *desk);
/* True when there is nothing left of either. */
bool desk_idle(const struct desk *desk);

/* Everything it holds on its disk is what it was told. For the end. */
bool desk_check(struct desk *desk);
/* Closes outbox and mirror for others to look at. */
void desk_close(struct desk *desk);

/* The revision its mirror shows and whether it agreed; false when there is none. */
bool desk_mirror_state(struct desk *desk, uint64_t *ret_revision, bool *ret_agreed);

#endif
