#include "commands/fields.h"
#include "contract/code.h"
#include "import/import.h"
#include "import/people_list.h"
#include "program/i18n.h"
#include "program/must.h"

#include <string.h>

static const char *missing(struct mtr_import *import)
{
	const bool named = mtr_import_has(import, MTR_PEOPLE_NAME) &&
			   (mtr_import_has(import, MTR_PEOPLE_BIRTH) || mtr_import_has(import, MTR_PEOPLE_BIRTH_MALE) ||
			    mtr_import_has(import, MTR_PEOPLE_BIRTH_FEMALE));

	if (!named && !mtr_import_has(import, MTR_PEOPLE_CITIZEN_NUMBER) && !mtr_import_has(import, MTR_PEOPLE_PERSON))
		return _("nothing says who is meant: the column of citizen numbers (“Số định danh”), or those of full "
			 "names "
			 "(“Họ và tên”) and births (“Ngày sinh”), are missing.");
	if (!mtr_import_has(import, MTR_PEOPLE_PROGRAMME) && !mtr_given(&import->call->arguments, "PROGRAMME"))
		return _("the column of programmes (“Chương trình”, “programme”) is missing; add it, or name the "
			 "programme.");
	return NULL;
}

static bool fill_person(struct mtr_import *import, struct mtr_import_row *row, Mtr__PersonReference *reference)
{
	struct mtr_identity identity;

	if (!mtr_people_identity(import, row, &identity))
		return false;
	reference->full_name = mtr_must_text(import->arena, identity.name);
	reference->birth = identity.birth;
	reference->sex = identity.sex;
	reference->citizen_number = mtr_must_text(import->arena, identity.citizen_number);
	reference->person_id = identity.person_id;
	reference->unit_code = mtr_must_text(import->arena, identity.unit_code);
	if (*identity.citizen_number || identity.person_id || (*identity.name && identity.birth))
		return true;
	return mtr_row_problem(import, row, 0,
			       _("nothing says who is meant: give the citizen number, or name and birth."));
}

static bool build(struct mtr_import *import, struct mtr_import_row *row, Mtr__Command *command)
{
	struct mtr_call *call = import->call;
	Mtr__Propose *propose = mtr_must_alloc(import->arena, sizeof *propose);
	Mtr__PersonReference *reference = mtr_must_alloc(import->arena, sizeof *reference);
	uint64_t order = 0;

	mtr__propose__init(propose);
	mtr__person_reference__init(reference);
	propose->programme_code = mtr_import_option(import, "PROGRAMME");
	propose->unit_code = mtr_import_option(import, "--unit");
	mtr_fill_long(call, "--letter", &propose->letter_id);
	const char *programme = mtr_row_text(import, row, MTR_PEOPLE_PROGRAMME);
	if (!programme || !fill_person(import, row, reference) ||
	    !mtr_row_number(import, row, MTR_PEOPLE_ORDER, UINT32_MAX, &order) ||
	    !mtr_row_number(import, row, MTR_PEOPLE_LETTER, INT64_MAX, &propose->letter_id))
		return false;
	if (*programme)
		propose->programme_code = mtr_must_text(import->arena, programme);
	if (mtr_code_check(propose->programme_code) != MTR__ERROR_CODE__ERROR_CODE_NONE)
		return mtr_row_error(import, row, MTR_PEOPLE_PROGRAMME, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PROGRAMME,
				     propose->programme_code);
	propose->unit_order = (uint32_t)order;
	propose->person = reference;
	*command = mtr_command(MTR__COMMAND__BODY_PROPOSE);
	command->propose = propose;
	return true;
}

int mtr_import_nominations(struct mtr_call *call, const char *file)
{
	const struct mtr_import_kind kind = {mtr_people_headings, missing, build, NULL};

	return mtr_import_file(call, file, &kind);
}
