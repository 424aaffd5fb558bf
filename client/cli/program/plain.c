#include "program/plain.h"
#include "program/must.h"

#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define LETTER_D_STROKE 0x0111
#define LETTER_ETH 0x00F0

static UChar *to_utf16(struct mtr_arena *arena, const char *text, int32_t *ret_size)
{
	size_t size = strlen(text);
	UErrorCode status = U_ZERO_ERROR;

	if (size > INT32_MAX / 8)
		return NULL;
	UChar *wide = mtr_must_array(arena, size + 1, sizeof *wide);
	u_strFromUTF8(wide, (int32_t)size + 1, ret_size, text, (int32_t)size, &status);
	return U_SUCCESS(status) ? wide : NULL;
}

static const char *to_utf8(struct mtr_arena *arena, const UChar *wide, int32_t size)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t room = size * 3 + 1;
	char *text = mtr_must_alloc(arena, (size_t)room);

	u_strToUTF8(text, room, NULL, wide, size, &status);
	return U_SUCCESS(status) ? text : "";
}

const char *mtr_plain(struct mtr_arena *arena, const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *decomposed = unorm2_getNFDInstance(&status);
	int32_t size;
	UChar *wide = to_utf16(arena, text, &size);
	int32_t used = 0;
	bool gap = false;

	if (!wide || U_FAILURE(status))
		return "";
	UChar *parts = mtr_must_array(arena, (size_t)size * 4 + 1, sizeof *parts);
	int32_t count = unorm2_normalize(decomposed, wide, size, parts, size * 4 + 1, &status);
	if (U_FAILURE(status))
		return "";
	/* What is written never overtakes what is read: a gap stands for at least one character. */
	for (int32_t i = 0; i < count; i++) {
		UChar letter = (UChar)u_tolower(parts[i]);
		if (letter == LETTER_D_STROKE || letter == LETTER_ETH)
			letter = 'd';
		if (u_charType(letter) == U_NON_SPACING_MARK)
			continue;
		if (!u_isalnum(letter)) {
			gap = used > 0;
			continue;
		}
		if (gap)
			parts[used++] = ' ';
		gap = false;
		parts[used++] = letter;
	}
	return to_utf8(arena, parts, used);
}

bool mtr_is_named(const char *names, const char *plain)
{
	size_t size = strlen(plain);

	while (*names) {
		size_t one = strcspn(names, "|");
		if (one == size && strncmp(names, plain, size) == 0)
			return true;
		names += one + (names[one] == '|');
	}
	return false;
}

/* Letters of the Latin-1 block that Vietnamese has. Ð and ð are mended elsewhere. */
static bool vietnamese_latin1(UChar letter)
{
	static const UChar letters[] = {0xC0, 0xC1, 0xC2, 0xC3, 0xC8, 0xC9, 0xCA, 0xCC, 0xCD,
					0xD2, 0xD3, 0xD4, 0xD5, 0xD9, 0xDA, 0xDD, 0xD0};

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		if (letter == letters[i] || letter - 0x20 == letters[i])
			return true;
	}
	return false;
}

/* No Vietnamese syllable has a or e before one of à á â ã è é ê; VNI writes ă, â and ê with tones so. */
static bool vni_pair(UChar before, UChar letter)
{
	before = (UChar)u_tolower(before);
	letter = (UChar)u_tolower(letter);
	return (before == 'a' || before == 'e') &&
	       ((letter >= 0xE0 && letter <= 0xE3) || (letter >= 0xE8 && letter <= 0xEA));
}

bool mtr_looks_legacy(struct mtr_arena *arena, const char *text)
{
	int32_t size;
	const UChar *wide = to_utf16(arena, text, &size);

	for (int32_t i = 0; wide && i < size; i++) {
		if (wide[i] >= 0xA1 && wide[i] <= 0xFF && !vietnamese_latin1(wide[i]))
			return true;
		if (i > 0 && vni_pair(wide[i - 1], wide[i]))
			return true;
	}
	return false;
}
