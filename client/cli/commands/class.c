#include "commands/change.h"
#include "commands/fields.h"
#include "commands/gather.h"
#include "commands/roster.h"
#include "contract/limits.h"
#include "output/directory.h"
#include "output/report.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"

#include <stdlib.h>
#include <string.h>

int mtr_do_class_open(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_OPEN_CLASS);
	Mtr__OpenClass open = MTR__OPEN_CLASS__INIT;

	mtr_fill_text(call, "CODE", &open.code);
	mtr_fill_text(call, "--programme", &open.programme_code);
	mtr_fill_text(call, "--name", &open.name);
	mtr_fill_text(call, "--provider", &open.provider_unit_code);
	mtr_fill_text(call, "--student-manager", &open.student_manager_unit_code);
	mtr_fill_text(call, "--venue", &open.venue);
	mtr_fill_number(call, "--opens", &open.opens_on);
	mtr_fill_number(call, "--closes", &open.closes_on);
	mtr_fill_number(call, "--capacity", &open.capacity);
	mtr_fill_text(call, "--decision", &open.decision_number);
	mtr_fill_text(call, "--approval", &open.approval_number);
	mtr_fill_flag(call, "--out-of-plan", &open.out_of_plan);
	int result = mtr_own_unit(call, &open.provider_unit_code);
	command.open_class = &open;
	return result ? result : mtr_change(call, &command);
}

/* The row of a class by its code; complains when there is none. */
struct class_finding {
	uint32_t programme_id;
};

static int on_class(void *context, const ProtobufCMessage *message)
{
	struct class_finding *finding = context;

	finding->programme_id = ((const Mtr__Class *)message)->programme_id;
	return MTR_EXIT_OK;
}

static int programme_of_class(struct mtr_call *call, const char *code, const Mtr__Programme **ret_programme)
{
	struct class_finding finding = {0};
	Mtr__List list = MTR__LIST__INIT;
	Mtr__Error error = MTR__ERROR__INIT;

	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS;
	list.code = mtr_field_text(call, code);
	int result = mtr_each(call, &list, &mtr__class__descriptor, on_class, &finding);
	if (result)
		return result;
	*ret_programme = mtr_directory_programme(call, finding.programme_id);
	if (*ret_programme)
		return MTR_EXIT_OK;
	error.code = MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_CLASS;
	error.found = mtr_field_text(call, code);
	return mtr_report_error(call, &error);
}

static int gather_to_summon(struct mtr_call *call, struct mtr_ids *ids)
{
	const Mtr__Programme *programme;

	mtr_ids_given(call, "NOMINATION", ids);
	if (!mtr_given(&call->arguments, "--all")) {
		if (ids->count == 0)
			return mtr_fail(call, MTR_EXIT_USAGE, "%s",
					_("Name nominations by their numbers, or give --all."));
		return MTR_EXIT_OK;
	}
	int result = programme_of_class(call, mtr_text_of(&call->arguments, "CLASS"), &programme);
	if (result)
		return result;
	const Mtr__State ready = programme->needs_acceptance ? MTR__STATE__STATE_ACCEPTED : MTR__STATE__STATE_DECIDED;
	result = mtr_gather(call, programme->code, NULL, &ready, 1, NULL, NULL, ids);
	if (!result && ids->count > MTR_ITEMS_MAX)
		return mtr_fail(call, MTR_EXIT_USAGE, _("%zu could be summoned; name at most %u of them."), ids->count,
				MTR_ITEMS_MAX);
	return result;
}

int mtr_do_summon(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_SUMMON);
	Mtr__Summon summon = MTR__SUMMON__INIT;
	struct mtr_ids ids = {0};
	int result = gather_to_summon(call, &ids);

	if (result)
		return result;
	if (ids.count == 0) {
		mtr_remark(call, "%s", _("Nothing to do: none is in a state for it."));
		return MTR_EXIT_OK;
	}
	mtr_fill_text(call, "CLASS", &summon.class_code);
	mtr_fill_text(call, "--number", &summon.number);
	mtr_fill_number(call, "--date", &summon.date);
	mtr_fill_number(call, "--report-on", &summon.report_on);
	summon.n_nomination_ids = ids.count;
	summon.nomination_ids = ids.ids;
	command.summon = &summon;
	return mtr_change(call, &command);
}

