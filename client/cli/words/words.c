#include "words/words.h"
#include "contract/date.h"
#include "output/show.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/vocabulary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *mtr_words_standing(struct mtr_arena *arena, const struct mtr_standing *standing)
{
	const char *label = mtr_words_value(arena, &mtr__state__descriptor, (int)standing->state);

	if (standing->state == MTR__STATE__STATE_WAITING && standing->waiting_position > 0)
		return mtr_must_print(arena, _("waiting for a seat, number %" PRIu32), standing->waiting_position);
	if (standing->state == MTR__STATE__STATE_COMPLETED &&
	    standing->kind == MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING)
		return _("graduated");
	if (standing->state == MTR__STATE__STATE_SEATED && standing->frozen)
		label = _("list frozen");
	if (standing->vetted &&
	    (standing->state == MTR__STATE__STATE_SEATED || standing->state == MTR__STATE__STATE_WAITING))
		return mtr_must_print(arena, _("%s; vetted: eligible"), label);
	return label;
}

const char *mtr_words_standard(struct mtr_arena *arena, const Mtr__Standard *standard)
{
	if (!standard || standard->scheme == MTR__SCHEME__SCHEME_UNSPECIFIED)
		return "";
	return mtr_must_print(arena, "%s %" PRIu32,
			      mtr_words_value(arena, &mtr__scheme__descriptor, (int)standard->scheme),
			      standard->number);
}

const char *mtr_words_basis(struct mtr_arena *arena, const Mtr__Basis *basis)
{
	const char *group = mtr_words_value(arena, &mtr__priority_group__descriptor, (int)basis->group);
	struct mtr_growing out = {0};

	mtr_growing_text(&out, *basis->title_name ? basis->title_name : basis->title_code);
	if (*basis->title_name && *basis->title_code)
		mtr_growing_text(&out, mtr_must_print(arena, " (%s)", basis->title_code));
	mtr_growing_text(&out, out.size ? ": " : "");
	mtr_growing_text(&out, group);
	if (basis->lacking && basis->lacking->scheme != MTR__SCHEME__SCHEME_UNSPECIFIED)
		mtr_growing_text(&out,
				 mtr_must_print(arena, _("; lacks %s"), mtr_words_standard(arena, basis->lacking)));
	if (basis->ranks_below > 0)
		mtr_growing_text(&out, mtr_must_print(arena, _("; ranks below: %" PRIu32), basis->ranks_below));
	if (basis->term_to > 0)
		mtr_growing_text(&out, mtr_must_print(arena, _("; term %" PRIu32 "–%" PRIu32), basis->term_from,
						      basis->term_to));
	return mtr_growing_take(&out, arena);
}

/* The label of a value by its full name; NULL when it isn't one. */
static const char *label_of_name(struct mtr_arena *arena, const char *name)
{
	const char *none = strstr(name, "_UNSPECIFIED");
	const ProtobufCEnumDescriptor *words;
	int value;

	if (none && none[strlen("_UNSPECIFIED")] == '\0')
		return _("nothing");
	for (size_t n = 0; (words = mtr_words_vocabulary(n)); n++) {
		if (mtr_token_of_name(words, name, &value))
			return mtr_words_value(arena, words, value);
	}
	return NULL;
}

/* "SCHEME_THEORY:2", "2024:GRADE_GOOD" and "2024:"; NULL for others. */
static const char *pair(struct mtr_arena *arena, const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon)
		return NULL;
	const char *first = mtr_must_print(arena, "%.*s", (int)(colon - text), text);
	const char *label = label_of_name(arena, first);
	if (label)
		return mtr_must_print(arena, "%s %s", label, colon + 1);
	label = label_of_name(arena, colon + 1);
	if (!colon[1] && strlen(first) == 4 && strspn(first, "0123456789") == 4)
		label = _("nothing");
	return label ? mtr_must_print(arena, "%s: %s", first, label) : NULL;
}

/* One value of a machine text, `size` bytes long. */
static const char *one_machine(struct mtr_arena *arena, const char *text, size_t size, bool as_time)
{
	char *copy = mtr_must_print(arena, "%.*s", (int)size, text);
	const char *words = label_of_name(arena, copy);
	char date_text[MTR_DATE_TEXT];
	uint32_t date;

	words = words ? words : mtr_words_step(copy);
	words = words ? words : pair(arena, copy);
	if (words)
		return words;
	if (as_time && size > 0 && copy[strspn(copy, "0123456789")] == '\0')
		return mtr_show_time(arena, strtoull(copy, NULL, 10));
	if (size == 10 && copy[4] == '-' && mtr_date_parse(copy, &date))
		return mtr_must_text(arena, mtr_date_format(date, date_text));
	if (strcmp(copy, "true") == 0)
		return _("yes");
	if (strcmp(copy, "false") == 0)
		return _("no");
	return copy;
}

static const char *range(struct mtr_arena *arena, const char *text, const char *dots, bool as_time)
{
	const char *from = one_machine(arena, text, (size_t)(dots - text), as_time);
	const char *to = one_machine(arena, dots + 2, strlen(dots + 2), as_time);

	if (!*from)
		return mtr_must_print(arena, _("at most %s"), to);
	if (!*to)
		return mtr_must_print(arena, _("at least %s"), from);
	return mtr_must_print(arena, _("from %s to %s"), from, to);
}

const char *mtr_words_machine(struct mtr_arena *arena, const char *text, bool as_time)
{
	const char *dots = strstr(text, "..");
	struct mtr_growing out = {0};

	if (dots)
		return range(arena, text, dots, as_time);
	while (strchr(text, ',')) {
		size_t size = strcspn(text, ",");
		mtr_growing_text(&out, one_machine(arena, text, size, as_time));
		mtr_growing_text(&out, ", ");
		text += size + 1;
		text += strspn(text, " ");
	}
	mtr_growing_text(&out, one_machine(arena, text, strlen(text), as_time));
	return mtr_growing_take(&out, arena);
}
