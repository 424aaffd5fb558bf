/* What an auditor asks: does this copy of the journal hold together, and is it the history that a desk remembers? */
#include "audit/audit.h"
#include "commands/journal_damage.h"
#include "commands/journal_path.h"
#include "contract/lines.h"
#include "matricula/matricula.h"
#include "output/show.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *key_text(struct mtr_arena *arena, const uint8_t key[MTR_KEY_BYTES])
{
	char *text = mtr_must_alloc(arena, MTR_KEY_TEXT);

	mtr_key_text(key, text);
	return text;
}

static const char *hex_text(struct mtr_arena *arena, const uint8_t *bytes, size_t size)
{
	char *text = mtr_must_alloc(arena, 2 * size + 1);

	mtr_hex_text(bytes, size, text);
	return text;
}

static const struct mtr_column checkpoint_columns[] = {
	{"revision", N_("Up to entry"), MTR_CELL_NUMBER, NULL},
	{"at", N_("Time"), MTR_CELL_TIME, NULL},
	{"chain", N_("Chain"), MTR_CELL_TEXT, NULL},
	{"incarnation", N_("Incarnation"), MTR_CELL_TEXT, NULL},
	{"audit_key", N_("Audit key"), MTR_CELL_TEXT, NULL},
	{"server_key", N_("Server's key"), MTR_CELL_TEXT, NULL},
};

static void show_known(struct mtr_call *call, const struct mtr_known_history *known)
{
	const bool some = known->revision;
	const struct mtr_cell cells[] = {
		mtr_cell_some(known->revision),
		mtr_cell_some(known->at),
		mtr_cell_text(some ? hex_text(call->arena, known->chain, sizeof known->chain) : ""),
		mtr_cell_text(some ? mtr_must_print(call->arena, "%" PRIu64, known->incarnation) : ""),
		mtr_cell_text(key_text(call->arena, known->audit_key)),
		mtr_cell_text(key_text(call->arena, known->server_key)),
	};

	mtr_output_record(call->output, checkpoint_columns, sizeof checkpoint_columns / sizeof *checkpoint_columns,
			  cells);
}

static int write_copy(struct mtr_call *call, const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "wxe");
	bool written = file && fwrite(text, 1, size, file) == size;

	if (file && fclose(file))
		written = false;
	if (written)
		return MTR_EXIT_OK;
	return mtr_fail(call, MTR_EXIT_LOCAL, _("%s can't be written: %s"), path, strerror(errno));
}

int mtr_do_audit_checkpoint(struct mtr_call *call)
{
	const char *path = mtr_text_of(&call->arguments, "--to");
	struct mtr_known_history known;
	const char *text;
	size_t size;
	int result = mtr_session_open(call);

	if (result)
		return result;
	int error = mtr_client_known_history(call->client, &text, &size);
	if (error)
		return mtr_session_failed(call, error);
	if (!size || !mtr_known_history_parse(text, size, &known))
		return mtr_fail(call, MTR_EXIT_LOCAL, "%s",
				_("This desk remembers no checkpoint yet; it does after “matricula sync”."));
	if (path)
		result = write_copy(call, path, text, size);
	if (!result)
		show_known(call, &known);
	return result;
}

static int read_known(struct mtr_call *call, const char *path, struct mtr_known_history *ret_known)
{
	char text[MTR_KNOWN_HISTORY_MAX + 1];
	FILE *file = fopen(path, "re");

	if (!file)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("%s can't be read: %s"), path, strerror(errno));
	size_t size = fread(text, 1, sizeof text, file);
	(void)fclose(file);
	if (size <= MTR_KNOWN_HISTORY_MAX && mtr_known_history_parse(text, size, ret_known))
		return MTR_EXIT_OK;
	return mtr_fail(call, MTR_EXIT_LOCAL,
			_("%s isn't what “matricula audit checkpoint --to” writes, or it was changed."), path);
}

static const char *finding_words(enum mtr_audit_finding finding)
{
	static const char *const words[] = {
		[MTR_AUDIT_CHAIN] =
			N_("Something here was changed, or taken out behind it: the chain doesn't go on from here."),
		[MTR_AUDIT_HEADER] = N_("The entry says of itself what can't be."),
		[MTR_AUDIT_CHECKPOINT] = N_("The checkpoint isn't of the history before it."),
		[MTR_AUDIT_SIGNATURE] = N_("The checkpoint isn't signed by the audit key."),
		[MTR_AUDIT_REDACTED] = N_("Something was taken out that no later redaction names."),
		[MTR_AUDIT_KNOWN] = N_("This isn't the history that the desk remembers: it was changed."),
		[MTR_AUDIT_KNOWN_BEYOND] = N_("The journal ends before what the desk remembers."),
	};

	return _(words[finding]);
}

static void on_report(void *context, const struct mtr_audit_report *report)
{
	struct mtr_call *call = context;
	const char *words;

	if (report->finding == MTR_AUDIT_DAMAGE) {
		mtr_journal_damaged(call, &report->where, &report->gap, report->what);
		return;
	}
	words = finding_words(report->finding);
	if (report->first && report->first < report->revision)
		mtr_fail(call, 0, _("%s, byte %" PRIu64 ", entries %" PRIu64 " to %" PRIu64 ": %s"), report->where.file,
			 report->where.offset, report->first, report->revision, words);
	else if (report->where.file[0])
		mtr_fail(call, 0, _("%s, byte %" PRIu64 ", entry %" PRIu64 ": %s"), report->where.file,
			 report->where.offset, report->revision, words);
	else
		mtr_fail(call, 0, _("Entry %" PRIu64 ": %s"), report->revision, words);
}

