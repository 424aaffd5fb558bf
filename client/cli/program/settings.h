/* The settings: a file (ini) and what the command line says instead. */
#ifndef MTR_CLI_SETTINGS_H
#define MTR_CLI_SETTINGS_H

#include "program/arguments.h"
#include "program/i18n.h"

#include <stdbool.h>
#include <stdint.h>

enum mtr_output_form {
	MTR_OUTPUT_TABLE,
	MTR_OUTPUT_CSV,
	MTR_OUTPUT_JSON,
};

enum mtr_colour {
	MTR_COLOUR_AUTO,
	MTR_COLOUR_ALWAYS,
	MTR_COLOUR_NEVER,
};

struct mtr_settings {
	const char *file;       /* the file they came from, or would have */
	const char *endpoint;   /* "" when not set */
	const char *server_key; /* "" when not set */
	const char *key_file;
	const char *state_directory;
	uint32_t timeout_ms; /* 0: the library's */
	enum mtr_language language;
	enum mtr_output_form form;
	enum mtr_colour colour;
	bool quiet;
	bool yes;
	bool dry_run;
	bool offline; /* changes are only queued; what must be read comes from the mirror */
};

/* Reads the file named by --config, else $XDG_CONFIG_HOME/matricula/client.ini (which may be missing), then what the
 * command line says. Defaults: the key beside the settings, the outbox in $XDG_STATE_HOME/matricula. 0, or -EINVAL with
 * *ret_problem. All in the arena. */
int mtr_settings_read(struct mtr_arena *arena, const struct mtr_arguments *arguments, struct mtr_settings *ret_settings,
		      const char **ret_problem);

/* The language to complain in before the settings are read: --lang wherever it stands, else the environment's. */
enum mtr_language mtr_settings_language(int argc, char *const *argv);

#endif
