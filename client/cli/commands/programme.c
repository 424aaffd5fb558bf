#include "commands/change.h"
#include "commands/fields.h"
#include "commands/programme_fill.h"
#include "import/import.h"
#include "output/directory.h"
#include "program/handlers.h"

int mtr_do_programme_put(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PUT_PROGRAMME);
	Mtr__PutProgramme put = MTR__PUT_PROGRAMME__INIT;
	Mtr__Programme programme = MTR__PROGRAMME__INIT;
	const Mtr__Programme *existing = NULL;
	const char *file = mtr_text_of(&call->arguments, "--csv");
	const char *code = mtr_text_of(&call->arguments, "CODE");

	if (file)
		return mtr_import_programmes(call, file);
	int result = mtr_merges(call) ? mtr_find_programme(call, code, &existing) : MTR_EXIT_OK;
	if (result)
		return result;
	if (existing) {
		programme = *existing;
		mtr_programme_start_from(call, &put, existing);
	}
	put.programme = &programme;
	mtr_fill_text(call, "CODE", &programme.code);
	result = mtr_programme_fill(call, &put);
	if (result)
		return result;
	command.put_programme = &put;
	return mtr_change(call, &command);
}
