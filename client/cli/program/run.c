#include "import/repairs.h"
#include "matricula/matricula.h"
#include "output/directory.h"
#include "output/tame.h"
#include "program/call.h"
#include "program/help.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/unrecorded.h"

#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Everything one call shows or reads at once: a roster, a file's chunk, pages of names. */
#define CALL_ARENA (512u << 20)

/* Whatever a server has put into the words, it is text, and no line of its own: what goes on is indented. */
__attribute__((format(printf, 4, 0))) static void write_line(FILE *file, const char *before, const char *after,
							     const char *format, va_list list)
{
	struct mtr_growing line = {0};
	char *text = NULL;

	mtr_must(vasprintf(&text, format, list) < 0 ? NULL : text);
	mtr_tame_add(&line, text, true);

	char *rest = line.data;

	fprintf(file, "%s%s", before, strsep(&rest, "\n"));
	for (const char *next; (next = strsep(&rest, "\n"));)
		fprintf(file, "\n%s%s", *next == ' ' ? "" : "  ", next);
	fputs(after, file);
	mtr_growing_free(&line);
	free(text);
}

void mtr_remark(const struct mtr_call *call, const char *format, ...)
{
	va_list list;

	if (call->settings.quiet)
		return;
	fflush(call->streams.out);
	va_start(list, format);
	write_line(call->streams.err, "", "\n", format, list);
	va_end(list);
}

int mtr_fail(const struct mtr_call *call, int exit_code, const char *format, ...)
{
	va_list list;

	fflush(call->streams.out);
	va_start(list, format);
	write_line(call->streams.err, "matricula: ", "\n", format, list);
	va_end(list);
	return exit_code;
}

void mtr_say(const struct mtr_call *call, const char *format, ...)
{
	va_list list;

	if (call->settings.form != MTR_OUTPUT_TABLE)
		return;
	va_start(list, format);
	write_line(call->streams.out, "", "\n", format, list);
	va_end(list);
}

__attribute__((format(printf, 2, 3))) static void ask(const struct mtr_call *call, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	write_line(call->streams.err, "", " ", format, list);
	va_end(list);
	fflush(call->streams.err);
}

bool mtr_confirmed(struct mtr_call *call, const char *question, int *ret_exit)
{
	static const char *const yes[] = {"y", "Y", "yes", "c", "C", "có", "Có"};
	char answer[16];

	if (call->settings.yes || call->settings.dry_run)
		return true;
	if (!call->streams.in_is_terminal) {
		*ret_exit = mtr_fail(call, MTR_EXIT_USAGE, _("%s Give --yes to do it without being asked."), question);
		return false;
	}
	ask(call, "%s %s", question, _("[y/N]"));
	if (!fgets(answer, sizeof answer, call->streams.in))
		answer[0] = '\0';
	answer[strcspn(answer, "\r\n")] = '\0';
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		if (strcmp(answer, yes[i]) == 0)
			return true;
	}
	*ret_exit = mtr_fail(call, MTR_EXIT_USAGE, "%s", _("Nothing was changed."));
	return false;
}

static bool wants_colour(const struct mtr_call *call)
{
	if (call->settings.colour != MTR_COLOUR_AUTO)
		return call->settings.colour == MTR_COLOUR_ALWAYS;
	return call->streams.out_is_terminal && !getenv("NO_COLOR");
}

/* The other end of the pipe is closed. What a write said of it may be long gone. */
static bool reader_left(FILE *file)
{
	struct pollfd end = {.fd = fileno(file), .events = POLLOUT};

	return end.fd >= 0 && poll(&end, 1, 0) > 0 && end.revents & (POLLERR | POLLHUP);
}

/* Output that didn't reach its file isn't a success. */
static int finish_output(struct mtr_call *call, int result)
{
	mtr_output_free(&call->output);
	if (fflush(call->streams.out) == 0 && !ferror(call->streams.out))
		return result;
	if (reader_left(call->streams.out))
		return result ? result : MTR_EXIT_READER_LEFT;
	return mtr_fail(call, result ? result : MTR_EXIT_LOCAL, "%s", _("The output can't be written."));
}

static int run_command(struct mtr_call *call)
{
	const char *problem = NULL;

	if (mtr_settings_read(call->arena, &call->arguments, &call->settings, &problem))
		return mtr_fail(call, MTR_EXIT_USAGE, "%s", problem);
	mtr_language_use(call->settings.language, NULL);
	call->output = mtr_output_new(call->settings.form, call->streams.out, wants_colour(call));
	mtr_repairs_remark(call);
	int result = call->arguments.command->handle(call);
	mtr_unrecorded_tell(call, result);
	mtr_client_close(&call->client);
	mtr_directory_free(&call->directory);
	return result;
}

static int run(struct mtr_call *call, int argc, char *const *argv)
{
	const char *problem = NULL;

	if (mtr_arguments_parse(call->arena, argc, argv, &call->arguments, &problem)) {
		const struct mtr_command_row *row = call->arguments.command;
		mtr_fail(call, 0, "%s", problem);
		if (row)
			mtr_remark(call, _("Usage: %s"), mtr_help_usage(call->arena, row));
		return MTR_EXIT_USAGE;
	}
	if (call->arguments.help && call->arguments.command)
		mtr_help_command(call->streams.out, call->arguments.command);
	else if (call->arguments.noun)
		mtr_help_noun(call->streams.out, call->arguments.noun);
	else if (!call->arguments.command)
		mtr_help_overview(call->streams.out);
	else
		return run_command(call);
	return call->arguments.help ? MTR_EXIT_OK : MTR_EXIT_USAGE;
}

int mtr_cli_run(const struct mtr_streams *streams, int argc, char *const *argv)
{
	struct mtr_call call = {.streams = *streams};

	mtr_language_use(mtr_settings_language(argc, argv), NULL);
	call.arena = mtr_must(mtr_arena_new(CALL_ARENA));
	int result = finish_output(&call, run(&call, argc, argv));
	mtr_arena_free(&call.arena);
	return result;
}
