#include "commands/change.h"
#include "commands/fields.h"
#include "commands/person.h"
#include "import/import.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"

#include <inttypes.h>

int mtr_do_propose(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PROPOSE);
	Mtr__Propose propose = MTR__PROPOSE__INIT;
	Mtr__PersonReference reference;
	const char *file = mtr_text_of(&call->arguments, "--csv");

	if (file)
		return mtr_import_nominations(call, file);
	mtr_person_reference(call, &reference);
	mtr_fill_text(call, "PROGRAMME", &propose.programme_code);
	mtr_fill_text(call, "--unit", &propose.unit_code);
	mtr_fill_long(call, "--letter", &propose.letter_id);
	mtr_fill_number(call, "--order", &propose.unit_order);
	propose.person = &reference;
	command.propose = &propose;
	return mtr_change(call, &command);
}

int mtr_do_withdraw(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_WITHDRAW);
	Mtr__Withdraw withdraw = MTR__WITHDRAW__INIT;
	int result;

	mtr_fill_long(call, "NOMINATION", &withdraw.nomination_id);
	mtr_fill_text(call, "--reason", &withdraw.reason);
	command.withdraw = &withdraw;
	if (!mtr_confirmed(call,
			   mtr_must_print(call->arena, _("Withdraw nomination %" PRIu64 "?"), withdraw.nomination_id),
			   &result))
		return result;
	return mtr_change(call, &command);
}

int mtr_do_substitute(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_SUBSTITUTE);
	Mtr__Substitute substitute = MTR__SUBSTITUTE__INIT;
	Mtr__PersonReference reference;

	mtr_person_reference(call, &reference);
	mtr_fill_long(call, "NOMINATION", &substitute.nomination_id);
	mtr_fill_text(call, "--reason", &substitute.reason);
	substitute.person = &reference;
	command.substitute = &substitute;
	return mtr_change(call, &command);
}

static int settle(struct mtr_call *call, bool accept)
{
	size_t count = mtr_count_of(&call->arguments, "NOMINATION");
	Mtr__Command *commands = mtr_must_array(call->arena, count, sizeof *commands);
	Mtr__SettleLate *settles = mtr_must_array(call->arena, count, sizeof *settles);

	for (size_t i = 0; i < count; i++) {
		mtr__settle_late__init(&settles[i]);
		settles[i].nomination_id = mtr_value_at(&call->arguments, "NOMINATION", i)->number;
		settles[i].accept = accept;
		mtr_fill_text(call, "--reason", &settles[i].reason);
		mtr_fill_text(call, "--document", &settles[i].document);
		commands[i] = mtr_command(MTR__COMMAND__BODY_SETTLE_LATE);
		commands[i].settle_late = &settles[i];
	}
	return mtr_change_many(call, commands, count);
}

int mtr_do_late_accept(struct mtr_call *call)
{
	return settle(call, true);
}

int mtr_do_late_refuse(struct mtr_call *call)
{
	return settle(call, false);
}
