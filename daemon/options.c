#include "options.h"

#include <getopt.h>
#include <stdio.h>

const char mtr_options_help[] =
	"Usage: matriculad [--config FILE]                 serve\n"
	"       matriculad --check-config [--config FILE]  check the configuration file and stop\n"
	"       matriculad init [--config FILE] (--operator-key KEY | --operator-key-file FILE)\n"
	"                                                  make a new register with its first operator\n"
	"       matriculad public-key [--config FILE]      print the server's public key\n"
	"       matriculad --version | --help\n"
	"\n"
	"  --config FILE             default: " MTR_CONFIG_FILE ", if it is there\n"
	"  --operator-key KEY        the first operator's public key, 40 characters of Z85\n"
	"  --operator-key-file FILE  make the first operator's key pair and write it to FILE\n"
	"  --operator-name NAME      the first operator's name in the register; default: operator\n"
	"\n"
	"Signals: SIGTERM and SIGINT stop, SIGHUP reads the configuration again.\n"
	"Exit statuses and all else: docs/operations.md.\n";

/* getopt's own numbers begin behind the characters. */
#define FIRST 256

#define FLAG(option, name) [MTR_OPTION_##option] = {name, no_argument, NULL, FIRST + MTR_OPTION_##option}
#define VALUE(option, name) [MTR_OPTION_##option] = {name, required_argument, NULL, FIRST + MTR_OPTION_##option}

static const struct option rows[MTR_OPTIONS + 1] = {
	VALUE(CONFIG, "config"),
	VALUE(OPERATOR_KEY, "operator-key"),
	VALUE(OPERATOR_KEY_FILE, "operator-key-file"),
	VALUE(OPERATOR_NAME, "operator-name"),
	FLAG(CHECK_CONFIG, "check-config"),
	FLAG(VERSION, "version"),
	FLAG(HELP, "help"),
};

static enum mtr_exit_status wrong(const char *text)
{
	fprintf(stderr, "matriculad: %s; try --help\n", text);
	return MTR_EXIT_USAGE;
}

enum mtr_exit_status mtr_options_read(int count, char **arguments, struct mtr_options *ret_options)
{
	struct mtr_options options = {.action = NULL};
	int option;

	while ((option = getopt_long(count, arguments, "", rows, NULL)) != -1) {
		if (option < FIRST)
			return wrong("the command line can't be read");
		options.values[option - FIRST] = optarg ? optarg : "";
		options.given |= 1u << (option - FIRST);
	}
	if (optind < count)
		options.action = arguments[optind++];
	if (optind < count)
		options.operand = arguments[optind++];
	if (optind < count)
		return wrong("too many arguments");
	*ret_options = options;
	return MTR_EXIT_OK;
}
