#include "contract/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>

struct mtr_collator {
	UCollator *ucol;
};

struct part {
	const char *text;
	size_t size;
};

struct parts {
	struct part family, middle, given;
};

/* Without data for "vi" ICU falls back to the process's locale, which must never decide the order. */
static int open_vietnamese(UCollator **ret_ucol)
{
	UErrorCode error = U_ZERO_ERROR;
	UCollator *ucol = ucol_open("vi", &error);
	const char *actual = ucol ? ucol_getLocaleByType(ucol, ULOC_ACTUAL_LOCALE, &error) : NULL;

	if (U_SUCCESS(error) && actual && strcmp(actual, "vi") == 0) {
		*ret_ucol = ucol;
		return 0;
	}
	if (ucol)
		ucol_close(ucol);
	return error == U_MEMORY_ALLOCATION_ERROR ? -ENOMEM : -ENOENT;
}

int mtr_collator_open(struct mtr_collator **ret_collator)
{
	struct mtr_collator *collator = malloc(sizeof *collator);

	if (!collator)
		return -ENOMEM;

	int error = open_vietnamese(&collator->ucol);

	if (error) {
		free(collator);
		return error;
	}
	*ret_collator = collator;
	return 0;
}

void mtr_collator_close(struct mtr_collator **collator)
{
	if (!collator || !*collator)
		return;
	ucol_close((*collator)->ucol);
	free(*collator);
	*collator = NULL;
}

static int compare_parts(const struct mtr_collator *collator, struct part x, struct part y)
{
	UErrorCode error = U_ZERO_ERROR;

	return ucol_strcollUTF8(collator->ucol, x.text, (int32_t)x.size, y.text, (int32_t)y.size, &error);
}

static struct part whole(const char *text)
{
	return (struct part){text, strlen(text)};
}

int mtr_collator_compare(const struct mtr_collator *collator, const char *x, const char *y)
{
	int order = compare_parts(collator, whole(x), whole(y));

	return order ? order : strcmp(x, y);
}

static struct part trimmed(const char *from, const char *to)
{
	while (from < to && *from == ' ')
		from++;
	while (from < to && to[-1] == ' ')
		to--;
	return (struct part){from, (size_t)(to - from)};
}

static struct parts split(const char *name)
{
	struct part all = trimmed(name, name + strlen(name));
	const char *end = all.text + all.size, *given = end, *family = all.text;

	while (given > all.text && given[-1] != ' ')
		given--;
	while (family < given && *family != ' ')
		family++;
	return (struct parts){
		.family = {all.text, (size_t)(family - all.text)},
		.middle = trimmed(family, given),
		.given = {given, (size_t)(end - given)},
	};
}

int mtr_collator_compare_names(const struct mtr_collator *collator, const char *x, const char *y,
			       enum mtr_name_order order)
{
	int result = 0;

	if (order == MTR_NAMES_GIVEN_FAMILY_MIDDLE) {
		struct parts xs = split(x), ys = split(y);

		result = compare_parts(collator, xs.given, ys.given);
		if (result == 0)
			result = compare_parts(collator, xs.family, ys.family);
		if (result == 0)
			result = compare_parts(collator, xs.middle, ys.middle);
	}
	return result ? result : mtr_collator_compare(collator, x, y);
}
