#include "commands/change.h"
#include "commands/fields.h"
#include "import/import.h"
#include "program/handlers.h"

int mtr_do_demand(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_REGISTER_DEMAND);
	Mtr__RegisterDemand demand = MTR__REGISTER_DEMAND__INIT;

	mtr_fill_text(call, "PROGRAMME", &demand.programme_code);
	mtr_fill_number(call, "SEATS", &demand.seats);
	mtr_fill_text(call, "--unit", &demand.unit_code);
	command.register_demand = &demand;
	int result = mtr_own_unit(call, &demand.unit_code);
	return result ? result : mtr_change(call, &command);
}

int mtr_do_quota_allocate(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_ALLOCATE);
	Mtr__Allocate allocate = MTR__ALLOCATE__INIT;
	const char *file = mtr_text_of(&call->arguments, "--csv");

	if (file)
		return mtr_import_allocations(call, file);
	mtr_fill_text(call, "PROGRAMME", &allocate.programme_code);
	mtr_fill_text(call, "UNIT", &allocate.unit_code);
	allocate.seats = (int64_t)mtr_number_of(&call->arguments, "SEATS");
	mtr_fill_text(call, "--document", &allocate.document);
	command.allocate = &allocate;
	return mtr_change(call, &command);
}

int mtr_do_quota_transfer(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_TRANSFER);
	Mtr__Transfer transfer = MTR__TRANSFER__INIT;

	mtr_fill_text(call, "PROGRAMME", &transfer.programme_code);
	mtr_fill_text(call, "FROM", &transfer.from_unit_code);
	mtr_fill_text(call, "TO", &transfer.to_unit_code);
	transfer.seats = (int64_t)mtr_number_of(&call->arguments, "SEATS");
	mtr_fill_text(call, "--document", &transfer.document);
	command.transfer = &transfer;
	return mtr_change(call, &command);
}

int mtr_do_quota_return(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_RETURN_SEATS);
	Mtr__ReturnSeats back = MTR__RETURN_SEATS__INIT;

	mtr_fill_text(call, "PROGRAMME", &back.programme_code);
	mtr_fill_text(call, "--unit", &back.unit_code);
	back.seats = (int64_t)mtr_number_of(&call->arguments, "SEATS");
	mtr_fill_text(call, "--reason", &back.reason);
	mtr_fill_flag(call, "--lapsed", &back.lapsed);
	command.return_seats = &back;
	int result = mtr_own_unit(call, &back.unit_code);
	return result ? result : mtr_change(call, &command);
}
