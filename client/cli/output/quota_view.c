#include "matricula/matricula.h"
#include "output/directory.h"
#include "output/report.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"

static const struct mtr_column columns[] = {
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"in_force", N_("In force"), MTR_CELL_NUMBER, NULL},
	{"demand", N_("Demand"), MTR_CELL_NUMBER, NULL},
	{"seats", N_("Seats"), MTR_CELL_NUMBER, NULL},
	{"held", N_("Held"), MTR_CELL_NUMBER, NULL},
	{"left", N_("Left"), MTR_CELL_NUMBER, NULL},
	{"waiting", N_("Waiting"), MTR_CELL_NUMBER, NULL},
	{"late", N_("Late"), MTR_CELL_NUMBER, NULL},
	{"decided", N_("Decided"), MTR_CELL_NUMBER, NULL},
	{"summoned", N_("Summoned"), MTR_CELL_NUMBER, NULL},
	{"enrolled", N_("Enrolled"), MTR_CELL_NUMBER, NULL},
	{"completed", N_("Completed"), MTR_CELL_NUMBER, NULL},
	{"name", N_("Name"), MTR_CELL_TEXT, NULL},
	{"granted", N_("Granted"), MTR_CELL_NUMBER, NULL},
	{"transferred_in", N_("Transferred in"), MTR_CELL_NUMBER, NULL},
	{"transferred_out", N_("Transferred out"), MTR_CELL_NUMBER, NULL},
	{"returned", N_("Returned"), MTR_CELL_NUMBER, NULL},
	{"lapsed", N_("Taken back"), MTR_CELL_NUMBER, NULL},
	{"withdrawn", N_("Withdrawn or turned away"), MTR_CELL_NUMBER, NULL},
	{"frozen_lists", N_("Lists frozen"), MTR_CELL_NUMBER, NULL},
	{"lists", N_("Lists"), MTR_CELL_NUMBER, NULL},
};
/* On a screen the first columns; CSV and JSON hold all. */
#define SCREEN_COLUMNS 14u

static void show(struct mtr_call *call, const Mtr__Tally *tally)
{
	const struct mtr_cell cells[] = {
		mtr_cell_text(tally->programme_code),
		mtr_cell_text(tally->unit_code),
		mtr_cell_number(tally->seats_in_force),
		mtr_cell_number(tally->demand),
		mtr_cell_number(tally->seats),
		mtr_cell_number(tally->held),
		mtr_cell_number(tally->seats > tally->held ? tally->seats - tally->held : 0),
		mtr_cell_number(tally->waiting),
		mtr_cell_number(tally->late),
		mtr_cell_number(tally->decided),
		mtr_cell_number(tally->summoned),
		mtr_cell_number(tally->enrolled),
		mtr_cell_number(tally->completed),
		mtr_cell_text(tally->unit_id ? tally->unit_name : tally->programme_name),
		mtr_cell_number(tally->granted),
		mtr_cell_number(tally->transferred_in),
		mtr_cell_number(tally->transferred_out),
		mtr_cell_number(tally->returned),
		mtr_cell_number(tally->lapsed),
		mtr_cell_number(tally->withdrawn),
		mtr_cell_number(tally->frozen_parts),
		mtr_cell_number(tally->parts),
	};

	mtr_output_row(call->output, cells);
}

int mtr_do_quota_show(struct mtr_call *call)
{
	const struct mtr_arguments *given = &call->arguments;
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Tallies tallies = MTR__TALLIES__INIT;
	Mtr__Answer *answer;

	tallies.plan_code = mtr_field_text(call, mtr_text_of(given, "--plan"));
	tallies.programme_code = mtr_field_text(call, mtr_text_of(given, "--programme"));
	tallies.unit_code = mtr_field_text(call, mtr_text_of(given, "--unit"));
	tallies.by_unit = mtr_given(given, "--by-unit") || mtr_given(given, "--unit");
	query.body_case = MTR__QUERY__BODY_TALLIES;
	query.tallies = &tallies;
	int result = mtr_session_query(call, call->arena, &query, &answer);
	if (result)
		return result;
	if (answer->body_case != MTR__ANSWER__BODY_TALLIES)
		return mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
	mtr_output_begin(call->output, columns,
			 call->settings.form == MTR_OUTPUT_TABLE ? SCREEN_COLUMNS : sizeof columns / sizeof *columns);
	for (size_t i = 0; i < answer->tallies->n_rows; i++)
		show(call, answer->tallies->rows[i]);
	mtr_output_end(call->output);
	return MTR_EXIT_OK;
}

static const struct mtr_column ledger_columns[] = {
	{"entry", N_("Number"), MTR_CELL_NUMBER, NULL},
	{"at", N_("Time"), MTR_CELL_TIME, NULL},
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"kind", N_("Kind"), MTR_CELL_WORD, &mtr__ledger_kind__descriptor},
	{"seats", N_("Seats"), MTR_CELL_NUMBER, NULL},
	{"counterpart", N_("Other unit"), MTR_CELL_TEXT, NULL},
	{"document", N_("Document"), MTR_CELL_TEXT, NULL},
	{"reason", N_("Reason"), MTR_CELL_TEXT, NULL},
};

static bool fill_ledger(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row,
			struct mtr_cell *cells)
{
	const Mtr__LedgerEntry *entry = (const Mtr__LedgerEntry *)row;

	(void)arena;
	cells[0] = mtr_cell_some(entry->id);
	cells[1] = mtr_cell_some(entry->at);
	cells[2] = mtr_cell_text(mtr_code_of_programme(call, entry->programme_id));
	cells[3] = mtr_cell_text(mtr_code_of_unit(call, entry->unit_id));
	cells[4] = mtr_cell_word((int)entry->kind, NULL);
	cells[5] = mtr_cell_number(entry->seats);
	cells[6] = mtr_cell_text(mtr_code_of_unit(call, entry->counterpart_unit_id));
	cells[7] = mtr_cell_text(entry->document);
	cells[8] = mtr_cell_text(entry->reason);
	return true;
}

int mtr_do_quota_ledger(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__ledger_entry__descriptor, ledger_columns,
					     sizeof ledger_columns / sizeof *ledger_columns, fill_ledger};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY);

	return mtr_view_list(call, &list, &view);
}
