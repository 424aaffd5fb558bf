/* A desk under test: libmatricula in a process of its own that may be killed at any moment. */
#ifndef CHAOS_DESK_H
#define CHAOS_DESK_H

#include "matricula/matricula.h"

#include <stdint.h>

/* Exit statuses beside those of the library, which are below 64. */
enum desk_status {
	DESK_USAGE = 64,
	DESK_DIARY = 65,   /* the diary can't be kept, or an answer came in two forms */
	DESK_DIFFERS = 66, /* the mirror answers otherwise than the register */
};

/* Carries out a storm's plan, whatever was done of it before: DIARY ROLE NUMBER UNIT SEED STEPS */
int desk_storm(struct mtr_client *client, char **arguments);

/* After the storm: nothing is left to send; prints "P step hash" for each command of the plan, and compares as
 * desk_compare. Arguments as desk_storm. */
int desk_settle(struct mtr_client *client, char **arguments);

/* The mirror at the head is what the register says it is, and answers as it does; prints "M revision rows". */
int desk_compare(struct mtr_client *client);

/* Keeps a mirror until it is killed; no arguments. */
int desk_read(struct mtr_client *client, char **arguments);

/* Queues the commands of its standard input (each: length as 4 bytes big-endian, packed Command), all or none, prints
 * "Q sequence" for each, and "queued" when all are; sends what is queued, with "A sequence answer" for each. */
int desk_enter(struct mtr_client *client, char **arguments);

/* Queues the steps of an operator's plan until there is no room, with "P step hash" for each, and sends them, with
 * "A sequence answer" for each. BYTES is the largest size that a file of this process may have, or 0. */
int desk_fill(struct mtr_client *client, char **arguments);

/* Brings the mirror to the head and prints, for each page, "S rows revision kB", at the end "E rows revision kB": what
 * the process has of memory of its own. */
int desk_sync(struct mtr_client *client, char **arguments);

#endif
