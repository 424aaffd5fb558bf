/* Small text files of our own: lines of a word and its values, divided by single blanks, in a fixed order. People can
 * read them, and what isn't exactly so isn't taken. */
#ifndef MTR_CONTRACT_LINES_H
#define MTR_CONTRACT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads on from `at`. After the first thing that isn't as expected nothing is taken any more. */
struct mtr_lines {
	const char *at, *end;
	bool failed;
};

struct mtr_lines mtr_lines_of(const char *text, size_t size);

/* Each takes what is expected and the one blank or newline after it. On failure 0, and the output is untouched. */

/* This word. */
bool mtr_lines_word(struct mtr_lines *lines, const char *word);
/* True, and nothing is taken, when this word comes next. */
bool mtr_lines_next_is(const struct mtr_lines *lines, const char *word);
/* Decimal digits. */
uint64_t mtr_lines_number(struct mtr_lines *lines);
/* Exactly `size` bytes as lower-case hexadecimal digits. */
bool mtr_lines_hex(struct mtr_lines *lines, uint8_t *ret_bytes, size_t size);
/* Up to the next blank or newline, not empty, with a zero after it; shorter than `room`. */
bool mtr_lines_token(struct mtr_lines *lines, char *ret_text, size_t room);
/* The same up to the end of the line; may be empty. */
bool mtr_lines_rest(struct mtr_lines *lines, char *ret_text, size_t room);
/* True at the end of the text when nothing failed. */
bool mtr_lines_done(const struct mtr_lines *lines);

/* A last line with a sum of all before it, for what a flipped bit would make say something else. */

/* Appends it to a text that has room for so many bytes with its zero; false when it doesn't fit. */
bool mtr_lines_seal(char *text, size_t room);
/* Takes it off the size; false when it isn't there or isn't of this text. */
bool mtr_lines_unseal(const char *text, size_t *size);

/* The other way round: `size` bytes as text of 2 × size digits and a zero. */
void mtr_hex_text(const uint8_t *bytes, size_t size, char *ret_text);

#endif
