/* What needs no register: help, completion, the manual page, keys. */
#include "contract/key_file.h"
#include "matricula/matricula.h"
#include "program/handlers.h"
#include "program/help.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "program/suggest.h"
#include "words/words.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

int mtr_do_help(struct mtr_call *call)
{
	const struct mtr_arguments *given = &call->arguments;
	size_t words = mtr_count_of(given, "COMMAND");
	char **line = mtr_must_array(call->arena, words + 2, sizeof *line);
	struct mtr_arguments asked;
	const char *problem;

	line[0] = mtr_must_text(call->arena, "matricula");
	for (size_t i = 0; i < words; i++)
		line[i + 1] = mtr_must_text(call->arena, mtr_value_at(given, "COMMAND", i)->text);
	/* Read as a command line whose rest doesn't matter. */
	line[words + 1] = mtr_must_text(call->arena, "--help");
	if (mtr_arguments_parse(call->arena, (int)words + 2, line, &asked, &problem) ||
	    (words > 0 && !asked.command && !asked.noun))
		return mtr_fail(call, MTR_EXIT_USAGE, "%s", problem);
	if (asked.command)
		mtr_help_command(call->streams.out, asked.command);
	else if (asked.noun)
		mtr_help_noun(call->streams.out, asked.noun);
	else
		mtr_help_overview(call->streams.out);
	return MTR_EXIT_OK;
}

int mtr_do_completion(struct mtr_call *call)
{
	const char *shell = mtr_text_of(&call->arguments, "SHELL");

	if (strcmp(shell, "bash") != 0)
		return mtr_fail(call, MTR_EXIT_USAGE, _("There is no completion for %s; there is one for bash."),
				shell);
	mtr_completion_bash(call->streams.out);
	return MTR_EXIT_OK;
}

int mtr_do_man(struct mtr_call *call)
{
	mtr_manual(call->streams.out);
	return MTR_EXIT_OK;
}

static const struct mtr_column key_columns[] = {
	{"public_key", N_("Public key"), MTR_CELL_TEXT, NULL},
	{"key_file", N_("Key file"), MTR_CELL_TEXT, NULL},
};

static int make_place(struct mtr_call *call, const char *file)
{
	char *directory = mtr_must_text(call->arena, file);
	char *slash = strrchr(directory, '/');

	if (!slash || slash == directory)
		return MTR_EXIT_OK;
	*slash = '\0';
	return mtr_make_own_directory(call, directory);
}

/* As mtr_client_keygen, which makes a desk's. */
static int make_backup_key(const char *file, char ret_key[MTR_CLIENT_KEY_TEXT])
{
	struct mtr_key_pair pair;

	if (!mtr_key_pair_make(&pair))
		return MTR_CLIENT_KEY_FILE;
	enum mtr_key_file_status written = mtr_key_file_write(
		file, &pair, "Decrypts the backups of a Matricula register. Keep it secret, and off the server.");

	mtr_key_text(pair.public_key, ret_key);
	mtr_key_pair_wipe(&pair);
	if (written == MTR_KEY_FILE_EXISTS)
		return MTR_CLIENT_EXISTS;
	return written ? MTR_CLIENT_KEY_FILE : 0;
}

static void say_what_is_next(struct mtr_call *call, bool backups)
{
	if (backups)
		mtr_remark(call, "%s",
			   _("Set the public key at the server, in matriculad.conf: [backup] public_key. Keep the key "
			     "file off the server, in two safe places: who has it can read the backups, and without it "
			     "nobody can."));
	else
		mtr_remark(call, "%s",
			   _("Give the public key to the operator, who registers it; keep the key file to yourself."));
}

int mtr_do_keygen(struct mtr_call *call)
{
	const bool backups = mtr_given(&call->arguments, "--for-backups");
	const char *given = mtr_text_of(&call->arguments, "--file");
	const char *file = given ? given : call->settings.key_file;
	char key[MTR_CLIENT_KEY_TEXT];

	if (backups && !given)
		return mtr_fail(call, MTR_EXIT_USAGE, "%s", _("Give --file: the key for backups isn't this desk's."));
	int result = make_place(call, file);

	if (result)
		return result;
	int error = backups ? make_backup_key(file, key) : mtr_client_keygen(file, key);

	if (error == MTR_CLIENT_EXISTS)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("There is already a key file %s; it isn't overwritten."), file);
	if (error == MTR_CLIENT_KEY_FILE)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("The key file %s can't be written: %s"), file, strerror(errno));
	if (error)
		return mtr_session_failed(call, error);
	const struct mtr_cell cells[] = {mtr_cell_text(key), mtr_cell_text(file)};
	mtr_output_record(call->output, key_columns, 2, cells);
	say_what_is_next(call, backups);
	return MTR_EXIT_OK;
}

static const struct mtr_column whoami_columns[] = {
	{"public_key", N_("Public key"), MTR_CELL_TEXT, NULL},       {"name", N_("Desk"), MTR_CELL_TEXT, NULL},
	{"role", N_("Role"), MTR_CELL_WORD, &mtr__role__descriptor}, {"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"unit_name", N_("Name of the unit"), MTR_CELL_TEXT, NULL},  {"endpoint", N_("Server"), MTR_CELL_TEXT, NULL},
	{"software", N_("Its software"), MTR_CELL_TEXT, NULL},       {"now", N_("Its time"), MTR_CELL_TIME, NULL},
};

int mtr_do_whoami(struct mtr_call *call)
{
	const Mtr__HelloReply *hello;
	char key[MTR_CLIENT_KEY_TEXT];
	int error = mtr_client_public_key(call->settings.key_file, key);

	if (error)
		return mtr_session_failed(call, error);
	int result = mtr_session_hello(call, &hello);
	if (result) {
		/* The key is what the operator asks for when the server doesn't know it. */
		const struct mtr_cell cells[] = {mtr_cell_text(key), mtr_cell_text(call->settings.key_file)};
		mtr_output_record(call->output, key_columns, 2, cells);
		return result;
	}
	const struct mtr_cell cells[] = {
		mtr_cell_text(key),
		mtr_cell_text(hello->principal ? hello->principal->name : ""),
		mtr_cell_word(hello->principal ? (int)hello->principal->role : 0, NULL),
		mtr_cell_text(hello->unit_code),
		mtr_cell_text(hello->unit_name),
		mtr_cell_text(call->settings.endpoint),
		mtr_cell_text(hello->software),
		mtr_cell_some(hello->now),
	};
	mtr_output_record(call->output, whoami_columns, sizeof whoami_columns / sizeof *whoami_columns, cells);
	return MTR_EXIT_OK;
}
