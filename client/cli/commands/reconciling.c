/* After a restore of the register: the operator's end of the waiting, and what the restore changed. */
#include "commands/change.h"
#include "commands/fields.h"
#include "contract/commands.h"
#include "contract/key_file.h"
#include "matricula/matricula.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <inttypes.h>
#include <string.h>

int mtr_do_recovery_trust(struct mtr_call *call)
{
	uint8_t key[MTR_KEY_BYTES];
	bool trusted = false;
	int result = mtr_session_open(call);

	if (result)
		return result;
	(void)mtr_key_parse(mtr_text_of(&call->arguments, "KEY"), key);
	int error = mtr_client_trust_recovery_key(call->client, key, &trusted);

	if (error)
		return mtr_session_failed(call, error);
	if (!trusted)
		return mtr_fail(call, MTR_EXIT_KEY, "%s",
				_("This desk knows another recovery key already and keeps to it. Tell the auditor."));
	mtr_remark(call, "%s", _("A restore signed with this key is accepted from now on."));
	return MTR_EXIT_OK;
}

int mtr_do_recovery_end(struct mtr_call *call)
{
	Mtr__EndReconciliation end = MTR__END_RECONCILIATION__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	mtr_fill_text(call, "--reason", &end.reason);
	command.body_case = MTR__COMMAND__BODY_END_RECONCILIATION;
	command.end_reconciliation = &end;
	return mtr_change(call, &command);
}

static const struct mtr_column columns[] = {
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"nomination", N_("Nomination"), MTR_CELL_NUMBER, NULL},
	{"asked", N_("Asked"), MTR_CELL_TEXT, NULL},
	{"formerly", N_("Formerly"), MTR_CELL_TEXT, NULL},
	{"now", N_("Now"), MTR_CELL_TEXT, NULL},
	{"desk", N_("Desk's number"), MTR_CELL_NUMBER, NULL},
	{"person", N_("Person's number"), MTR_CELL_NUMBER, NULL},
	{"at", N_("Time"), MTR_CELL_TIME, NULL},
};

static const char *outcome(struct mtr_arena *arena, uint32_t error, Mtr__State state)
{
	if (error)
		return mtr_words_error_title(arena, (Mtr__ErrorCode)error);
	return state ? mtr_words_value(arena, &mtr__state__descriptor, (int)state) : _("done");
}

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Divergence *divergence = (const Mtr__Divergence *)row;
	const struct mtr_command_info *info = mtr_command_by_tag(divergence->command_tag);
	const char *step = info ? mtr_words_step(info->name) : NULL;
	const bool lost = divergence->lost_to != 0;
	const struct mtr_cell all[] = {
		mtr_cell_text(mtr_code_of_programme(call, divergence->programme_id)),
		mtr_cell_text(mtr_code_of_unit(call, divergence->unit_id)),
		mtr_cell_some(divergence->nomination_id),
		mtr_cell_text(lost   ? mtr_must_print(arena, _("entries %" PRIu64 " to %" PRIu64), divergence->sequence,
						      divergence->lost_to)
			      : step ? step
				     : ""),
		mtr_cell_text(lost ? "" : outcome(arena, divergence->former_error, divergence->former_state)),
		mtr_cell_text(lost ? _("lost") : outcome(arena, divergence->error, divergence->state)),
		mtr_cell_number(divergence->principal_id),
		mtr_cell_some(divergence->person_id),
		mtr_cell_some(divergence->at),
	};

	memcpy(cells, all, sizeof all);
	return true;
}

int mtr_do_recovery_differences(struct mtr_call *call)
{
	const struct mtr_view view = {&mtr__divergence__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE);

	return mtr_view_list(call, &list, &view);
}