/* The rest of a class in a state, after those already named. */
static int add_rest(struct mtr_call *call, Mtr__State state, const struct mtr_ids *named, struct mtr_ids *ids)
{
	struct mtr_roster roster;
	int result = mtr_roster_read(call, mtr_text_of(&call->arguments, "CLASS"), &roster);

	for (size_t i = 0; !result && i < roster.count; i++) {
		uint64_t id = roster.people[i]->nomination_id;
		if (roster.people[i]->state == state && !mtr_ids_have(named, id) && !mtr_ids_have(ids, id))
			mtr_ids_add(call, ids, id);
	}
	return result;
}

static void add_attendances(struct mtr_call *call, Mtr__Enrol *enrol, const struct mtr_ids *ids,
			    Mtr__AttendanceKind kind)
{
	for (size_t i = 0; i < ids->count; i++) {
		Mtr__Attendance *attendance = mtr_must_alloc(call->arena, sizeof *attendance);
		mtr__attendance__init(attendance);
		attendance->nomination_id = ids->ids[i];
		attendance->kind = kind;
		if (kind != MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_PRESENT)
			mtr_fill_text(call, "--reason", &attendance->reason);
		enrol->attendances[enrol->n_attendances++] = attendance;
	}
}

int mtr_do_class_enrol(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_ENROL);
	Mtr__Enrol enrol = MTR__ENROL__INIT;
	struct mtr_ids present = {0};
	struct mtr_ids excused = {0};
	struct mtr_ids absent = {0};
	struct mtr_ids away = {0};
	int result = MTR_EXIT_OK;

	mtr_ids_given(call, "NOMINATION", &present);
	mtr_ids_given(call, "--excused", &excused);
	mtr_ids_given(call, "--absent", &absent);
	mtr_ids_given(call, "--excused", &away);
	mtr_ids_given(call, "--absent", &away);
	if (mtr_given(&call->arguments, "--all-present"))
		result = add_rest(call, MTR__STATE__STATE_SUMMONED, &away, &present);
	if (result)
		return result;
	if (present.count + away.count == 0)
		return mtr_fail(call, MTR_EXIT_USAGE, "%s", _("Nobody is named, and nobody is left to enrol."));
	enrol.attendances = mtr_must_array(call->arena, present.count + away.count, sizeof *enrol.attendances);
	mtr_fill_text(call, "CLASS", &enrol.class_code);
	add_attendances(call, &enrol, &present, MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_PRESENT);
	add_attendances(call, &enrol, &excused, MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_EXCUSED);
	add_attendances(call, &enrol, &absent, MTR__ATTENDANCE_KIND__ATTENDANCE_KIND_ABSENT);
	command.enrol = &enrol;
	return mtr_change(call, &command);
}

struct results {
	Mtr__CloseClass *close;
	size_t room;
	struct mtr_ids named;
};

static Mtr__Result *add_result(struct mtr_call *call, struct results *results, uint64_t id, Mtr__State state)
{
	Mtr__CloseClass *close = results->close;

	if (close->n_results == results->room) {
		size_t room = results->room * 2 + 64;
		Mtr__Result **bigger = mtr_must_array(call->arena, room, sizeof *bigger);
		if (close->n_results > 0)
			memcpy(bigger, close->results, close->n_results * sizeof *bigger);
		close->results = bigger;
		results->room = room;
	}
	Mtr__Result *result = mtr_must_alloc(call->arena, sizeof *result);
	mtr__result__init(result);
	result->nomination_id = id;
	result->state = state;
	close->results[close->n_results++] = result;
	mtr_ids_add(call, &results->named, id);
	return result;
}

/* "12" or "12=giỏi" */
static int add_named(struct mtr_call *call, struct results *results, const char *option, Mtr__State state)
{
	const struct mtr_value *value;

	for (size_t i = 0; (value = mtr_value_at(&call->arguments, option, i)); i++) {
		char *end;
		unsigned long long id = strtoull(value->text, &end, 10);
		if (end == value->text || id == 0 || (*end != '\0' && *end != '='))
			return mtr_fail(call, MTR_EXIT_USAGE, _("%s: write the nomination's number, or NUMBER=RESULT."),
					option);
		Mtr__Result *result = add_result(call, results, id, state);
		if (*end == '=')
			result->result = mtr_field_text(call, end + 1);
		if (state == MTR__STATE__STATE_LEFT || state == MTR__STATE__STATE_DEFERRED)
			mtr_fill_text(call, "--reason", &result->reason);
	}
	return MTR_EXIT_OK;
}

