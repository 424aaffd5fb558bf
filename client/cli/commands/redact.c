#include "commands/change.h"
#include "commands/fields.h"
#include "program/handlers.h"
#include "program/i18n.h"

int mtr_do_redact(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_REDACT);
	Mtr__Redact redact = MTR__REDACT__INIT;
	int result;

	mtr_fill_number(call, "PERSON", &redact.person_id);
	mtr_fill_text(call, "--reason", &redact.reason);
	mtr_fill_text(call, "--document", &redact.document);
	command.redact = &redact;
	if (!mtr_confirmed(call, _("Take out what the register holds of this person, for good?"), &result))
		return result;
	result = mtr_change(call, &command);
	if (!result && !call->settings.dry_run && !call->settings.offline)
		mtr_remark(call, "%s",
			   _("The lists are cleared. The journal on the server keeps the particulars until the daemon "
			     "starts the next time: ask whoever looks after the server to restart it. Backups made "
			     "before then keep them until they expire."));
	return result;
}
