#include "commands/fields.h"
#include "contract/date.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <inttypes.h>
#include <string.h>

static const struct mtr_column columns[] = {
	{"code", N_("Code"), MTR_CELL_TEXT, NULL},
	{"name", N_("Name"), MTR_CELL_TEXT, NULL},
	{"plan", N_("Plan"), MTR_CELL_TEXT, NULL},
	{"kind", N_("Kind"), MTR_CELL_WORD, &mtr__programme_kind__descriptor},
	{"mode", N_("Mode"), MTR_CELL_WORD, &mtr__mode__descriptor},
	{"bloc", N_("Bloc"), MTR_CELL_WORD, &mtr__bloc__descriptor},
	{"rule", N_("Seats given as"), MTR_CELL_WORD, &mtr__quota_rule__descriptor},
	{"seats_target", N_("Planned"), MTR_CELL_NUMBER, NULL},
	{"in_force", N_("In force"), MTR_CELL_NUMBER, NULL},
	{"nominate_until", N_("Deadline"), MTR_CELL_TIME, NULL},
	{"seats_min", N_("At least"), MTR_CELL_NUMBER, NULL},
	{"seats_max", N_("At most"), MTR_CELL_NUMBER, NULL},
	{"quota_document", N_("Seats by document"), MTR_CELL_TEXT, NULL},
	{"completion", N_("Completion programme"), MTR_CELL_FLAG, NULL},
	{"bloc_inferred", N_("Bloc inferred"), MTR_CELL_FLAG, NULL},
	{"directing", N_("Directing body"), MTR_CELL_TEXT, NULL},
	{"organisers", N_("Organising units"), MTR_CELL_LIST, NULL},
	{"providers", N_("Schools"), MTR_CELL_LIST, NULL},
	{"student_manager", N_("Student manager"), MTR_CELL_TEXT, NULL},
	{"venue", N_("Venue"), MTR_CELL_TEXT, NULL},
	{"demand_from", N_("Demand from"), MTR_CELL_TIME, NULL},
	{"demand_until", N_("Demand until"), MTR_CELL_TIME, NULL},
	{"nominate_from", N_("Nominations from"), MTR_CELL_TIME, NULL},
	{"supplies", N_("Standards supplied"), MTR_CELL_LIST, NULL},
	{"conditions", N_("Conditions"), MTR_CELL_LIST, NULL},
	{"tie_breaks", N_("Tie-breaks"), MTR_CELL_LIST, NULL},
	{"cost_per_head", N_("Cost per head, đồng"), MTR_CELL_MONEY, NULL},
	{"funding", N_("Source of funds"), MTR_CELL_TEXT, NULL},
	{"planned_classes", N_("Planned classes"), MTR_CELL_NUMBER, NULL},
	{"needs_acceptance", N_("Needs acceptance"), MTR_CELL_FLAG, NULL},
	{"note", N_("Note"), MTR_CELL_TEXT, NULL},
};

static struct mtr_cell units(struct mtr_call *call, struct mtr_arena *arena, const uint32_t *ids, size_t count)
{
	const char **items = mtr_must_array(arena, count, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = mtr_code_of_unit(call, ids[i]);
	return mtr_cell_list(items, count);
}

/* A bound in the words of its kind. */
static const char *bound(struct mtr_arena *arena, const Mtr__Condition *condition, uint32_t value)
{
	if (condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_PARTY_MEMBERSHIP)
		return mtr_words_value(arena, &mtr__party_membership__descriptor, (int)value);
	if (condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_DEGREE)
		return mtr_words_value(arena, &mtr__degree__descriptor, (int)value);
	if (condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_RATING)
		return mtr_words_value(arena, &mtr__grade__descriptor, (int)value);
	return mtr_must_print(arena, "%" PRIu32, value);
}

static void add_part(struct mtr_growing *text, const char *part)
{
	mtr_growing_text(text, "; ");
	mtr_growing_text(text, part);
}

static void add_values(struct mtr_call *call, struct mtr_arena *arena, struct mtr_growing *text,
		       const Mtr__Condition *condition)
{
	for (size_t i = 0; i < condition->n_values; i++) {
		const char *value =
			condition->kind == MTR__CONDITION_KIND__CONDITION_KIND_CATEGORY
				? mtr_words_value(arena, &mtr__category__descriptor, (int)condition->values[i])
				: mtr_name_of_title(call, condition->values[i]);
		mtr_growing_text(text, i ? ", " : ": ");
		mtr_growing_text(text, value);
	}
}

static void add_offsets(struct mtr_call *call, struct mtr_arena *arena, struct mtr_growing *text,
			const Mtr__Condition *condition)
{
	if (condition->n_offset_title_ids == 0)
		return;
	add_part(text, mtr_must_print(arena, _("bounds shifted by %+" PRId32 " and %+" PRId32 " years for:"),
				      condition->minimum_offset, condition->maximum_offset));
	for (size_t i = 0; i < condition->n_offset_title_ids; i++) {
		mtr_growing_text(text, i ? ", " : " ");
		mtr_growing_text(text, mtr_name_of_title(call, condition->offset_title_ids[i]));
	}
}

static void add_dates(struct mtr_arena *arena, struct mtr_growing *text, const Mtr__Condition *condition)
{
	char date[MTR_DATE_TEXT];

	if (condition->age_at_date)
		add_part(text, condition->age_date ? mtr_must_print(arena, _("age at %s"),
								    mtr_date_format(condition->age_date, date))
						   : _("age at the date of the decision"));
	if (condition->valid_from)
		add_part(text,
			 mtr_must_print(arena, _("in force from %s"), mtr_date_format(condition->valid_from, date)));
	if (condition->valid_until)
		add_part(text, mtr_must_print(arena, _("until %s"), mtr_date_format(condition->valid_until, date)));
}

static const char *condition_words(struct mtr_call *call, struct mtr_arena *arena, const Mtr__Condition *condition)
{
	struct mtr_growing text = {0};

	mtr_growing_text(&text, mtr_words_value(arena, &mtr__condition_kind__descriptor, (int)condition->kind));
	add_values(call, arena, &text, condition);
	if (condition->standard)
		add_part(&text, mtr_words_standard(arena, condition->standard));
	if (condition->minimum)
		add_part(&text, mtr_must_print(arena, _("at least %s"), bound(arena, condition, condition->minimum)));
	if (condition->maximum)
		add_part(&text, mtr_must_print(arena, _("at most %s"), bound(arena, condition, condition->maximum)));
	if (condition->sex)
		add_part(&text, mtr_words_value(arena, &mtr__sex__descriptor, (int)condition->sex));
	add_offsets(call, arena, &text, condition);
	add_dates(arena, &text, condition);
	if (*condition->instrument)
		mtr_growing_text(&text, mtr_must_print(arena, " (%s)", condition->instrument));
	return mtr_growing_take(&text, arena);
}

static struct mtr_cell conditions_of(struct mtr_call *call, struct mtr_arena *arena, const Mtr__Programme *programme)
{
	const char **items = mtr_must_array(arena, programme->n_conditions, sizeof *items);