static int add_results(struct mtr_call *call, struct results *results)
{
	static const struct {
		const char *option;
		Mtr__State state;
	} kinds[] = {
		{"--completed", MTR__STATE__STATE_COMPLETED},
		{"--failed", MTR__STATE__STATE_FAILED},
		{"--left", MTR__STATE__STATE_LEFT},
		{"--deferred", MTR__STATE__STATE_DEFERRED},
	};
	struct mtr_ids rest = {0};
	int result = MTR_EXIT_OK;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !result; i++)
		result = add_named(call, results, kinds[i].option, kinds[i].state);
	if (!result && mtr_given(&call->arguments, "--all-completed"))
		result = add_rest(call, MTR__STATE__STATE_ENROLLED, &results->named, &rest);
	for (size_t i = 0; i < rest.count && !result; i++)
		(void)add_result(call, results, rest.ids[i], MTR__STATE__STATE_COMPLETED);
	return result;
}

int mtr_do_class_close(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_CLOSE_CLASS);
	Mtr__CloseClass close = MTR__CLOSE_CLASS__INIT;
	struct results results = {.close = &close};

	mtr_fill_text(call, "CLASS", &close.class_code);
	close.close = !mtr_given(&call->arguments, "--keep-open");
	int result = add_results(call, &results);
	if (result)
		return result;
	const char *question = mtr_must_print(
		call->arena,
		close.close ? _n("Record %zu result and close class %s?", "Record %zu results and close class %s?",
				 close.n_results)
			    : _n("Record %zu result of class %s?", "Record %zu results of class %s?", close.n_results),
		close.n_results, close.class_code);
	if (!mtr_confirmed(call, question, &result))
		return result;
	command.close_class = &close;
	return mtr_change(call, &command);
}

static const struct mtr_column columns[] = {
	{"code", N_("Code"), MTR_CELL_TEXT, NULL},
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"name", N_("Name"), MTR_CELL_TEXT, NULL},
	{"provider", N_("School"), MTR_CELL_TEXT, NULL},
	{"opens", N_("First day"), MTR_CELL_DATE, NULL},
	{"closes", N_("Last day"), MTR_CELL_DATE, NULL},
	{"capacity", N_("Capacity"), MTR_CELL_NUMBER, NULL},
	{"state", N_("State"), MTR_CELL_WORD, &mtr__class_state__descriptor},
	{"venue", N_("Venue"), MTR_CELL_TEXT, NULL},
	{"student_manager", N_("Student manager"), MTR_CELL_TEXT, NULL},
	{"decision", N_("Decision"), MTR_CELL_TEXT, NULL},
	{"approval", N_("Approval"), MTR_CELL_TEXT, NULL},
	{"out_of_plan", N_("Out of plan"), MTR_CELL_FLAG, NULL},
};

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Class *class = (const Mtr__Class *)row;
	const struct mtr_cell all[] = {
		mtr_cell_text(class->code),
		mtr_cell_text(mtr_code_of_programme(call, class->programme_id)),
		mtr_cell_text(class->name),
		mtr_cell_text(mtr_code_of_unit(call, class->provider_unit_id)),
		mtr_cell_some(class->opens_on),
		mtr_cell_some(class->closes_on),
		mtr_cell_some(class->capacity),
		mtr_cell_word((int)class->state, NULL),
		mtr_cell_text(class->venue),
		mtr_cell_text(mtr_code_of_unit(call, class->student_manager_unit_id)),
		mtr_cell_text(class->decision_number),
		mtr_cell_text(class->approval_number),
		mtr_cell_flag(class->out_of_plan),
	};

	(void)arena;
	memcpy(cells, all, sizeof all);
	return true;
}

int mtr_do_class_list(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__class__descriptor, columns, sizeof columns / sizeof *columns, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS);

	return mtr_view_list(call, &list, &view);
}
