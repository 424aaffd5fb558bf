#include "commands/roster.h"
#include "contract/names.h"
#include "matricula/matricula.h"
#include "output/report.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct mtr_column columns[] = {
	{"order", N_("No."), MTR_CELL_NUMBER, NULL},
	{"full_name", N_("Full name"), MTR_CELL_TEXT, NULL},
	{"birth", N_("Date of birth"), MTR_CELL_DATE, NULL},
	{"sex", N_("Sex"), MTR_CELL_WORD, &mtr__sex__descriptor},
	{"title", N_("Title"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"state", N_("State"), MTR_CELL_WORD, &mtr__state__descriptor},
	{"report_on", N_("Day to report"), MTR_CELL_DATE, NULL},
	{"result", N_("Result"), MTR_CELL_TEXT, NULL},
	{"note", N_("Note"), MTR_CELL_TEXT, NULL},
	{"summons", N_("Summons"), MTR_CELL_TEXT, NULL},
	{"nomination", N_("Nomination"), MTR_CELL_NUMBER, NULL},
};

struct reading {
	struct mtr_call *call;
	struct mtr_roster *roster;
};

static void add(struct reading *reading, Mtr__Enrolment *person)
{
	struct mtr_roster *roster = reading->roster;

	if (roster->count == roster->room) {
		size_t room = roster->room * 2 + 64;
		Mtr__Enrolment **people = mtr_must_array(reading->call->arena, room, sizeof *people);
		if (roster->count > 0)
			memcpy(people, roster->people, roster->count * sizeof *people);
		roster->people = people;
		roster->room = room;
	}
	roster->people[roster->count++] = person;
}

static int on_row(void *context, const Mtr__FeedRow *row)
{
	struct reading *reading = context;
	Mtr__Enrolment *person = mtr_row_unpack(reading->call->arena, &mtr__enrolment__descriptor, row);

	if (person)
		add(reading, person);
	return MTR_EXIT_OK;
}

static void on_proved_row(void *context, uint32_t type, uint64_t id, const uint8_t *row, size_t size)
{
	struct reading *reading = context;

	(void)id;
	if (type == MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT)
		add(reading, mtr_must(mtr__enrolment__unpack(mtr_arena_allocator(reading->call->arena), size, row)));
}

static int by_name(const void *x, const void *y, void *context)
{
	const Mtr__Enrolment *a = *(Mtr__Enrolment *const *)x;
	const Mtr__Enrolment *b = *(Mtr__Enrolment *const *)y;
	int order = mtr_collator_compare_names(context, a->full_name, b->full_name, MTR_NAMES_GIVEN_FAMILY_MIDDLE);

	if (order != 0)
		return order;
	/* Of one name the older first, then the nomination that came first. */
	if (a->birth != b->birth)
		return a->birth < b->birth ? -1 : 1;
	return a->nomination_id < b->nomination_id ? -1 : a->nomination_id > b->nomination_id;
}

static int is_class(void *context, const ProtobufCMessage *message)
{
	(void)message;
	*(bool *)context = true;
	return MTR_EXIT_OK;
}

/* A class without people and a class that doesn't exist are different answers. */
static int check_class(struct mtr_call *call, const char *class_code)
{
	Mtr__List list = MTR__LIST__INIT;
	Mtr__Error error = MTR__ERROR__INIT;
	bool found = false;

	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS;
	list.code = mtr_field_text(call, class_code);
	int result = mtr_each(call, &list, &mtr__class__descriptor, is_class, &found);
	if (result || found)
		return result;
	error.code = MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_CLASS;
	error.found = mtr_field_text(call, class_code);
	return mtr_report_error(call, &error);
}

/* From the register with its proof that nobody is missing; from the mirror, which has had its own. */
static int read_people(struct reading *reading, const char *class_code)
{
	struct mtr_call *call = reading->call;
	Mtr__List list = MTR__LIST__INIT;
	const uint8_t *refusal;
	size_t size;

	if (call->settings.offline) {
		list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT;
		list.class_code = mtr_field_text(call, class_code);
		return mtr_session_list(call, &list, on_row, reading);
	}
	int error = mtr_client_read_class(call->client, class_code, on_proved_row, reading, &refusal, &size);
	if (error)
		return mtr_session_failed(call, error);
	if (size == 0)
		return MTR_EXIT_OK;
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(call->arena), size, refusal);
	return answer ? mtr_report_error(call, answer->error) : mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
}

