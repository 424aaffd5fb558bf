#include "cadre.h"

#include <string.h>

/* How many fitting people a desk needs for each of its seats: some will be found wanting at vetting. */
enum { PEOPLE_PER_10_SEATS = 12 };

static bool has_title(const struct cadre *cadre, const char *codes, const struct person *person)
{
	for (size_t n = 0; n < person->held_count; n++) {
		if (has_word(codes, cadre->titles[person->held[n].title].code))
			return true;
	}
	return false;
}

bool in_audience(const struct cadre *cadre, const struct programme *programme, const struct person *person)
{
	bool reached = has_title(cadre, programme->audience, person);
	for (size_t n = 0; n < person->planned_count && !reached; n++) {
		const struct planned *planned = &person->planned[n];
		reached = planned->term_to >= cadre->year &&
			  has_word(programme->audience, cadre->titles[planned->title].code);
	}
	return reached && !covers(&person->attained, programme->supplies);
}

bool fits(const struct cadre *cadre, const struct programme *programme, const struct person *person)
{
	if (!in_audience(cadre, programme, person) || !person->documents || person->discipline_until)
		return false;
	if (person->party < programme->party)
		return false;
	if (programme->bachelor && !has_word("bachelor;master;doctor", person->degree))
		return false;
	if (programme->holds_one && !covers(&person->attained, programme->holds))
		return false;
	if (programme->equivalence && !person->equivalence)
		return false;
	if (programme->age_below == 0)
		return true;
	uint32_t below = programme->age_below;
	if (has_title(cadre, programme->offset_titles, person))
		below -= programme->age_offset;
	return cadre->year - person->birth / 10000 < below;
}

/* The largest share of a seat that is still owed decides who gets the next. */
static void share_out(uint32_t seats, const uint32_t *most, uint32_t *shares, size_t count, const char *code)
{
	uint64_t all = 0, remainders[UNITS_MAX] = {0};
	uint32_t given = 0;
	for (size_t n = 0; n < count; n++)
		all += most[n];
	if (all < seats)
		die("%s: %u seats, but only enough fitting people for %u", code, seats, (unsigned)all);
	for (size_t n = 0; n < count; n++) {
		shares[n] = (uint32_t)((uint64_t)seats * most[n] / all);
		remainders[n] = (uint64_t)seats * most[n] % all;
		given += shares[n];
	}
	while (given < seats) {
		size_t best = count;
		for (size_t n = 0; n < count; n++) {
			if (shares[n] < most[n] && (best == count || remainders[n] > remainders[best]))
				best = n;
		}
		shares[best]++;
		remainders[best] = 0;
		given++;
	}
}

void make_shares(struct cadre *cadre)
{
	for (size_t p = 0; p < cadre->programme_count; p++) {
		uint32_t most[UNITS_MAX] = {0};
		for (size_t n = 0; n < cadre->people_count; n++) {
			const struct person *person = &cadre->people[n];
			int desk = cadre->units[person->unit].desk;
			if (desk != NONE && fits(cadre, &cadre->programmes[p], person))
				most[desk]++;
		}
		for (size_t d = 0; d < cadre->unit_count; d++)
			most[d] = most[d] * 10 / PEOPLE_PER_10_SEATS;
		share_out(cadre->programmes[p].seats, most, cadre->shares[p], cadre->unit_count,
			  cadre->programmes[p].code);
	}
}
