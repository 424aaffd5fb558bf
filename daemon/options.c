#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

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

enum { OPTION_CONFIG = 256, OPTION_CHECK, OPTION_KEY, OPTION_KEY_FILE, OPTION_NAME, OPTION_VERSION, OPTION_HELP };

static const struct option long_options[] = {
	{"config", required_argument, NULL, OPTION_CONFIG},
	{"check-config", no_argument, NULL, OPTION_CHECK},
	{"operator-key", required_argument, NULL, OPTION_KEY},
	{"operator-key-file", required_argument, NULL, OPTION_KEY_FILE},
	{"operator-name", required_argument, NULL, OPTION_NAME},
	{"version", no_argument, NULL, OPTION_VERSION},
	{"help", no_argument, NULL, OPTION_HELP},
	{NULL, 0, NULL, 0},
};

static enum mtr_exit_status wrong(const char *text)
{
	fprintf(stderr, "matriculad: %s; try --help\n", text);
	return MTR_EXIT_USAGE;
}

static bool take_option(int option, struct mtr_options *options)
{
	switch (option) {
	case OPTION_CONFIG:
		options->config = optarg;
		return true;
	case OPTION_CHECK:
		options->action = MTR_ACTION_CHECK_CONFIG;
		return true;
	case OPTION_KEY:
		options->operator_key = optarg;
		return true;
	case OPTION_KEY_FILE:
		options->operator_key_file = optarg;
		return true;
	case OPTION_NAME:
		options->operator_name = optarg;
		return true;
	case OPTION_VERSION:
		options->action = MTR_ACTION_VERSION;
		return true;
	case OPTION_HELP:
		options->action = MTR_ACTION_HELP;
		return true;
	default:
		return false;
	}
}

static enum mtr_exit_status check(const struct mtr_options *options)
{
	const bool keys = options->operator_key || options->operator_key_file || options->operator_name;

	if (options->action == MTR_ACTION_INIT && !options->operator_key == !options->operator_key_file)
		return wrong("init needs one of --operator-key and --operator-key-file");
	if (options->action != MTR_ACTION_INIT && keys)
		return wrong("--operator-... options go with init");
	return MTR_EXIT_OK;
}

enum mtr_exit_status mtr_options_read(int count, char **arguments, struct mtr_options *ret_options)
{
	struct mtr_options options = {.action = MTR_ACTION_SERVE};
	int option;

	while ((option = getopt_long(count, arguments, "", long_options, NULL)) != -1) {
		if (!take_option(option, &options))
			return wrong("the command line can't be read");
	}
	if (optind < count) {
		if (options.action != MTR_ACTION_SERVE || optind + 1 < count)
			return wrong("too many arguments");
		if (strcmp(arguments[optind], "init") == 0)
			options.action = MTR_ACTION_INIT;
		else if (strcmp(arguments[optind], "public-key") == 0)
			options.action = MTR_ACTION_PUBLIC_KEY;
		else
			return wrong("the action is not known");
	}
	enum mtr_exit_status status = check(&options);

	if (!status)
		*ret_options = options;
	return status;
}
