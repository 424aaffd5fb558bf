#include "commands/fields.h"
#include "contract/limits.h"
#include "import/failed_file.h"
#include "import/import.h"
#include "import/people_list.h"
#include "program/i18n.h"
#include "program/must.h"

#include <string.h>

enum {
	PROGRAMME = 1,
	UNIT,
	SEATS,
	DOCUMENT,
};

static const struct mtr_heading headings[] = {
	{PROGRAMME, N_("programme"), "chuong trinh|ma chuong trinh|programme|program"},
	{UNIT, N_("unit"), "don vi|ma don vi|unit"},
	{SEATS, N_("seats"), "chi tieu|so chi tieu|seats|quota|so luong"},
	{DOCUMENT, N_("document"), "van ban|so van ban|document|cong van"},
	{MTR_HEADING_IGNORED, N_("not kept"), "stt|tt|order|no|ghi chu|note|" MTR_FAILED_REASON_NAMES},
	{0, NULL, NULL},
};

static const char *missing(struct mtr_import *import)
{
	if (!mtr_import_has(import, UNIT))
		return _("the column of units (“Đơn vị”, “unit”) is missing.");
	if (!mtr_import_has(import, SEATS))
		return _("the column of seats (“Chỉ tiêu”, “seats”) is missing.");
	if (!mtr_import_has(import, PROGRAMME) && !mtr_given(&import->call->arguments, "--programme"))
		return _("the column of programmes (“Chương trình”, “programme”) is missing; add it, or give "
			 "--programme.");
	return NULL;
}

static bool build(struct mtr_import *import, struct mtr_import_row *row, Mtr__Command *command)
{
	Mtr__Allocate *allocate = mtr_must_alloc(import->arena, sizeof *allocate);
	const char *programme = mtr_row_text(import, row, PROGRAMME);
	const char *document = mtr_row_text(import, row, DOCUMENT);
	const char *unit;
	uint64_t seats = 0;

	mtr__allocate__init(allocate);
	allocate->programme_code = mtr_import_option(import, "--programme");
	allocate->document = mtr_import_option(import, "--document");
	if (!programme || !document || !mtr_row_unit(import, row, UNIT, &unit))
		return false;
	row->label = unit;
	if (!mtr_row_number(import, row, SEATS, MTR_SEATS_MAX, &seats))
		return false;
	if (seats == 0)
		return mtr_row_problem(import, row, SEATS, _("no seats are given; write a number from 1."));
	if (*programme)
		allocate->programme_code = mtr_must_text(import->arena, programme);
	if (*document)
		allocate->document = mtr_must_text(import->arena, document);
	allocate->unit_code = mtr_must_text(import->arena, unit);
	allocate->seats = (int64_t)seats;
	*command = mtr_command(MTR__COMMAND__BODY_ALLOCATE);
	command->allocate = allocate;
	return true;
}

int mtr_import_allocations(struct mtr_call *call, const char *file)
{
	const struct mtr_import_kind kind = {headings, missing, build, NULL};

	return mtr_import_file(call, file, &kind);
}
