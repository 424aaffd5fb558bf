/* Bundles: entries and their answers on a stick. */
#include "contract/errors.h"
#include "matricula/outbox.h"
#include "output/report.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* What the library says, and for a file what the system says. */
static int failed(struct mtr_call *call, int error, const char *path)
{
	int why = errno;

	if (error == MTR_CLIENT_BUNDLE_FILE)
		return mtr_fail(call, MTR_EXIT_LOCAL, "%s: %s (%s)", path, mtr_words_client_error(error),
				strerror(why));
	if (error >= MTR_CLIENT_BUNDLE_EXISTS && error <= MTR_CLIENT_BUNDLE_DESK)
		return mtr_fail(call, MTR_EXIT_LOCAL, "%s: %s", path, mtr_words_client_error(error));
	return mtr_session_failed(call, error);
}

int mtr_do_outbox_export(struct mtr_call *call)
{
	const char *path = mtr_text_of(&call->arguments, "FILE");
	uint64_t count = 0;
	int result = mtr_session_open(call);

	if (result)
		return result;
	int error = mtr_client_outbox_export(call->client, path, &count);
	if (error)
		return failed(call, error, path);
	if (count == 0) {
		mtr_remark(call, "%s", _("Nothing is waiting; no file was made."));
		return MTR_EXIT_OK;
	}
	mtr_remark(call,
		   _("Entries in %s: %" PRIu64
		     ". They stay in the outbox until their answers are back: any desk with a link "
		     "can deliver the file with “matricula bundle apply”, and only the server can read it."),
		   path, count);
	return MTR_EXIT_OK;
}

int mtr_do_bundle_apply(struct mtr_call *call)
{
	const char *path = mtr_text_of(&call->arguments, "FILE");
	const char *answers = mtr_text_of(&call->arguments, "--answers");
	uint64_t count = 0;
	int result = mtr_session_open(call);

	if (result)
		return result;
	int error = mtr_client_bundle_apply(call->client, path, answers, &count);
	if (error) {
		result = failed(call, error, error == MTR_CLIENT_BUNDLE_EXISTS ? answers : path);
		if (count > 0)
			mtr_remark(
				call,
				_("Delivered before that: %" PRIu64 ". Apply the bundle again: nothing is done twice."),
				count);
		return result;
	}
	mtr_remark(call, _("Delivered: %" PRIu64 "."), count);
	if (answers)
		mtr_remark(call,
			   _("The answers are in %s, sealed for the desk that wrote the bundle; it takes them up with "
			     "“matricula outbox import”."),
			   answers);
	else
		mtr_remark(call, "%s",
			   _("The answers weren't kept; apply again with --answers FILE to carry them back."));
	return MTR_EXIT_OK;
}

#define ANSWER_ARENA (16u << 20)

static void on_answer(void *context, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	struct mtr_call *call = context;
	struct mtr_arena *arena = mtr_must(mtr_arena_new(ANSWER_ARENA));
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(arena), size, bytes);

	if (answer)
		mtr_report_earlier(call, sequence, answer, true);
	mtr_arena_free(&arena);
}

int mtr_do_outbox_import(struct mtr_call *call)
{
	const char *path = mtr_text_of(&call->arguments, "FILE");
	struct mtr_client_import import = {0};
	int result = mtr_session_open(call);

	if (result)
		return result;
	int error = mtr_client_outbox_import(call->client, path, on_answer, call, &import);
	if (error)
		return failed(call, error, path);
	mtr_remark(call, _("Entries answered: %" PRIu64 "."), import.answered);
	if (import.known > 0)
		mtr_remark(call, _("Answers this outbox has already, or that aren't for it: %" PRIu64 "."),
			   import.known);
	if (import.waiting > 0) {
		mtr_remark(call, _("Not taken by the server, still waiting: %" PRIu64 ". %s"), import.waiting,
			   mtr_words_error_title(call->arena, (Mtr__ErrorCode)import.code));
		return MTR_EXIT_NO_LINK;
	}
	return MTR_EXIT_OK;
}
