#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <stdlib.h>
#include <string.h>

/* By the last part of the path; a row with a dot, for fields that are called otherwise there, stands first. */
static const struct {
	const char *field;
	const char *text;
} fields[] = {
	{"letter.number", N_("number of the letter")},
	{"letter.date", N_("date of the letter")},
	{"decide.number", N_("number of the decision")},
	{"decide.date", N_("date of the decision")},
	{"summon.number", N_("number of the summons")},
	{"summon.date", N_("date of the summons")},
	{"plan.number", N_("number of the plan")},
	{"plan.date", N_("date of the plan")},
	{"condition.condition", N_("condition")},
	{"standard.number", N_("number of the standard")},
	{"standards.number", N_("number of the standard")},
	{"supplies.number", N_("number of the standard")},
	{"attained.number", N_("number of the standard")},
	{"accept", N_("acceptance")},
	{"acts_for_parent", N_("acts for its parent")},
	{"age_at_date", N_("age at a date")},
	{"age_date", N_("date at which the age counts")},
	{"amendments", N_("amending documents")},
	{"approval_number", N_("number of the approval")},
	{"approved_ids", N_("those approved")},
	{"approver", N_("approver")},
	{"attained", N_("standards held")},
	{"attendances", N_("attendance")},
	{"birth", N_("date of birth")},
	{"bloc", N_("bloc")},
	{"bloc_inferred", N_("bloc inferred")},
	{"capacity", N_("capacity")},
	{"category", N_("category")},
	{"citizen_number", N_("citizen number")},
	{"class_code", N_("class")},
	{"close", N_("closing")},
	{"closes", N_("deadline")},
	{"closes_on", N_("last day of the class")},
	{"code", N_("code")},
	{"completion", N_("completion programme")},
	{"condition", N_("condition")},
	{"conditions", N_("conditions")},
	{"cost_per_head", N_("cost per head")},
	{"date", N_("date")},
	{"decision_number", N_("number of the decision")},
	{"degree", N_("degree")},
	{"demand_window", N_("demand period")},
	{"directing", N_("directing body")},
	{"discipline_until", N_("discipline in force until")},
	{"document", N_("document")},
	{"documents_complete", N_("complete file")},
	{"eligible", N_("eligibility")},
	{"ethnicity", N_("ethnicity")},
	{"from_unit_code", N_("unit that gives")},
	{"full_name", N_("full name")},
	{"funding", N_("source of funds")},
	{"grade", N_("rating")},
	{"held", N_("titles held")},
	{"id", N_("number")},
	{"in_force", N_("seats in force")},
	{"instrument", N_("instrument")},
	{"issuer", N_("issuer")},
	{"kind", N_("kind")},
	{"lapsed", N_("taken back")},
	{"letter_id", N_("letter")},
	{"level", N_("level")},
	{"lost_from", N_("first entry lost")},
	{"lost_to", N_("last entry lost")},
	{"managing_unit_code", N_("managing body")},
	{"manages_people", N_("manages people")},
	{"maximum", N_("upper bound")},
	{"maximum_offset", N_("shift of the upper bound")},
	{"minimum", N_("lower bound")},
	{"minimum_offset", N_("shift of the lower bound")},
	{"mode", N_("mode")},
	{"name", N_("name")},
	{"needs_acceptance", N_("needs acceptance")},
	{"nomination_id", N_("nomination")},
	{"nomination_ids", N_("nominations")},
	{"nomination_window", N_("nomination period")},
	{"note", N_("note")},
	{"number", N_("number")},
	{"offset_codes", N_("titles with a shifted bound")},
	{"opens", N_("beginning of the period")},
	{"opens_on", N_("first day of the class")},
	{"organising_unit_codes", N_("organising units")},
	{"out_of_plan", N_("out of plan")},
	{"parent_code", N_("parent unit")},
	{"outbox", N_("outbox")},
	{"party", N_("party membership")},
	{"party_parent_code", N_("parent on the Party line")},
	{"party_since", N_("date of joining the Party")},
	{"person", N_("person")},
	{"person_id", N_("person's number")},
	{"phone", N_("telephone")},
	{"plan", N_("plan")},
	{"plan_code", N_("plan")},
	{"planned", N_("titles planned")},
	{"planned_classes", N_("planned classes")},
	{"programme", N_("programme")},
	{"programme_code", N_("programme")},
	{"provider_unit_code", N_("school")},
	{"provider_unit_codes", N_("schools")},
	{"public_key", N_("public key")},
	{"quota", N_("seats")},
	{"rank", N_("rank")},
	{"ratings", N_("ratings")},
	{"reason", N_("reason")},
	{"redacted", N_("taken out")},
	{"refused_ids", N_("those refused")},
	{"report_on", N_("day to report")},
	{"result", N_("result")},
	{"results", N_("results")},
	{"role", N_("role")},
	{"rule", N_("kind of figure")},
	{"scheme", N_("scheme of the standard")},
	{"seats", N_("seats")},
	{"service_since", N_("in service since")},
	{"sex", N_("sex")},
	{"signer", N_("signer")},
	{"since", N_("since")},
	{"standard", N_("standard")},
	{"standards", N_("standards demanded")},
	{"state", N_("state")},
	{"step", N_("step")},
	{"student_manager_unit_code", N_("student manager")},
	{"successor_code", N_("successor")},
	{"supplementary", N_("supplementary")},
	{"supplies", N_("standards supplied")},
	{"target", N_("target")},
	{"term_from", N_("first year of the term")},
	{"term_to", N_("last year of the term")},
	{"theory_equivalence", N_("certificate of equivalence to senior theory")},
	{"tie_breaks", N_("tie-breaks")},
	{"title_code", N_("title")},
	{"title_values", N_("titles of the conditions")},
	{"to_unit_code", N_("unit that receives")},
	{"unit_code", N_("unit")},
	{"unit_order", N_("order number in the list")},
	{"valid_from", N_("in force from")},
	{"valid_until", N_("in force until")},
	{"value_codes", N_("titles of the condition")},
	{"values", N_("values of the condition")},
	{"venue", N_("venue")},
	{"written_at", N_("time of writing")},
	{"year", N_("year")},
};

