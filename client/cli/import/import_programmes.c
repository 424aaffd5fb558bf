/* A plan's programmes: a line each, bodies by code or name, several in a cell kept apart by semicolons. */
#include "commands/fields.h"
#include "commands/programme_fill.h"
#include "contract/code.h"
#include "contract/limits.h"
#include "import/failed_file.h"
#include "import/import.h"
#include "import/people_list.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/plain.h"

#include <string.h>

enum {
	CODE = 1,
	NAME,
	KIND,
	COMPLETION,
	MODE,
	BLOC,
	BLOC_INFERRED,
	DIRECTING,
	ORGANISING,
	PROVIDER,
	VENUE,
	STUDENT_MANAGER,
	SEATS_MIN,
	SEATS_TARGET,
	SEATS_MAX,
	RULE,
	CLASSES,
	NOTE,
};

static const struct mtr_heading headings[] = {
	{CODE, N_("code"), "code|ma|ma chuong trinh"},
	{NAME, N_("name"), "name|ten|ten chuong trinh|noi dung"},
	{KIND, N_("kind"), "kind|loai|loai hinh"},
	{COMPLETION, N_("completion programme"), "type|hoan chinh"},
	{MODE, N_("mode"), "mode|he|hinh thuc"},
	{BLOC, N_("bloc"), "bloc|khoi"},
	{BLOC_INFERRED, N_("bloc inferred"), "bloc inferred|khoi suy ra"},
	{DIRECTING, N_("directing body"), "directing|co quan chi dao"},
	{ORGANISING, N_("organising units"), "organising|organising unit|co quan to chuc|co quan thuc hien"},
	{PROVIDER, N_("schools"), "provider|co so dao tao"},
	{VENUE, N_("venue"), "venue|dia diem"},
	{STUDENT_MANAGER, N_("student manager"), "student manager|don vi quan ly hoc vien"},
	{SEATS_MIN, N_("lower end of a range"), "seats min|chi tieu tu"},
	{SEATS_TARGET, N_("the figure of the plan"), "seats target|chi tieu|seats"},
	{SEATS_MAX, N_("upper end of a range"), "seats max|chi tieu den"},
	{RULE, N_("how the plan gives the seats"), "quota rule|cach giao chi tieu"},
	{CLASSES, N_("planned classes"), "classes|so lop"},
	{NOTE, N_("note"), "note|ghi chu"},
	{MTR_HEADING_IGNORED, N_("not kept"), "stt|tt|order|no|" MTR_FAILED_REASON_NAMES},
	{0, NULL, NULL},
};

static const char *missing(struct mtr_import *import)
{
	if (!mtr_import_has(import, CODE))
		return _("the column of codes (“Mã”, “code”) is missing.");
	if (!mtr_import_has(import, NAME))
		return _("the column of names (“Tên chương trình”, “name”) is missing.");
	return NULL;
}

static bool text(struct mtr_import *import, struct mtr_import_row *row, int field, char **place)
{
	const char *cell = mtr_row_name(import, row, field);

	if (cell && *cell)
		*place = mtr_must_text(import->arena, cell);
	return cell != NULL;
}

static bool number(struct mtr_import *import, struct mtr_import_row *row, int field, uint32_t *place)
{
	uint64_t value = *place;
	bool fine = mtr_row_number(import, row, field, MTR_SEATS_MAX, &value);

	*place = (uint32_t)value;
	return fine;
}

/* One body of a cell; *ret_code is NULL for one that --skip-unknown-units leaves out. */
static bool body(struct mtr_import *import, struct mtr_import_row *row, int field, const char *name,
		 const char **ret_code)
{
	bool certain;

	*ret_code = mtr_code_check(name) == MTR__ERROR_CODE__ERROR_CODE_NONE
			    ? name
			    : mtr_unit_by_name(import->call, mtr_plain(import->arena, name), &certain);
	if (*ret_code)
		return true;
	if (!mtr_given(&import->call->arguments, "--skip-unknown-units"))
		return mtr_row_problem(import, row, field,
				       mtr_must_print(import->arena,
						      _("no unit is called “%s”; register it, write its code, or give "
							"--skip-unknown-units to leave it out."),
						      name));
	mtr_row_remark(import, row, mtr_must_print(import->arena, _("left out: %s"), name));
	return true;
}

/* Replaces the codes when the cell names at least one unit. */
static bool bodies(struct mtr_import *import, struct mtr_import_row *row, int field, size_t *count, char ***place)
{
	const char *cell = mtr_row_name(import, row, field);
	size_t found = 0;

	if (!cell)
		return false;
	char **codes = mtr_must_array(import->arena, strlen(cell) / 2 + 1, sizeof *codes);
	while (*cell) {
		cell += strspn(cell, " ;");
		size_t size = strcspn(cell, ";");
		const char *code = NULL;
		if (size > 0 &&
		    !body(import, row, field, mtr_must_print(import->arena, "%.*s", (int)size, cell), &code))
			return false;
		if (code)
			codes[found++] = mtr_must_text(import->arena, code);
		cell += size;
	}
	if (found > 0) {
		*count = found;
		*place = codes;
	}
	return true;
}

