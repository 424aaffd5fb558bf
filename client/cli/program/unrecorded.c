#include "program/unrecorded.h"
#include "matricula/matricula.h"
#include "program/command.h"
#include "program/i18n.h"

#include <string.h>

static bool takes(const struct mtr_command_row *row, const char *name)
{
	for (size_t i = 0; i < row->argument_count; i++) {
		if (strcmp(row->arguments[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool has_mirror(const struct mtr_call *call)
{
	struct mtr_client_mirror_state state;

	return call->client && mtr_client_mirror_state(call->client, &state) == MTR_CLIENT_OK && state.revision > 0;
}

void mtr_unrecorded_tell(struct mtr_call *call, int result)
{
	const struct mtr_command_row *row = call->arguments.command;

	if (result != MTR_EXIT_NO_LINK || !(row->flags & MTR_COMMAND_CHANGES) || call->queued || call->settings.dry_run)
		return;
	mtr_fail(call, 0, "%s",
		 _("Nothing was recorded: this command reads from the register first. Give it again later."));
	if (call->wants_unit)
		mtr_remark(call, "%s",
			   _("Name the unit; where nothing else has to be read, the change then waits in the outbox."));
	else if (has_mirror(call))
		mtr_remark(call, "%s",
			   _("With --offline it reads this desk's mirror, and the change waits in the outbox."));
	if (takes(row, "--replace") && !mtr_given(&call->arguments, "--replace"))
		mtr_remark(call, "%s",
			   _("With --replace nothing is read, and the change waits in the outbox; what isn't given is "
			     "then emptied."));
}
