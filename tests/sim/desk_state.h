/* A desk from the inside. */
#ifndef SIM_DESK_STATE_H
#define SIM_DESK_STATE_H

#include "client.h"
#include "desk.h"
#include "fiber.h"
#include "sender.h"

struct desk {
	struct sim *sim;
	uint32_t number;
	char name[16];
	struct computer computer;
	struct account account;
	char directory[SIM_PATH_MAX], key_file[SIM_PATH_MAX];
	struct mtr_client *client; /* NULL while the computer is off */

	/* Its link. */
	bool linked;         /* the library has one open */
	uint32_t connection; /* 0: none yet */
	uint64_t connect_at; /* when the next attempt comes to something */
	uint64_t lost_at;    /* when it notices that the connection broke */
	uint64_t cut_until;
	struct packet *inbox;   /* arrived, not read */
	struct packet *reading; /* read last */

	/* What it does at present, and when that goes on at the latest. */
	bool sending; /* the outbox */
	struct mtr_sender sender;
	struct fiber *syncing; /* the mirror */
	uint64_t wake;

	bool hears_of_backup; /* says hello again when it sends next, and may let go of what is backed up */
	uint64_t work_at, send_at, sync_at, restart_at;
	uint32_t rounds; /* of work to come */
};

/* desk.c */

/* What a call may end with where links break and keys are revoked. */
bool desk_expects(int error);

/* desk_link.c */

/* This desk's process runs; NULL: none. */
void desk_enter(struct desk *desk);
/* A connection that is being made gets on. */
void desk_link_progress(struct desk *desk);
/* The next reply that has come, valid until the next call; false when there is none. */
bool desk_link_read(struct desk *desk, struct mtr_bytes *ret_frame);
bool desk_link_lost(const struct desk *desk);
void desk_link_drop(struct desk *desk);

/* desk_send.c */

void desk_begin_sending(struct desk *desk);
void desk_go_on_sending(struct desk *desk);

/* desk_sync.c */

void desk_begin_sync(struct desk *desk);
void desk_go_on_with_sync(struct desk *desk);

#endif
