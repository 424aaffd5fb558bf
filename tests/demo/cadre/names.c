#include "cadre.h"

#include <string.h>

static bool part_suits(const struct name_part *part, const char *kind, const struct person *person)
{
	if (strcmp(part->part, kind) != 0 || strcmp(part->ethnicity, person->ethnicity) != 0)
		return false;
	return *part->sex == '\0' || strcmp(part->sex, person->woman ? "female" : "male") == 0;
}

static const char *pick(const struct cadre *cadre, struct random *random, const char *kind, const struct person *person)
{
	uint32_t sum = 0;
	for (size_t n = 0; n < cadre->name_count; n++)
		sum += part_suits(&cadre->names[n], kind, person) ? cadre->names[n].weight : 0;
	if (sum == 0)
		die("no %s names for %s", kind, person->ethnicity);
	uint32_t at = random_below(random, sum);
	for (size_t n = 0; n < cadre->name_count; n++) {
		const struct name_part *part = &cadre->names[n];
		if (!part_suits(part, kind, person))
			continue;
		if (at < part->weight)
			return part->text;
		at -= part->weight;
	}
	die("names.csv: weights don't add up");
}

void make_name(const struct cadre *cadre, struct random *random, struct person *person)
{
	const char *family = pick(cadre, random, "family", person);
	const char *given = pick(cadre, random, "given", person);
	/* One in sixteen has no middle name; as many Kinh have the mother's family name in its place. */
	uint32_t dice = random_below(random, 16);
	if (dice == 1 && strcmp(person->ethnicity, "Kinh") != 0)
		dice = 0;
	const char *middle = dice == 0   ? ""
			     : dice == 1 ? pick(cadre, random, "family", person)
					 : pick(cadre, random, "middle", person);
	snprintf(person->name, sizeof person->name, "%s %s%s%s", family, middle, *middle ? " " : "", given);
}
