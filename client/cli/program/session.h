/* Questions and changes over libmatricula. Functions that return int return enum mtr_exit; when it isn't MTR_EXIT_OK
 * what went wrong has been said. */
#ifndef MTR_CLI_SESSION_H
#define MTR_CLI_SESSION_H

#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "program/call.h"

/* Makes a directory and those above it, closed to others; fine when it is there. */
int mtr_make_own_directory(struct mtr_call *call, const char *path);

/* Opens the client with the outbox, if not yet open. */
int mtr_session_open(struct mtr_call *call);

/* The greeting of the connection; lasts as long as the call. */
int mtr_session_hello(struct mtr_call *call, const Mtr__HelloReply **ret_hello);

/* Asks, and sees at least what this desk has been told is done. An Error in the answer is said in words and returned as
 * MTR_EXIT_REFUSED. The answer is in `arena`. */
int mtr_session_query(struct mtr_call *call, struct mtr_arena *arena, Mtr__Query *query, Mtr__Answer **ret_answer);

/* Calls `row` for every row of a list, page by page. What the row holds lasts until `row` returns; a result other than
 * MTR_EXIT_OK ends the list and is returned. `list->after` and `list->limit` are the function's own. */
typedef int (*mtr_row_fn)(void *context, const Mtr__FeedRow *row);
int mtr_session_list(struct mtr_call *call, Mtr__List *list, mtr_row_fn row, void *context);

/* A change and what became of it. */
struct mtr_change {
	const Mtr__Command *command;
	const Mtr__Answer *answer; /* out; NULL: it waits in the outbox */
	uint64_t sequence;         /* out; 0 after a dry run */
};

/* Sends commands through the outbox, with --offline only queues them, or with --dry-run asks what they would be
 * answered; answers are in `arena`. Answers to entries of earlier calls are shown as they come. MTR_EXIT_OK when each
 * has an answer, be it a refusal; MTR_EXIT_NO_LINK: the rest is queued. */
int mtr_session_send(struct mtr_call *call, struct mtr_arena *arena, struct mtr_change *changes, size_t count);

/* Only puts them into the outbox. */
int mtr_session_queue(struct mtr_call *call, struct mtr_arena *arena, struct mtr_change *changes, size_t count);

/* Sends what earlier calls left in the outbox and shows each answer; the number is the answers'. */
int mtr_session_flush(struct mtr_call *call, uint64_t *ret_count);

/* How a call ends whose changes wait in the outbox: with --offline that is what was asked for. */
int mtr_session_queued_exit(const struct mtr_call *call);

/* The exit code of a client error (enum mtr_client_error), after saying it. */
int mtr_session_failed(struct mtr_call *call, int error);

#endif
