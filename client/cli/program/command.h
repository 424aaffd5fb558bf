/* The table of commands: parsing, help, completion and the manual page all come from its rows. */
#ifndef MTR_CLI_COMMAND_H
#define MTR_CLI_COMMAND_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mtr_call;

enum mtr_argument_type {
	MTR_ARG_FLAG, /* an option without a value */
	MTR_ARG_YES_NO,
	MTR_ARG_TEXT,
	MTR_ARG_NAME,     /* text that is refused when it looks like TCVN3 or VNI */
	MTR_ARG_CODE,     /* contract/code.h; small letters are made capitals */
	MTR_ARG_NUMBER,   /* minimum to maximum of the row */
	MTR_ARG_ID,       /* 1 to 2^64 - 1 */
	MTR_ARG_DATE,     /* dd/mm/yyyy, also partial */
	MTR_ARG_TIME,     /* dd/mm/yyyy [HH:MM], Asia/Ho_Chi_Minh; without a time the day's first minute */
	MTR_ARG_TIME_END, /* the same; without a time the day's last millisecond */
	MTR_ARG_MONEY,    /* whole đồng, dots allowed */
	MTR_ARG_STANDARD, /* scheme:number */
	MTR_ARG_CHOICE,   /* a token of the row's words */
	MTR_ARG_FILE,
	MTR_ARG_KEY,   /* a public key, 40 characters of Z85 */
	MTR_ARG_WORDS, /* all that follow (help) */
};

enum mtr_argument_flag {
	MTR_ARG_REQUIRED = 1,
	MTR_ARG_REPEATED = 2,
	MTR_ARG_UNLESS_FILE = 4, /* REQUIRED only where --csv isn't given */
};

struct mtr_argument {
	const char *name;    /* "--unit", or "UNIT": a positional argument */
	const char *metavar; /* of an option's value; NULL with FLAG and positional ones */
	const char *help;
	enum mtr_argument_type type;
	unsigned flags;                       /* enum mtr_argument_flag */
	int64_t minimum, maximum;             /* NUMBER */
	const ProtobufCEnumDescriptor *words; /* CHOICE */
};

enum mtr_command_flag {
	MTR_COMMAND_CHANGES = 1,  /* sends a command: takes --dry-run and --offline */
	MTR_COMMAND_CONFIRMS = 2, /* hard to undo: asks first, takes --yes */
	MTR_COMMAND_OFFLINE = 4,  /* needs neither settings nor key */
	MTR_COMMAND_READS = 8,    /* the mirror can answer it too: takes --offline, and without a link asks there */
};

struct mtr_command_row {
	const char *path; /* "quota allocate" */
	const char *summary;
	const char *details; /* NULL, or more for the long help */
	const struct mtr_argument *arguments;
	size_t argument_count;
	const char *const *examples;          /* ends with NULL */
	int (*handle)(struct mtr_call *call); /* returns enum mtr_exit */
	unsigned flags;                       /* enum mtr_command_flag */
};

/* All rows, those of one noun together. */
const struct mtr_command_row *mtr_commands(size_t *ret_count);

/* Options every command takes. */
const struct mtr_argument *mtr_global_arguments(size_t *ret_count);

/* Options of commands with MTR_COMMAND_CHANGES, MTR_COMMAND_CONFIRMS and MTR_COMMAND_READS. */
extern const struct mtr_argument mtr_argument_dry_run;
extern const struct mtr_argument mtr_argument_offline;
extern const struct mtr_argument mtr_argument_yes;
extern const struct mtr_argument mtr_argument_mirror;

/* The n-th argument of a command including the flag's options and the global ones; NULL past the end. */
const struct mtr_argument *mtr_command_argument(const struct mtr_command_row *row, size_t n);

bool mtr_argument_is_option(const struct mtr_argument *argument);

/* What the exit codes mean, for the help and the manual page: "0", N_("…"), …, ends with NULL. */
extern const char *const mtr_exit_words[];

#endif
