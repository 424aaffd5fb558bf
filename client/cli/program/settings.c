#include "program/settings.h"
#include "program/must.h"
#include "program/suggest.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT_MAX_S 600u

struct reader {
	struct mtr_arena *arena;
	struct mtr_settings *settings;
	const char *file;
	const char *problem; /* NULL so far */
};

/* $XDG_…_HOME, else $HOME and `below`. */
static const char *home(struct mtr_arena *arena, const char *variable, const char *below)
{
	const char *value = getenv(variable);
	const char *base = getenv("HOME");

	if (value && value[0] == '/')
		return value;
	return mtr_must_print(arena, "%s/%s", base && *base ? base : ".", below);
}

/* ~/ at the start of a path is the home directory. */
static const char *expand(struct mtr_arena *arena, const char *path)
{
	const char *base = getenv("HOME");
	if (path[0] == '~' && path[1] == '/' && base)
		return mtr_must_print(arena, "%s%s", base, path + 1);
	return mtr_must_text(arena, path);
}

static int on_language(struct reader *reader, const char *value)
{
	if (mtr_language_parse(value, &reader->settings->language) == 0)
		return 1;
	reader->problem =
		mtr_must_print(reader->arena, _("%s: language is “%s”; it is “en” or “vi”."), reader->file, value);
	return 0;
}

/* Seconds for connecting and for each answer. */
static int on_timeout(struct reader *reader, const char *value)
{
	char *end;
	unsigned long seconds = strtoul(value, &end, 10);

	if (end != value && *end == '\0' && value[0] != '-' && seconds >= 1 && seconds <= TIMEOUT_MAX_S) {
		reader->settings->timeout_ms = (uint32_t)seconds * 1000;
		return 1;
	}
	reader->problem =
		mtr_must_print(reader->arena, _("%s: timeout is “%s”; it is a number of seconds from 1 to %u."),
			       reader->file, value, TIMEOUT_MAX_S);
	return 0;
}

static int on_setting(void *context, const char *section, const char *name, const char *value)
{
	struct reader *reader = context;
	struct mtr_settings *settings = reader->settings;
	const struct {
		const char *section, *name;
		const char **place; /* NULL: read by a function of its own */
	} known[] = {
		{"server", "endpoint", &settings->endpoint},
		{"server", "key", &settings->server_key},
		{"client", "key_file", &settings->key_file},
		{"client", "state_directory", &settings->state_directory},
		{"client", "language", NULL},
		{"server", "timeout", NULL},
	};
	const char *section_of_best = "";
	struct mtr_suggestion suggestion = mtr_suggestion_for(name);

	if (strcmp(section, "client") == 0 && strcmp(name, "language") == 0)
		return on_language(reader, value);
	if (strcmp(section, "server") == 0 && strcmp(name, "timeout") == 0)
		return on_timeout(reader, value);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].place && strcmp(section, known[i].section) == 0 && strcmp(name, known[i].name) == 0) {
			*known[i].place = expand(reader->arena, value);
			return 1;
		}
		mtr_suggestion_offer(&suggestion, known[i].name);
		if (suggestion.best == known[i].name)
			section_of_best = known[i].section;
	}
	if (suggestion.best)
		reader->problem = mtr_must_print(reader->arena,
						 _("%s: there is no setting “%s” in [%s]. Did you mean “%s” in [%s]?"),
						 reader->file, name, section, suggestion.best, section_of_best);
	else
		reader->problem = mtr_must_print(reader->arena, _("%s: there is no setting “%s” in [%s]."),
						 reader->file, name, section);
	return 0;
}

static int read_file(struct reader *reader, bool must_exist)
{
	struct stat is;

	errno = 0;
	int line = ini_parse(reader->file, on_setting, reader);
	int error = errno;

	if (reader->problem)
		return -EINVAL;
	/* Opened, but with no line to read. */
	if (stat(reader->file, &is) == 0 && S_ISDIR(is.st_mode)) {
		line = -1;
		error = EISDIR;
	}
	if (line == -1 && (must_exist || access(reader->file, F_OK) == 0)) {
		reader->problem =
			mtr_must_print(reader->arena, _("%s can't be read: %s"), reader->file, strerror(error));
		return -EINVAL;
	}
	if (line > 0) {
		reader->problem = mtr_must_print(reader->arena, _("%s: line %d isn't a setting."), reader->file, line);
		return -EINVAL;
	}
	return 0;
}

