#include "commands/programme_fill.h"
#include "commands/condition.h"
#include "commands/fields.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/i18n.h"
#include "program/must.h"

static char **unit_codes(struct mtr_call *call, const uint32_t *ids, size_t count)
{
	char **codes = mtr_must_array(call->arena, count, sizeof *codes);

	for (size_t i = 0; i < count; i++)
		codes[i] = mtr_field_text(call, mtr_code_of_unit(call, ids[i]));
	return codes;
}

static char **title_codes(struct mtr_call *call, const uint32_t *ids, size_t count)
{
	char **codes = mtr_must_array(call->arena, count, sizeof *codes);

	for (size_t i = 0; i < count; i++)
		codes[i] = mtr_field_text(call, mtr_code_of_title(call, ids[i]));
	return codes;
}

static bool names_titles(const Mtr__Condition *condition)
{
	return condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE ||
	       condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_NOT_TITLE;
}

static Mtr__PutProgramme__PutCondition *titles_of(struct mtr_call *call, const Mtr__Condition *condition)
{
	Mtr__PutProgramme__PutCondition *titles = mtr_must_alloc(call->arena, sizeof *titles);

	mtr__put_programme__put_condition__init(titles);
	if (names_titles(condition)) {
		titles->n_value_codes = condition->n_values;
		titles->value_codes = title_codes(call, condition->values, condition->n_values);
	}
	titles->n_offset_codes = condition->n_offset_title_ids;
	titles->offset_codes = title_codes(call, condition->offset_title_ids, condition->n_offset_title_ids);
	return titles;
}

/* The register wants a row only for conditions that name titles. */
static void add_titles(Mtr__PutProgramme *put, Mtr__PutProgramme__PutCondition *titles, size_t condition)
{
	if (titles->n_value_codes + titles->n_offset_codes == 0)
		return;
	titles->condition = (uint32_t)condition;
	put->title_values[put->n_title_values++] = titles;
}

void mtr_programme_start_from(struct mtr_call *call, Mtr__PutProgramme *put, const Mtr__Programme *programme)
{
	put->plan_code = mtr_field_text(call, mtr_code_of_plan(call, programme->plan_id));
	put->n_organising_unit_codes = programme->n_organising_unit_ids;
	put->organising_unit_codes = unit_codes(call, programme->organising_unit_ids, programme->n_organising_unit_ids);
	put->n_provider_unit_codes = programme->n_provider_unit_ids;
	put->provider_unit_codes = unit_codes(call, programme->provider_unit_ids, programme->n_provider_unit_ids);
	put->student_manager_unit_code =
		mtr_field_text(call, mtr_code_of_unit(call, programme->student_manager_unit_id));
	put->title_values = mtr_must_array(call->arena, programme->n_conditions, sizeof *put->title_values);
	for (size_t i = 0; i < programme->n_conditions; i++)
		add_titles(put, titles_of(call, programme->conditions[i]), i);
}

static int fill_conditions(struct mtr_call *call, Mtr__PutProgramme *put)
{
	size_t count = mtr_count_of(&call->arguments, "--condition");
	Mtr__Programme *programme = put->programme;

	if (count == 0)
		return MTR_EXIT_OK;
	programme->conditions = mtr_must_array(call->arena, count, sizeof *programme->conditions);
	programme->n_conditions = count;
	put->title_values = mtr_must_array(call->arena, count, sizeof *put->title_values);
	put->n_title_values = 0;
	for (size_t i = 0; i < count; i++) {
		Mtr__PutProgramme__PutCondition *titles;
		const char *problem;
		if (!mtr_condition_parse(call->arena, mtr_value_at(&call->arguments, "--condition", i)->text,
					 &programme->conditions[i], &titles, &problem))
			return mtr_fail(call, MTR_EXIT_USAGE, "--condition: %s", problem);
		add_titles(put, titles, i);
	}
	return MTR_EXIT_OK;
}

static void fill_quota(struct mtr_call *call, Mtr__Programme *programme)
{
	Mtr__Quota *quota = mtr_must_alloc(call->arena, sizeof *quota);

	mtr__quota__init(quota);
	if (programme->quota)
		*quota = *programme->quota;
	MTR_FILL_WORD(call, "--rule", quota->rule);
	mtr_fill_number(call, "--seats-min", &quota->minimum);
	mtr_fill_number(call, "--seats-target", &quota->target);
	mtr_fill_number(call, "--seats-max", &quota->maximum);
	mtr_fill_number(call, "--in-force", &quota->in_force);
	mtr_fill_text(call, "--document", &quota->document);
	programme->quota = quota;
}

static void fill_window(struct mtr_call *call, Mtr__Window **place, const char *from, const char *until)
{
	Mtr__Window *window = mtr_must_alloc(call->arena, sizeof *window);

	mtr__window__init(window);
	if (*place)
		*window = **place;
	mtr_fill_long(call, from, &window->opens);
	mtr_fill_long(call, until, &window->closes);
	if (window->opens || window->closes)
		*place = window;
}

static void fill_tie_breaks(struct mtr_call *call, Mtr__Programme *programme)
{
	size_t count = mtr_count_of(&call->arguments, "--tie-break");

	if (count == 0)
		return;
	programme->tie_breaks = mtr_must_array(call->arena, count, sizeof *programme->tie_breaks);
	programme->n_tie_breaks = count;
	for (size_t i = 0; i < count; i++)
		programme->tie_breaks[i] = (Mtr__TieBreak)mtr_value_at(&call->arguments, "--tie-break", i)->number;
}

int mtr_programme_fill(struct mtr_call *call, Mtr__PutProgramme *put)
{
	Mtr__Programme *programme = put->programme;

	mtr_fill_text(call, "--plan", &put->plan_code);
	mtr_fill_text(call, "--name", &programme->name);
	MTR_FILL_WORD(call, "--kind", programme->kind);
	mtr_fill_flag(call, "--completion", &programme->completion);
	MTR_FILL_WORD(call, "--mode", programme->mode);
	MTR_FILL_WORD(call, "--bloc", programme->bloc);
	mtr_fill_flag(call, "--bloc-inferred", &programme->bloc_inferred);
	mtr_fill_text(call, "--directing", &programme->directing);
	mtr_fill_texts(call, "--organiser", &put->n_organising_unit_codes, &put->organising_unit_codes);
	mtr_fill_texts(call, "--provider", &put->n_provider_unit_codes, &put->provider_unit_codes);
	mtr_fill_text(call, "--student-manager", &put->student_manager_unit_code);
	mtr_fill_text(call, "--venue", &programme->venue);
	fill_quota(call, programme);
	fill_window(call, &programme->demand_window, "--demand-from", "--demand-until");
	fill_window(call, &programme->nomination_window, "--nominate-from", "--nominate-until");
	mtr_fill_standards(call, "--supplies", &programme->n_supplies, &programme->supplies);
	fill_tie_breaks(call, programme);
	mtr_fill_long(call, "--cost-per-head", &programme->cost_per_head);
	mtr_fill_text(call, "--funding", &programme->funding);
	mtr_fill_number(call, "--classes", &programme->planned_classes);
	mtr_fill_flag(call, "--needs-acceptance", &programme->needs_acceptance);
	mtr_fill_text(call, "--note", &programme->note);
	return fill_conditions(call, put);
}