	for (size_t i = 0; i < programme->n_conditions; i++)
		items[i] = condition_words(call, arena, programme->conditions[i]);
	return mtr_cell_list(items, programme->n_conditions);
}

static struct mtr_cell tie_breaks_of(struct mtr_arena *arena, const Mtr__Programme *programme)
{
	const char **items = mtr_must_array(arena, programme->n_tie_breaks, sizeof *items);

	for (size_t i = 0; i < programme->n_tie_breaks; i++)
		items[i] = mtr_words_value(arena, &mtr__tie_break__descriptor, (int)programme->tie_breaks[i]);
	return mtr_cell_list(items, programme->n_tie_breaks);
}

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	static const Mtr__Quota no_quota = MTR__QUOTA__INIT;
	static const Mtr__Window no_window = MTR__WINDOW__INIT;
	const Mtr__Programme *programme = (const Mtr__Programme *)row;
	const Mtr__Quota *quota = programme->quota ? programme->quota : &no_quota;
	const Mtr__Window *demand = programme->demand_window ? programme->demand_window : &no_window;
	const Mtr__Window *nominate = programme->nomination_window ? programme->nomination_window : &no_window;
	const struct mtr_cell all[] = {
		mtr_cell_text(programme->code),
		mtr_cell_text(programme->name),
		mtr_cell_text(mtr_code_of_plan(call, programme->plan_id)),
		mtr_cell_word((int)programme->kind, NULL),
		mtr_cell_word((int)programme->mode, NULL),
		mtr_cell_word((int)programme->bloc, NULL),
		mtr_cell_word((int)quota->rule, NULL),
		mtr_cell_some(quota->target),
		mtr_cell_number(quota->in_force),
		mtr_cell_some(nominate->closes),
		mtr_cell_some(quota->minimum),
		mtr_cell_some(quota->maximum),
		mtr_cell_text(quota->document),
		mtr_cell_flag(programme->completion),
		mtr_cell_flag(programme->bloc_inferred),
		mtr_cell_text(programme->directing),
		units(call, arena, programme->organising_unit_ids, programme->n_organising_unit_ids),
		units(call, arena, programme->provider_unit_ids, programme->n_provider_unit_ids),
		mtr_cell_text(mtr_code_of_unit(call, programme->student_manager_unit_id)),
		mtr_cell_text(programme->venue),
		mtr_cell_some(demand->opens),
		mtr_cell_some(demand->closes),
		mtr_cell_some(nominate->opens),
		mtr_cell_standards(arena, programme->supplies, programme->n_supplies),
		conditions_of(call, arena, programme),
		tie_breaks_of(arena, programme),
		mtr_cell_some(programme->cost_per_head),
		mtr_cell_text(programme->funding),
		mtr_cell_some(programme->planned_classes),
		mtr_cell_flag(programme->needs_acceptance),
		mtr_cell_text(programme->note),
	};

	memcpy(cells, all, sizeof all);
	return true;
}

int mtr_do_programme_list(struct mtr_call *call)
{
	/* On a screen the first columns; the record has the rest. */
	const size_t count = call->settings.form == MTR_OUTPUT_TABLE ? 10 : sizeof columns / sizeof *columns;
	const struct mtr_view view = {&mtr__programme__descriptor, columns, count, fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME);

	return mtr_view_list(call, &list, &view);
}

int mtr_do_programme_show(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__programme__descriptor, columns, sizeof columns / sizeof *columns,
					     fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME);

	mtr_fill_text(call, "CODE", &list.code);
	return mtr_view_one(call, &list, &view, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PROGRAMME);
}