/* Where a path that goes on to `at` ends without the number of an item there. */
static size_t before_number(const char *path, size_t at)
{
	size_t digits = at;

	while (digits > 0 && path[digits - 1] >= '0' && path[digits - 1] <= '9')
		digits--;
	return digits < at && digits > 0 && path[digits - 1] == '.' ? digits - 1 : at;
}

/* True when `path` is `field` or ends with "." and `field`; numbers of items (".3") don't count. The first part of a
 * field with a dot may be the end of a word: "letter.number" is put_letter.number too. */
static bool ends_with(const char *path, const char *field)
{
	size_t at = strlen(path);
	size_t left = strlen(field);

	while (at > 0 && left > 0) {
		at = before_number(path, at);
		if (at == 0 || path[at - 1] != field[left - 1])
			return false;
		at--;
		left--;
	}
	if (left > 0)
		return false;
	return at == 0 || path[at - 1] == '.' || (path[at - 1] == '_' && strchr(field, '.'));
}

static const char *find(const char *path)
{
	const char *best = NULL;
	size_t best_size = 0;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		size_t size = strlen(fields[i].field);
		if (size > best_size && ends_with(path, fields[i].field)) {
			best = fields[i].text;
			best_size = size;
		}
	}
	return best;
}

bool mtr_words_field_known(const char *path)
{
	return find(path) != NULL;
}

/* The number of an item at the end of a path or before its last part, from 1; 0 without. */
static unsigned long item(const char *path)
{
	const char *best = NULL;

	for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
		if (dot[1] >= '0' && dot[1] <= '9')
			best = dot + 1;
	}
	return best ? strtoul(best, NULL, 10) + 1 : 0;
}

const char *mtr_words_field(struct mtr_arena *arena, const char *path)
{
	const char *text = find(path);
	unsigned long number = item(path);
	const char *last = strrchr(path, '.');

	if (!text)
		return mtr_must_text(arena, last ? last + 1 : path);
	if (number > 0)
		return mtr_must_print(arena, _("%s, item %lu"), _(text), number);
	return _(text);
}