int mtr_roster_read(struct mtr_call *call, const char *class_code, struct mtr_roster *ret_roster)
{
	struct mtr_roster roster = {0};
	struct reading reading = {.call = call, .roster = &roster};
	struct mtr_collator *collator = NULL;

	int result = check_class(call, class_code);
	if (!result)
		result = read_people(&reading, class_code);
	if (result)
		return result;
	if (mtr_collator_open(&collator))
		return mtr_fail(call, MTR_EXIT_LOCAL, "%s",
				_("The rules of the Vietnamese alphabet (ICU) can't be loaded."));
	if (roster.count > 0)
		qsort_r(roster.people, roster.count, sizeof *roster.people, by_name, collator);
	mtr_collator_close(&collator);
	*ret_roster = roster;
	return MTR_EXIT_OK;
}

void mtr_roster_show(struct mtr_call *call, struct mtr_output *output, const struct mtr_roster *roster)
{
	mtr_output_begin(output, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < roster->count; i++) {
		const Mtr__Enrolment *person = roster->people[i];
		const struct mtr_standing standing = {.state = person->state};
		const struct mtr_cell cells[] = {
			mtr_cell_number(i + 1),
			mtr_cell_name(person->full_name, person->redacted),
			mtr_cell_some(person->birth),
			mtr_cell_word((int)person->sex, NULL),
			mtr_cell_text(person->title_name),
			mtr_cell_text(person->unit_name),
			mtr_cell_word((int)person->state, mtr_words_standing(call->arena, &standing)),
			mtr_cell_some(person->report_on),
			mtr_cell_text(person->result),
			mtr_cell_text(person->note),
			mtr_cell_text(person->summons_number),
			mtr_cell_some(person->nomination_id),
		};
		mtr_output_row(output, cells);
	}
	mtr_output_end(output);
}

int mtr_do_roster_show(struct mtr_call *call)
{
	struct mtr_roster roster;
	int result = mtr_roster_read(call, mtr_text_of(&call->arguments, "CLASS"), &roster);

	if (!result)
		mtr_roster_show(call, call->output, &roster);
	if (!result && roster.count == 0)
		mtr_remark(call, "%s", _("Nobody has been summoned to this class yet."));
	return result;
}

/* The file appears whole or not at all, and only its owner reads it: it holds personal data. */
static int write_file(struct mtr_call *call, const char *path, const struct mtr_roster *roster)
{
	enum mtr_output_form form = call->settings.form == MTR_OUTPUT_JSON ? MTR_OUTPUT_JSON : MTR_OUTPUT_CSV;
	char *partial = mtr_must_print(call->arena, "%s.XXXXXX", path);
	int descriptor = mkstemp(partial);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");

	if (!file) {
		if (descriptor >= 0)
			close(descriptor);
		return mtr_fail(call, MTR_EXIT_LOCAL, _("%s can't be written: %s"), path, strerror(errno));
	}
	struct mtr_output *output = mtr_output_new(form, file, false);
	if (form == MTR_OUTPUT_CSV)
		fputs("\xEF\xBB\xBF", file); /* a spreadsheet takes it for UTF-8 only so */
	mtr_roster_show(call, output, roster);
	mtr_output_free(&output);
	bool failed = fflush(file) || ferror(file) || fsync(descriptor);
	failed = fclose(file) || failed;
	if (failed || rename(partial, path)) {
		int error = errno;
		unlink(partial);
		return mtr_fail(call, MTR_EXIT_LOCAL, _("%s can't be written: %s"), path, strerror(error));
	}
	return MTR_EXIT_OK;
}

int mtr_do_roster_pull(struct mtr_call *call)
{
	const char *class_code = mtr_text_of(&call->arguments, "CLASS");
	const char *path = mtr_text_of(&call->arguments, "--to");
	struct mtr_roster roster;

	if (!path)
		path = mtr_must_print(call->arena, "%s.%s", class_code,
				      call->settings.form == MTR_OUTPUT_JSON ? "json" : "csv");
	int result = mtr_roster_read(call, class_code, &roster);
	if (!result)
		result = write_file(call, path, &roster);
	if (!result)
		mtr_remark(call, _n("%zu person written to %s.", "%zu people written to %s.", roster.count),
			   roster.count, path);
	return result;
}
