/* The lists of people put forward, as desks really send them: some in other normal forms, with look-alike letters and
 * marks of spreadsheet programs, some rows simply wrong. */
#include "cadre.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* More are put forward than there are seats, and a few of them don't meet the conditions. */
enum { SURPLUS_PERCENT = 15, UNFIT_PERCENT = 3 };

enum habit { HABIT_NONE, HABIT_DECOMPOSED, HABIT_LOOKALIKE, HABIT_SPACES, HABIT_WINDOWS };

enum mistake {
	SHORT_NUMBER,
	NO_SUCH_DAY,
	OTHER_UNIT,
	TWICE,
	OTHER_NAME,
	OTHER_SEX,
	MISTAKES,
};

struct list {
	const struct cadre *cadre;
	FILE *file;
	enum habit habit;
	const char *programme;
	uint32_t order;
};

static enum habit habit_of(const char *desk)
{
	static const char *const desks[] = {"", "HU-TB", "HU-TT", "HU-CM", "HU-LX"};
	for (int habit = HABIT_DECOMPOSED; habit <= HABIT_WINDOWS; habit++) {
		if (strcmp(desk, desks[habit]) == 0)
			return (enum habit)habit;
	}
	return HABIT_NONE;
}

static void decompose(const char *text, char *room, size_t size)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar composed[2 * NAME_MAX_BYTES], parts[4 * NAME_MAX_BYTES];
	const UNormalizer2 *normalizer = unorm2_getNFDInstance(&error);
	u_strFromUTF8(composed, 2 * NAME_MAX_BYTES, NULL, text, -1, &error);
	unorm2_normalize(normalizer, composed, -1, parts, 4 * NAME_MAX_BYTES, &error);
	u_strToUTF8(room, (int32_t)size, NULL, parts, -1, &error);
	if (U_FAILURE(error))
		die("%s: %s", text, u_errorName(error));
}

/* Copies with every `from` replaced. */
static void replace(const char *text, const char *from, const char *to, char *room, size_t size)
{
	size_t at = 0;
	while (*text && at + strlen(to) + 1 < size) {
		if (strncmp(text, from, strlen(from)) == 0) {
			memcpy(room + at, to, strlen(to));
			at += strlen(to);
			text += strlen(from);
		} else {
			room[at++] = *text++;
		}
	}
	room[at] = '\0';
}

static void write_name(const struct list *list, const char *name)
{
	char room[4 * NAME_MAX_BYTES];
	switch (list->habit) {
	case HABIT_DECOMPOSED:
		decompose(name, room, sizeof room);
		break;
	case HABIT_LOOKALIKE:
		replace(name, "Đ", "\xc3\x90", room, sizeof room);
		break;
	case HABIT_SPACES:
		replace(name, " ", "  ", room, sizeof room);
		break;
	case HABIT_NONE:
	case HABIT_WINDOWS:
		snprintf(room, sizeof room, "%s", name);
		break;
	}
	write_cell(list->file, room, ",");
}

struct entry {
	const char *name, *citizen_number, *birth, *unit;
	bool woman;
};

static void write_entry(struct list *list, struct entry entry)
{
	char order[16], letter[48];
	snprintf(order, sizeof order, "%u", ++list->order);
	snprintf(letter, sizeof letter, "@%s@", list->programme);
	write_cell(list->file, list->programme, ",");
	write_cell(list->file, letter, ",");
	write_cell(list->file, order, ",");
	write_name(list, entry.name);
	write_cell(list->file, entry.woman ? "" : entry.birth, ",");
	write_cell(list->file, entry.woman ? entry.birth : "", ",");
	write_cell(list->file, entry.citizen_number, ",");
	write_cell(list->file, entry.unit, list->habit == HABIT_WINDOWS ? "\r\n" : "\n");
}

static struct entry entry_of(const struct cadre *cadre, const struct person *person, char birth[16])
{
	return (struct entry){
		.name = person->name,
		.citizen_number = person->citizen_number,
		.birth = date_text(person->birth, birth),
		.unit = cadre->units[person->unit].code,
		.woman = person->woman,
	};
}