static const struct mtr_column result_columns[] = {
	{"segments", N_("Segment files"), MTR_CELL_NUMBER, NULL},
	{"records", N_("Entries"), MTR_CELL_NUMBER, NULL},
	{"head", N_("Latest entry"), MTR_CELL_NUMBER, NULL},
	{"chain", N_("Chain"), MTR_CELL_TEXT, NULL},
	{"checkpoints", N_("Checkpoints"), MTR_CELL_NUMBER, NULL},
	{"signed_up_to", N_("Signed up to entry"), MTR_CELL_NUMBER, NULL},
	{"audit_key", N_("Audit key"), MTR_CELL_TEXT, NULL},
	{"redactions", N_("Redactions"), MTR_CELL_NUMBER, NULL},
	{"redacted", N_("Taken out by them"), MTR_CELL_NUMBER, NULL},
	{"findings", N_("Findings"), MTR_CELL_NUMBER, NULL},
};

static void show_result(struct mtr_call *call, const struct mtr_audit_result *result)
{
	const struct mtr_chain_point *head = &result->journal.head;
	const struct mtr_cell cells[] = {
		mtr_cell_number(result->journal.segments),
		mtr_cell_number(result->records),
		mtr_cell_number(head->revision),
		mtr_cell_text(hex_text(call->arena, head->chain, sizeof head->chain)),
		mtr_cell_number(result->checkpoints),
		mtr_cell_some(result->checkpoint_revision),
		mtr_cell_text(result->has_key ? key_text(call->arena, result->key) : ""),
		mtr_cell_number(result->redactions),
		mtr_cell_number(result->redacted_leaves),
		mtr_cell_number(result->findings),
	};

	mtr_output_row(call->output, cells);
}

static void remark_on(const struct mtr_call *call, const struct mtr_audit_result *result, bool known)
{
	if (result->journal.torn)
		mtr_remark(call, "%s",
			   _("Behind the latest entry lies something unfinished. A power cut leaves that; so does "
			     "damage."));
	if (result->journal.damaged)
		mtr_remark(call,
			   _("The last entry known to be good is %" PRIu64 "; entries behind the damage weren't read."),
			   result->good);
	if (!result->findings && known && result->known_met)
		mtr_remark(call, "%s", _("It is the history that the desk remembers."));
}

struct verdict {
	uint64_t findings;
	bool torn, unread;
	bool open_end; /* nothing was given that tells how far a journal must reach */
};

static int verify_one(struct mtr_call *call, const struct mtr_journal_path *path, const struct mtr_audit_options *asked,
		      struct verdict *verdict)
{
	struct mtr_audit_options options = *asked;
	struct mtr_audit_result result;

	options.directory = path->directory;
	int error = mtr_audit(&options, &result);
	if (error) {
		verdict->unread = true;
		return mtr_journal_failed(call, path->given, error);
	}
	show_result(call, &result);
	remark_on(call, &result, options.known);
	verdict->findings += result.findings;
	verdict->torn |= result.journal.torn;
	return result.findings ? MTR_EXIT_LOCAL : MTR_EXIT_OK;
}

static void say_verdict(const struct mtr_call *call, const struct verdict *verdict)
{
	if (verdict->findings)
		mtr_remark(call, _("Findings: %" PRIu64 "."), verdict->findings);
	else if (verdict->unread)
		return;
	else if (verdict->torn)
		mtr_remark(call, "%s", _("Nothing is wrong up to the latest entry."));
	else
		mtr_remark(call, "%s", _("Nothing is wrong."));
	if (!verdict->findings && verdict->open_end)
		mtr_remark(call, "%s",
			   _("Without a checkpoint from elsewhere (--checkpoint) it can't be proved that nothing is "
			     "missing at the journal's end."));
}

int mtr_do_audit_verify(struct mtr_call *call)
{
	const struct mtr_arguments *given = &call->arguments;
	const char *key_given = mtr_text_of(given, "--audit-key"), *file = mtr_text_of(given, "--checkpoint");
	struct mtr_audit_options options = {.report = on_report, .context = call};
	struct mtr_known_history known;
	struct mtr_journal_path *paths;
	struct verdict verdict = {.open_end = !file};
	uint8_t key[MTR_KEY_BYTES];
	int worst = file ? read_known(call, file, &known) : MTR_EXIT_OK;

	if (worst)
		return worst;
	options.known = file ? &known : NULL;
	options.key = key_given && mtr_key_parse(key_given, key) ? key : NULL;
	mtr_output_begin(call->output, result_columns, sizeof result_columns / sizeof *result_columns);
	const size_t count = mtr_journal_paths(call, &paths);
	for (size_t i = 0; i < count; i++) {
		int result = verify_one(call, &paths[i], &options, &verdict);
		worst = result ? result : worst;
	}
	mtr_output_end(call->output);
	say_verdict(call, &verdict);
	return worst;
}
