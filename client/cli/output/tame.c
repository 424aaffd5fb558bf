#include "output/tame.h"
#include "contract/text_character.h"

#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD";

static bool is_blank(UChar32 c)
{
	return c == '\t' || c == '\n' || c == '\r';
}

void mtr_tame_add(struct mtr_growing *line, const char *text, bool lines)
{
	const size_t size = strlen(text);
	size_t done = 0;

	for (size_t at = 0; at < size;) {
		const size_t start = at;
		const UChar32 c = mtr_character_next(text, size, &at);

		if (c >= 0 && (!mtr_character_forbidden(c) || (lines && c == '\n')))
			continue;
		mtr_growing_add(line, text + done, start - done);
		mtr_growing_text(line, is_blank(c) ? " " : replacement);
		done = at;
	}
	mtr_growing_add(line, text + done, size - done);
}
