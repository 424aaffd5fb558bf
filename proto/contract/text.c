#include "contract/text.h"

#include "contract/text_character.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static bool blank(const char *text)
{
	return text[strspn(text, " \n")] == 0;
}

static Mtr__ErrorCode check_characters(const char *text, size_t size, unsigned flags)
{
	Mtr__ErrorCode found = MTR__ERROR_CODE__ERROR_CODE_NONE;

	for (size_t at = 0; at < size;) {
		UChar32 c = mtr_character_next(text, size, &at);

		if (c < 0)
			return MTR__ERROR_CODE__ERROR_CODE_FIELD_NOT_UTF8;
		if (c == '\n' && (flags & MTR_TEXT_LINES))
			continue;
		if (mtr_character_forbidden(c))
			found = MTR__ERROR_CODE__ERROR_CODE_FIELD_CHARACTER;
		else if (mtr_character_lookalike(c) && found == MTR__ERROR_CODE__ERROR_CODE_NONE)
			found = MTR__ERROR_CODE__ERROR_CODE_FIELD_LOOKALIKE;
	}
	return found;
}

/* `text` is UTF-8 of at most MTR_TEXT_MAX bytes. */
static bool is_nfc(const char *text, int32_t size)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar wide[MTR_TEXT_MAX];
	int32_t count, at = 0;

	while (at < size && (uint8_t)text[at] < 0x80)
		at++;
	if (at == size) /* ASCII is in every normal form */
		return true;

	const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);

	u_strFromUTF8(wide, MTR_TEXT_MAX, &count, text, size, &error);
	return unorm2_isNormalized(nfc, wide, count, &error) && U_SUCCESS(error);
}

Mtr__ErrorCode mtr_text_check(const char *text, size_t most, unsigned flags)
{
	if (most > MTR_TEXT_MAX)
		most = MTR_TEXT_MAX;
	if ((flags & MTR_TEXT_REQUIRED) && blank(text))
		return MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING;

	size_t size = strnlen(text, most + 1);

	if (size > most)
		return MTR__ERROR_CODE__ERROR_CODE_FIELD_TOO_LONG;

	Mtr__ErrorCode found = check_characters(text, size, flags);

	if (found == MTR__ERROR_CODE__ERROR_CODE_NONE && !is_nfc(text, (int32_t)size))
		return MTR__ERROR_CODE__ERROR_CODE_FIELD_NOT_NFC;
	return found;
}

/* Writes the folded form unless `out` is NULL; its size, or SIZE_MAX when `text` isn't UTF-8. */
static size_t fold(const char *text, size_t size, char *out)
{
	size_t folded = 0;

	for (size_t at = 0; at < size;) {
		UChar32 c = mtr_character_next(text, size, &at);
		char bytes[MTR_UTF8_MAX];

		if (c < 0)
			return SIZE_MAX;

		size_t count = mtr_character_put(u_foldCase(c, U_FOLD_CASE_DEFAULT), bytes);

		if (out)
			memcpy(out + folded, bytes, count);
		folded += count;
	}
	return folded;
}

bool mtr_text_fold(const char *text, char *ret_text, size_t size)
{
	size_t length = strlen(text);

	if (fold(text, length, NULL) >= size)
		return false;
	ret_text[fold(text, length, ret_text)] = 0;
	return true;
}

static size_t columns(UChar32 c)
{
	if (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK))
		return 0;
	switch ((UEastAsianWidth)u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH)) {
	case U_EA_WIDE:
	case U_EA_FULLWIDTH:
		return 2;
	case U_EA_NEUTRAL:
	case U_EA_AMBIGUOUS:
	case U_EA_HALFWIDTH:
	case U_EA_NARROW:
	case U_EA_COUNT:
	default:
		return 1;
	}
}

size_t mtr_text_width(const char *text)
{
	size_t size = strlen(text), width = 0;

	for (size_t at = 0; at < size;) {
		UChar32 c = mtr_character_next(text, size, &at);

		width += c < 0 ? 1 : columns(c);
	}
	return width;
}
