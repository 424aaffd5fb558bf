#include "contract/text.h"

#include "contract/text_character.h"

#include <errno.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* More than any request or spreadsheet cell holds. */
#define REPAIR_BYTES_MAX 65536u

struct mend {
	UChar *out;
	int32_t size;
	unsigned repairs;
	bool pending; /* a space, due before the next visible character */
};

static void put(struct mend *mend, UChar32 c)
{
	if (mend->pending && mend->size > 0 && mend->out[mend->size - 1] != '\n' && c != '\n')
		mend->out[mend->size++] = ' ';
	mend->pending = false;
	U16_APPEND_UNSAFE(mend->out, mend->size, c);
}

static void mend_character(struct mend *mend, UChar32 c, bool first, bool lines)
{
	if (c == MTR_BYTE_ORDER_MARK && first) {
		mend->repairs |= MTR_REPAIR_BYTE_ORDER_MARK;
	} else if (mtr_character_invisible(c)) {
		mend->repairs |= MTR_REPAIR_INVISIBLE;
	} else if (c == '\n' && lines) {
		if (mend->pending)
			mend->repairs |= MTR_REPAIR_SPACES;
		put(mend, c);
	} else if (mtr_character_space(c)) {
		bool kept = c == ' ' && !mend->pending && mend->size > 0 && mend->out[mend->size - 1] != '\n';

		if (!kept)
			mend->repairs |= MTR_REPAIR_SPACES;
		mend->pending = true;
	} else if (mtr_character_lookalike(c)) {
		mend->repairs |= MTR_REPAIR_LOOKALIKE;
		put(mend, c == 0xD0 ? 0x110 : 0x111);
	} else {
		put(mend, c);
	}
}

/* Spaces and empty lines at the end; those at the start were never put, lines apart. */
static void trim(struct mend *mend)
{
	int32_t start = 0;

	while (mend->size > 0 && mend->out[mend->size - 1] == '\n') {
		mend->size--;
		mend->repairs |= MTR_REPAIR_SPACES;
	}
	while (start < mend->size && mend->out[start] == '\n')
		start++;
	if (start > 0)
		mend->repairs |= MTR_REPAIR_SPACES;
	if (mend->pending)
		mend->repairs |= MTR_REPAIR_SPACES;
	mend->out += start;
	mend->size -= start;
}

static int compose(struct mtr_arena *arena, struct mend *mend)
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
	int32_t room = 3 * mend->size + 1;
	UChar *composed;

	if (unorm2_isNormalized(nfc, mend->out, mend->size, &error) && U_SUCCESS(error))
		return 0;
	composed = mtr_arena_array(arena, (size_t)room, sizeof *composed);
	if (!composed)
		return -ENOMEM;
	mend->size = unorm2_normalize(nfc, mend->out, mend->size, composed, room, &error);
	if (U_FAILURE(error))
		return -ENOMEM;
	mend->out = composed;
	mend->repairs |= MTR_REPAIR_COMPOSED;
	return 0;
}

static const char *to_utf8(struct mtr_arena *arena, const struct mend *mend)
{
	UErrorCode error = U_ZERO_ERROR;
	size_t room = 3 * (size_t)mend->size + 1;
	char *text = mtr_arena_alloc(arena, room);

	if (text)
		u_strToUTF8(text, (int32_t)room, NULL, mend->out, mend->size, &error);
	return U_SUCCESS(error) ? text : NULL;
}

int mtr_text_repair(struct mtr_arena *arena, const char *text, unsigned flags, const char **ret_text,
		    unsigned *ret_repairs)
{
	size_t size = strnlen(text, REPAIR_BYTES_MAX + 1);
	struct mend mend = {0};

	if (size > REPAIR_BYTES_MAX)
		return -E2BIG;
	mend.out = mtr_arena_array(arena, size + 1, sizeof *mend.out);
	if (!mend.out)
		return -ENOMEM;
	for (size_t at = 0; at < size;) {
		bool first = at == 0;
		UChar32 c = mtr_character_next(text, size, &at);

		if (c < 0)
			return -EILSEQ;
		mend_character(&mend, c, first, flags & MTR_TEXT_LINES);
	}
	trim(&mend);

	int error = compose(arena, &mend);
	const char *repaired = error ? NULL : to_utf8(arena, &mend);

	if (!repaired)
		return error ? error : -ENOMEM;
	*ret_text = repaired;
	*ret_repairs = mend.repairs;
	return 0;
}
