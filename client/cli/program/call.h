/* One call of the program: what every command works with. */
#ifndef MTR_CLI_CALL_H
#define MTR_CLI_CALL_H

#include "contract/arena.h"
#include "matricula/v1/wire.pb-c.h"
#include "output/output.h"
#include "program/arguments.h"
#include "program/exit.h"
#include "program/settings.h"

#include <stdbool.h>
#include <stdio.h>

struct mtr_client;
struct mtr_directory;
struct mtr_standings;

struct mtr_streams {
	FILE *in, *out, *err;
	bool out_is_terminal; /* colour with --color auto */
	bool in_is_terminal;  /* somebody can be asked */
};

struct mtr_call {
	struct mtr_arguments arguments;
	struct mtr_settings settings;
	struct mtr_streams streams;
	struct mtr_output *output;
	struct mtr_arena *arena;         /* lives as long as the call */
	struct mtr_client *client;       /* NULL until mtr_session_open */
	const Mtr__HelloReply *hello;    /* NULL until mtr_session_hello */
	bool queued;                     /* something went into the outbox */
	bool wants_unit;                 /* which unit this desk is of couldn't be asked */
	bool warned;                     /* of an outbox that only grows */
	bool told_age;                   /* of the mirror */
	bool aside;                      /* asks for what only adorns the answer: an error isn't the outcome */
	uint64_t seen_revision;          /* the newest the register has told of */
	struct mtr_directory *directory; /* NULL until a name is asked for */
	struct mtr_standings *standings; /* NULL but while nominations are listed */
};

/* Runs a command line, from parsing to the last line of output. Returns enum mtr_exit. */
int mtr_cli_run(const struct mtr_streams *streams, int argc, char *const *argv);

/* A remark for people on the error stream; not with --quiet. */
__attribute__((format(printf, 2, 3))) void mtr_remark(const struct mtr_call *call, const char *format, ...);

/* What went wrong, on the error stream, after "matricula: ". Returns `exit_code`. */
__attribute__((format(printf, 3, 4))) int mtr_fail(const struct mtr_call *call, int exit_code, const char *format, ...);

/* A line of the human form only: CSV and JSON hold data and nothing else. */
__attribute__((format(printf, 2, 3))) void mtr_say(const struct mtr_call *call, const char *format, ...);

/* True when the call may go on: --yes, a dry run, or the person at the terminal says so. Otherwise the exit code to
 * end with is set. */
bool mtr_confirmed(struct mtr_call *call, const char *question, int *ret_exit);

#endif
