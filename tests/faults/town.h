/* A register as the daemon has it, opened by the daemon's own glue, whose writer takes its turns when it is told to. */
#ifndef FAULTS_TOWN_H
#define FAULTS_TOWN_H

#include "data.h"
#include "init.h"
#include "script.h"
#include "writer/writer.h"

#include <limits.h>

struct town {
	struct mtr_config config;
	struct mtr_directory directory;
	struct mtr_data data;
	struct mtr_key_pair signer; /* of checkpoints */
	struct mtr_writer *writer;
	bool is_open, failed;                    /* failed: fatal was called */
	struct mtr_work *replies, **replies_end; /* where `reply` puts them if nobody else takes them */
	mtr_reply_fn reply;                      /* called with the town */
	uint64_t now;                            /* wall clock, ms */
	void (*turn)(struct mtr_writer *writer, struct mtr_work *works); /* mtr_writer_turn, or around it */
};

/* The data directory will be `root`/data. */
void town_settle(struct town *town, const char *root);

/* As `matriculad init` and the start of `matriculad`. What the log said is in town_said. */
enum mtr_exit_status town_init(const struct town *town);
enum mtr_exit_status town_open(struct town *town);
const char *town_said(void);

/* Has the writer do these works, which it takes over; what it answers goes to `reply`, by itself into `replies`. */
void town_turn(struct town *town, struct mtr_work *works);
/* LMDB commits now. */
void town_commit(struct town *town);
/* The writer signs where the history stands, if anything has come since. */
void town_checkpoint(struct town *town);
struct mtr_work *town_reply(struct town *town);

/* Ends as a process does that is killed: what isn't committed is forgotten. */
void town_close(struct town *town);

#endif
