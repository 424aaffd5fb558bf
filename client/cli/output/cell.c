#include "contract/date.h"
#include "output/output.h"
#include "output/show.h"
#include "output/tame.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <inttypes.h>
#include <string.h>

struct mtr_cell mtr_cell_text(const char *text)
{
	return (struct mtr_cell){.present = text && *text, .text = text};
}

struct mtr_cell mtr_cell_name(const char *name, bool redacted)
{
	struct mtr_cell cell = mtr_cell_text(redacted ? _("(taken out)") : name);

	cell.machine = redacted ? "" : NULL;
	return cell;
}

struct mtr_cell mtr_cell_number(uint64_t number)
{
	return (struct mtr_cell){.present = true, .number = number};
}

struct mtr_cell mtr_cell_some(uint64_t number)
{
	return (struct mtr_cell){.present = number != 0, .number = number};
}

struct mtr_cell mtr_cell_flag(bool flag)
{
	return (struct mtr_cell){.present = true, .number = flag};
}

struct mtr_cell mtr_cell_word(int value, const char *label)
{
	return (struct mtr_cell){.present = value != 0, .number = (uint64_t)value, .text = label};
}

struct mtr_cell mtr_cell_list(const char *const *items, size_t count)
{
	return (struct mtr_cell){.present = count > 0, .items = items, .count = count};
}

static const char *join(struct mtr_arena *arena, const struct mtr_cell *cell, size_t most)
{
	const size_t count = cell->count > most ? most : cell->count;
	struct mtr_growing text = {0};

	for (size_t i = 0; i < count; i++) {
		mtr_growing_text(&text, i ? "; " : "");
		mtr_growing_text(&text, cell->items[i]);
	}
	if (count < cell->count)
		mtr_growing_text(&text, mtr_must_print(arena, _(" … and %zu more"), cell->count - count));
	return mtr_growing_take(&text, arena);
}

/* On screen a line stays a line. */
static const char *tame(struct mtr_arena *arena, const char *text, bool screen)
{
	struct mtr_growing tamed = {0};

	mtr_tame_add(&tamed, text, !screen);
	return mtr_growing_take(&tamed, arena);
}

const char *mtr_cell_show(struct mtr_arena *arena, const struct mtr_column *column, const struct mtr_cell *cell,
			  bool screen)
{
	char date[MTR_DATE_TEXT];

	if (!cell->present)
		return "";
	switch (column->kind) {
	case MTR_CELL_TEXT:
		return tame(arena, cell->text, screen);
	case MTR_CELL_MONEY:
		if (screen)
			return mtr_show_money(arena, cell->number);
		return mtr_must_print(arena, "%" PRIu64, cell->number);
	case MTR_CELL_NUMBER:
		return mtr_must_print(arena, "%" PRIu64, cell->number);
	case MTR_CELL_DATE:
		return mtr_must_text(arena, mtr_date_format((uint32_t)cell->number, date));
	case MTR_CELL_TIME:
		return mtr_show_time(arena, cell->number);
	case MTR_CELL_FLAG:
		return cell->number ? _("yes") : _("no");
	case MTR_CELL_WORD:
		return cell->text ? tame(arena, cell->text, screen)
				  : mtr_words_value(arena, column->words, (int)cell->number);
	case MTR_CELL_LIST:
		return tame(arena, join(arena, cell, screen && cell->shown_most ? cell->shown_most : SIZE_MAX), screen);
	}
	return "";
}
