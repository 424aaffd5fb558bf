#include "commands/change.h"
#include "commands/fields.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"

int mtr_do_plan_put(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PUT_PLAN);
	Mtr__PutPlan put = MTR__PUT_PLAN__INIT;
	Mtr__Plan plan = MTR__PLAN__INIT;
	const Mtr__Plan *existing = NULL;
	const char *code = mtr_text_of(&call->arguments, "CODE");
	int result = mtr_merges(call) ? mtr_find_plan(call, code, &existing) : MTR_EXIT_OK;

	if (result)
		return result;
	if (existing)
		plan = *existing;
	mtr_fill_text(call, "CODE", &plan.code);
	mtr_fill_text(call, "--name", &plan.name);
	mtr_fill_number(call, "--year", &plan.year);
	mtr_fill_text(call, "--issuer", &plan.issuer);
	mtr_fill_text(call, "--approver", &plan.approver);
	mtr_fill_text(call, "--number", &plan.number);
	mtr_fill_number(call, "--date", &plan.date);
	mtr_fill_texts(call, "--amendment", &plan.n_amendments, &plan.amendments);
	put.plan = &plan;
	command.put_plan = &put;
	return mtr_change(call, &command);
}

static const struct mtr_column columns[] = {
	{"code", N_("Code"), MTR_CELL_TEXT, NULL},         {"name", N_("Name"), MTR_CELL_TEXT, NULL},
	{"year", N_("Year"), MTR_CELL_NUMBER, NULL},       {"number", N_("Document"), MTR_CELL_TEXT, NULL},
	{"date", N_("Date"), MTR_CELL_DATE, NULL},         {"issuer", N_("Issuer"), MTR_CELL_TEXT, NULL},
	{"approver", N_("Approver"), MTR_CELL_TEXT, NULL}, {"amendments", N_("Amended by"), MTR_CELL_LIST, NULL},
};

static const char *const *constant(char *const *texts)
{
	return (const char *const *)texts;
}

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Plan *plan = (const Mtr__Plan *)row;

	(void)call;
	(void)arena;
	cells[0] = mtr_cell_text(plan->code);
	cells[1] = mtr_cell_text(plan->name);
	cells[2] = mtr_cell_some(plan->year);
	cells[3] = mtr_cell_text(plan->number);
	cells[4] = mtr_cell_some(plan->date);
	cells[5] = mtr_cell_text(plan->issuer);
	cells[6] = mtr_cell_text(plan->approver);
	cells[7] = mtr_cell_list(constant(plan->amendments), plan->n_amendments);
	return true;
}

int mtr_do_plan_list(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__plan__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN);

	return mtr_view_list(call, &list, &view);
}