static bool manager(struct mtr_import *import, struct mtr_import_row *row, Mtr__PutProgramme *put)
{
	const char *cell = mtr_row_name(import, row, STUDENT_MANAGER);
	const char *code = NULL;

	if (!cell || (*cell && !body(import, row, STUDENT_MANAGER, cell, &code)))
		return false;
	if (code)
		put->student_manager_unit_code = mtr_must_text(import->arena, code);
	return true;
}

static bool words(struct mtr_import *import, struct mtr_import_row *row, Mtr__Programme *programme)
{
	const char *completion = mtr_row_text(import, row, COMPLETION);
	int kind = (int)programme->kind;
	int mode = (int)programme->mode;
	int bloc = (int)programme->bloc;

	if (!completion || !mtr_row_word(import, row, KIND, &mtr__programme_kind__descriptor, &kind) ||
	    !mtr_row_word(import, row, MODE, &mtr__mode__descriptor, &mode) ||
	    !mtr_row_word(import, row, BLOC, &mtr__bloc__descriptor, &bloc) ||
	    !mtr_row_yes_no(import, row, BLOC_INFERRED, &programme->bloc_inferred))
		return false;
	if (strcmp(mtr_plain(import->arena, completion), "completion") == 0 ||
	    strcmp(mtr_plain(import->arena, completion), "hoan chinh") == 0)
		programme->completion = true;
	else if (!mtr_row_yes_no(import, row, COMPLETION, &programme->completion))
		return false;
	programme->kind = (Mtr__ProgrammeKind)kind;
	programme->mode = (Mtr__Mode)mode;
	programme->bloc = (Mtr__Bloc)bloc;
	return true;
}

/* A fixed figure is in force as it stands; others once the organiser says so. */
static void put_in_force(struct mtr_import *import, Mtr__Quota *quota)
{
	bool all = mtr_given(&import->call->arguments, "--all-in-force");

	if (quota->in_force == 0 && (all || quota->rule == MTR__QUOTA_RULE__QUOTA_RULE_FIXED))
		quota->in_force = quota->target ? quota->target : quota->maximum;
}

static bool seats(struct mtr_import *import, struct mtr_import_row *row, Mtr__Programme *programme)
{
	Mtr__Quota *quota = mtr_must_alloc(import->arena, sizeof *quota);
	mtr__quota__init(quota);
	if (programme->quota)
		*quota = *programme->quota;
	int rule = (int)quota->rule;
	if (!mtr_row_word(import, row, RULE, &mtr__quota_rule__descriptor, &rule) ||
	    !number(import, row, SEATS_MIN, &quota->minimum) || !number(import, row, SEATS_TARGET, &quota->target) ||
	    !number(import, row, SEATS_MAX, &quota->maximum) ||
	    !number(import, row, CLASSES, &programme->planned_classes))
		return false;
	quota->rule = (Mtr__QuotaRule)rule;
	put_in_force(import, quota);
	programme->quota = quota;
	return true;
}

static bool build(struct mtr_import *import, struct mtr_import_row *row, Mtr__Command *command)
{
	Mtr__PutProgramme *put = mtr_must_alloc(import->arena, sizeof *put);
	Mtr__Programme *programme = mtr_must_alloc(import->arena, sizeof *programme);
	const Mtr__Programme *existing = NULL;
	const char *code = mtr_row_text(import, row, CODE);

	mtr__put_programme__init(put);
	mtr__programme__init(programme);
	if (!code)
		return false;
	row->label = code;
	if (mtr_merges(import->call) && mtr_find_programme(import->call, code, &existing))
		return mtr_row_problem(import, row, 0, _("the programmes on record couldn't be read; try again."));
	if (existing) {
		*programme = *existing;
		mtr_programme_start_from(import->call, put, existing);
	}
	put->programme = programme;
	programme->code = mtr_must_text(import->arena, code);
	if (mtr_programme_fill(import->call, put))
		return mtr_row_problem(import, row, 0, _("a condition on the command line can't be read."));
	if (!text(import, row, NAME, &programme->name) || !words(import, row, programme) ||
	    !text(import, row, DIRECTING, &programme->directing) ||
	    !bodies(import, row, ORGANISING, &put->n_organising_unit_codes, &put->organising_unit_codes) ||
	    !bodies(import, row, PROVIDER, &put->n_provider_unit_codes, &put->provider_unit_codes) ||
	    !text(import, row, VENUE, &programme->venue) || !manager(import, row, put) ||
	    !seats(import, row, programme) || !text(import, row, NOTE, &programme->note))
		return false;
	*command = mtr_command(MTR__COMMAND__BODY_PUT_PROGRAMME);
	command->put_programme = put;
	return true;
}

int mtr_import_programmes(struct mtr_call *call, const char *file)
{
	const struct mtr_import_kind kind = {headings, missing, build, NULL};

	return mtr_import_file(call, file, &kind);
}
