#include "contract/text_character.h"

#include <unicode/uchar.h>

#define FORBIDDEN (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)

/* Bytes that follow a lead byte; -1 for a byte that leads nothing. */
static int followers(uint8_t lead)
{
	if (lead < 0x80)
		return 0;
	if (lead < 0xC2 || lead > 0xF4)
		return -1;
	return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

UChar32 mtr_character_next(const char *text, size_t size, size_t *at)
{
	static const UChar32 least[4] = {0, 0x80, 0x800, 0x10000};
	uint8_t lead = (uint8_t)text[(*at)++];
	int count = followers(lead);
	UChar32 c = count > 0 ? lead & (0x3F >> count) : lead;

	if (count < 0 || size - *at < (size_t)count)
		return -1;
	for (int i = 0; i < count; i++) {
		uint8_t byte = (uint8_t)text[*at + (size_t)i];

		if ((byte & 0xC0) != 0x80)
			return -1;
		c = c << 6 | (byte & 0x3F);
	}
	if (c < least[count] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return -1;
	*at += (size_t)count;
	return c;
}

size_t mtr_character_put(UChar32 c, char ret_bytes[MTR_UTF8_MAX])
{
	static const uint8_t lead[4] = {0, 0xC0, 0xE0, 0xF0};
	uint32_t value = (uint32_t)c;
	size_t count = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;

	for (size_t i = count - 1; i > 0; i--, value >>= 6)
		ret_bytes[i] = (char)(0x80 | (value & 0x3F));
	ret_bytes[0] = (char)(lead[count - 1] | value);
	return count;
}

bool mtr_character_forbidden(UChar32 c)
{
	return (U_GET_GC_MASK(c) & FORBIDDEN) != 0 || U_IS_UNICODE_NONCHAR(c);
}

bool mtr_character_invisible(UChar32 c)
{
	return (U_GET_GC_MASK(c) & U_GC_CF_MASK) != 0;
}

bool mtr_character_space(UChar32 c)
{
	return u_isUWhiteSpace(c);
}

bool mtr_character_lookalike(UChar32 c)
{
	return c == 0xD0 || c == 0xF0;
}
