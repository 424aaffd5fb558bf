#include "options.h"

#include <getopt.h>
#include <stdio.h>

const char mtr_options_help[] =
	"Usage: matriculad [--config FILE]                 serve\n"
	"       matriculad --check-config [--config FILE]  check the configuration file and stop\n"
	"       matriculad init [--config FILE] (--operator-key KEY | --operator-key-file FILE)\n"
	"                                                  make a new register with its first operator\n"
	"       matriculad public-key [--config FILE]      print the server's public key\n"
	"       matriculad backup [--to DIRECTORY] [--for KEY] [--keep N] [--journal-only]\n"
	"                                                  back up the register, also while it is served\n"
	"       matriculad restore --from DIRECTORY --key FILE --into DIRECTORY [--revision N] [--reason TEXT]\n"
	"                          [--old-head N] [--former N]\n"
	"                                                  restore a backup into a directory of its own\n"
	"       matriculad adopt FILE                      take up the signed statement of a restore\n"
	"       matriculad drill --from DIRECTORY --key FILE [--revision N] [--scratch DIRECTORY]\n"
	"                                                  see whether a backup restores; leaves nothing behind\n"
	"       matriculad recovery-key -- KEY             set the key that answers for restores, once\n"
	"       matriculad verify [--replay [--scratch DIRECTORY]] [DATA DIRECTORY]\n"
	"                                                  check a register, served or not\n"
	"       matriculad rebuild                         build the database anew from the journal\n"
	"       matriculad --version | --help\n"
	"\n"
	"  --config FILE             default: " MTR_CONFIG_FILE ", if it is there\n"
	"  --operator-key KEY        the first operator's public key, 40 characters of Z85\n"
	"  --operator-key-file FILE  make the first operator's key pair and write it to FILE\n"
	"  --operator-name NAME      the first operator's name in the register; default: operator\n"
	"  --recovery-key KEY        the public key that signs the statement of a restore\n"
	"  --to, --for, --keep       where backups go, for whose public key they are encrypted, how many copies of "
	"the\n"
	"                            database stay; default: [backup] in the configuration file\n"
	"  --journal-only            without a new copy of the database: for every hour\n"
	"  --from, --key             where backups lie, and the file of the secret key\n"
	"  --into DIRECTORY          where the register shall lie: a directory that is empty or isn't there\n"
	"  --revision N              the newest backup that holds nothing beyond this revision\n"
	"  --reason TEXT             why it is restored, for the statement that is signed and that desks keep\n"
	"  --old-head N              the last revision the lost register is known to have had\n"
	"  --former N                the incarnation that desks follow, when the backup is from before it\n"
	"  --scratch DIRECTORY       where a drill or a second register may need room; default: $TMPDIR or /var/tmp\n"
	"  --replay                  also build a second register from the journal, compare the two, and decide every\n"
	"                            command again\n"
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
	VALUE(RECOVERY_KEY, "recovery-key"),
	VALUE(TO, "to"),
	VALUE(FOR, "for"),
	VALUE(KEEP, "keep"),
	FLAG(JOURNAL_ONLY, "journal-only"),
	VALUE(FROM, "from"),
	VALUE(KEY, "key"),
	VALUE(INTO, "into"),
	VALUE(REVISION, "revision"),
	VALUE(OLD_HEAD, "old-head"),
	VALUE(FORMER, "former"),
	VALUE(REASON, "reason"),
	VALUE(SCRATCH, "scratch"),
	FLAG(REPLAY, "replay"),
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
