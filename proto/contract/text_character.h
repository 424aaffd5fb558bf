/* What single characters are to the register's text; shared by the check and the repair. */
#ifndef MTR_CONTRACT_TEXT_CHARACTER_H
#define MTR_CONTRACT_TEXT_CHARACTER_H

#include <stdbool.h>
#include <stddef.h>
#include <unicode/utypes.h>

#define MTR_BYTE_ORDER_MARK 0xFEFF

#define MTR_UTF8_MAX 4u

/* The character at *at (less than `size`), and steps over it. Strict: overlong forms, surrogates, more than U+10FFFF
 * and what is cut short give -1 and one byte is stepped over. */
UChar32 mtr_character_next(const char *text, size_t size, size_t *at);

/* Writes a character that isn't a surrogate as UTF-8 and returns its bytes. */
size_t mtr_character_put(UChar32 c, char ret_bytes[MTR_UTF8_MAX]);

/* Control, format, private-use, surrogate and non-characters; line and paragraph separators. */
bool mtr_character_forbidden(UChar32 c);

/* Format characters that show nothing: zero width, direction, soft hyphen. */
bool mtr_character_invisible(UChar32 c);

/* Any kind of space, tabs and line ends included. */
bool mtr_character_space(UChar32 c);

/* Ð U+00D0 or ð U+00F0. */
bool mtr_character_lookalike(UChar32 c);

#endif