static int choose(struct mtr_arena *arena, const struct mtr_arguments *arguments, const char *name,
		  const char *const *words, int *ret_choice, const char **ret_problem)
{
	const char *text = mtr_text_of(arguments, name);
	struct mtr_suggestion suggestion = mtr_suggestion_for(text ? text : "");

	for (int i = 0; text && words[i]; i++) {
		if (strcmp(text, words[i]) == 0) {
			*ret_choice = i;
			return 0;
		}
		mtr_suggestion_offer(&suggestion, words[i]);
	}
	if (!text)
		return 0;
	if (suggestion.best)
		*ret_problem = mtr_must_print(arena, _("%s: there is no “%s”. Did you mean “%s”?"), name, text,
					      suggestion.best);
	else
		*ret_problem = mtr_must_print(arena, _("%s: there is no “%s”."), name, text);
	return -EINVAL;
}

/* Options in any of their forms, once the table has read them. */
static int read_options(struct mtr_arena *arena, const struct mtr_arguments *arguments, struct mtr_settings *settings,
			const char **ret_problem)
{
	static const char *const forms[] = {"table", "csv", "json", NULL};
	static const char *const colours[] = {"auto", "always", "never", NULL};
	static const char *const languages[] = {"en", "vi", NULL};
	const unsigned flags = arguments->command ? arguments->command->flags : 0;
	int form = MTR_OUTPUT_TABLE;
	int colour = MTR_COLOUR_AUTO;
	int language = (int)settings->language;

	if (choose(arena, arguments, "--output", forms, &form, ret_problem) ||
	    choose(arena, arguments, "--color", colours, &colour, ret_problem) ||
	    choose(arena, arguments, "--lang", languages, &language, ret_problem))
		return -EINVAL;
	settings->form = (enum mtr_output_form)form;
	settings->colour = (enum mtr_colour)colour;
	settings->language = (enum mtr_language)language;
	settings->quiet = mtr_given(arguments, "--quiet");
	settings->dry_run = (flags & MTR_COMMAND_CHANGES) && mtr_given(arguments, "--dry-run");
	settings->offline = (flags & (MTR_COMMAND_CHANGES | MTR_COMMAND_READS)) && mtr_given(arguments, "--offline");
	if (settings->dry_run && settings->offline) {
		*ret_problem = _("Give either --dry-run or --offline.");
		return -EINVAL;
	}
	settings->yes = (flags & MTR_COMMAND_CONFIRMS) && mtr_given(arguments, "--yes");
	return 0;
}

int mtr_settings_read(struct mtr_arena *arena, const struct mtr_arguments *arguments, struct mtr_settings *ret_settings,
		      const char **ret_problem)
{
	const char *given = mtr_text_of(arguments, "--config");
	const char *config_home = home(arena, "XDG_CONFIG_HOME", ".config");
	struct mtr_settings settings = {
		.endpoint = "",
		.server_key = "",
		.key_file = mtr_must_print(arena, "%s/matricula/client.key", config_home),
		.state_directory = mtr_must_print(arena, "%s/matricula", home(arena, "XDG_STATE_HOME", ".local/state")),
		.language = mtr_language_of_environment(),
	};
	struct reader reader = {.arena = arena, .settings = &settings};

	settings.file = given ? given : mtr_must_print(arena, "%s/matricula/client.ini", config_home);
	reader.file = settings.file;
	if (read_file(&reader, given != NULL)) {
		*ret_problem = reader.problem;
		return -EINVAL;
	}
	if (read_options(arena, arguments, &settings, ret_problem))
		return -EINVAL;
	*ret_settings = settings;
	return 0;
}

enum mtr_language mtr_settings_language(int argc, char *const *argv)
{
	enum mtr_language language = mtr_language_of_environment();

	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			(void)mtr_language_parse(argv[i] + 7, &language);
		else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			(void)mtr_language_parse(argv[i + 1], &language);
	}
	return language;
}
