/* Sends the outbox: oldest first, ahead of the answers, until all have a final one. A machine, so that it runs on any
 * link and any clock.
 *
 * A register that was restored gathers first what it lost: an entry that it takes without an answer counts as brought,
 * and the next ones follow, until it takes no more or all are there. When it has decided them they are sent once more,
 * for their answers.
 *
 * Answers are kept in the outbox at the next step, so what ends between a frame and the step after it asks again. */
#ifndef MTR_CLIENT_SENDER_H
#define MTR_CLIENT_SENDER_H

#include "greeting.h"
#include "pipeline.h"

struct mtr_sender {
	struct mtr_machine machine;
	struct mtr_client *client;
	mtr_client_answer_fn report;
	void *context;
	struct mtr_greeting greeting;
	struct mtr_outbox_state state; /* of the outbox, as last read */
	struct mtr_pipeline pipeline;
	struct mtr_backoff backoff;
	struct mtr_moment progress; /* of the last final answer, or the start */
	struct mtr_moment retry;    /* nothing is sent before */
	struct mtr_moment resend;   /* when base counts as lost, if it is under way */
	uint64_t session;           /* the one that what is under way was sent in */
	bool busy;                  /* the server answered since the last progress, if only to ask for patience */
	bool choked;                /* the link took no more */
	bool waiting;               /* all has been brought that a register takes which gathers what it lost */
	uint64_t unanswered;        /* the first entry without an answer; those up to the pipeline's base are brought */
	/* Answers reported and not yet marked. */
	struct mtr_arena *arena;
	struct mtr_outbox_answer *first, **last;
	size_t batched;
	int error; /* that ends it */
};

/* The client has an outbox and lasts as long as the sender. `report` may be NULL. MEMORY. */
int mtr_sender_begin(struct mtr_sender *sender, struct mtr_client *client, mtr_client_answer_fn report, void *context);
/* Frees what the sender holds; answers not yet marked are forgotten. */
void mtr_sender_end(struct mtr_sender *sender);

#endif