/* One row with a mistake of the kind, made from somebody who was put forward. */
static void write_mistake(struct list *list, const struct person *person, enum mistake mistake)
{
	char birth[16], number[16];
	struct entry entry = entry_of(list->cadre, person, birth);
	snprintf(number, sizeof number, "%s", person->citizen_number);
	switch (mistake) {
	case SHORT_NUMBER: /* a spreadsheet took the number for a figure */
		entry.citizen_number = number + 1;
		break;
	case NO_SUCH_DAY:
		entry.birth = "31/02/1980";
		break;
	case OTHER_UNIT:
		for (size_t n = 0; n < list->cadre->people_count; n++) {
			const struct person *other = &list->cadre->people[n];
			if (list->cadre->units[other->unit].desk != list->cadre->units[person->unit].desk &&
			    *other->citizen_number) {
				entry = entry_of(list->cadre, other, birth);
				break;
			}
		}
		break;
	case OTHER_NAME:
		entry.name = "Nguyễn Văn Không";
		break;
	case OTHER_SEX:
		entry.woman = !entry.woman;
		break;
	case TWICE:
	case MISTAKES:
		break;
	}
	write_entry(list, entry);
}

/* The people of a desk, or with a title there, whom `suits` takes, in random order. */
static size_t gather(const struct cadre *cadre, size_t programme, int desk, bool fitting, struct random *random,
		     const struct person **chosen)
{
	size_t count = 0;
	for (size_t n = 0; n < cadre->people_count; n++) {
		const struct person *person = &cadre->people[n];
		bool ours =
			cadre->units[person->unit].desk == desk || person->held[person->held_count - 1].unit == desk;
		if (!ours || !in_audience(cadre, &cadre->programmes[programme], person) ||
		    fits(cadre, &cadre->programmes[programme], person) != fitting)
			continue;
		size_t place = random_below(random, (uint32_t)++count);
		chosen[count - 1] = chosen[place];
		chosen[place] = person;
	}
	return count;
}

/* More than there are seats; but one district is slow with what isn't urgent. */
static size_t wanted_rows(const struct cadre *cadre, size_t programme, size_t desk)
{
	uint32_t seats = cadre->shares[programme][desk];
	if (cadre->programmes[programme].still_open && strcmp(cadre->units[desk].code, "HU-CD") == 0)
		return seats * 6 / 10;
	return seats + (seats * SURPLUS_PERCENT + 99) / 100;
}

/* One programme's rows. The letter's number in the register isn't known yet: the desk puts it in the place of @CODE@.
 */
static void write_rows(struct list *list, size_t programme, size_t desk, const struct person **room)
{
	const struct cadre *cadre = list->cadre;
	uint32_t seats = cadre->shares[programme][desk];
	struct random random = random_for(cadre->seed + 1, programme * UNITS_MAX + desk);
	char birth[16];
	list->programme = cadre->programmes[programme].code;
	list->order = 0;
	size_t fitting = gather(cadre, programme, (int)desk, true, &random, room);
	size_t wanted = wanted_rows(cadre, programme, desk);
	for (size_t n = 0; n < fitting && n < wanted; n++)
		write_entry(list, entry_of(cadre, room[n], birth));
	const struct person *first = room[0];
	size_t unfit = gather(cadre, programme, (int)desk, false, &random, room);
	for (size_t n = 0; n < unfit && n * 100 < wanted * UNFIT_PERCENT; n++)
		write_entry(list, entry_of(cadre, room[n], birth));
	if (seats >= 12 && *first->citizen_number)
		write_mistake(list, first, (enum mistake)((desk + programme) % MISTAKES));
}

static void write_list(const struct cadre *cadre, const char *out, size_t desk, const struct person **room)
{
	char name[128];
	snprintf(name, sizeof name, "nominations/%s.csv", cadre->units[desk].code);
	struct list list = {
		.cadre = cadre,
		.file = open_to_write(out, name),
		.habit = habit_of(cadre->units[desk].code),
	};
	if (list.habit == HABIT_WINDOWS)
		fputs("\xef\xbb\xbf", list.file);
	write_row(list.file, "Chương trình", "Công văn", "STT", "Họ và tên", "Nam", "Nữ", "CCCD", "Đơn vị", NULL);
	for (size_t programme = 0; programme < cadre->programme_count; programme++) {
		if (cadre->shares[programme][desk] > 0)
			write_rows(&list, programme, desk, room);
	}
	close_written(list.file);
}

void write_nominations(const struct cadre *cadre, const char *out)
{
	const struct person **room = calloc(cadre->people_count, sizeof *room);
	if (!room)
		die("no memory");
	for (size_t desk = 0; desk < cadre->unit_count; desk++) {
		if (cadre->units[desk].desk == (int)desk)
			write_list(cadre, out, desk, room);
	}
	free(room);
}
