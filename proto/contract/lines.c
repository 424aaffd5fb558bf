#include "contract/lines.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SUM_BYTES 8u
#define SEAL_BYTES (4u + 2u * SUM_BYTES + 1u) /* "sum ", digits, newline */

struct mtr_lines mtr_lines_of(const char *text, size_t size)
{
	return (struct mtr_lines){text, text + size, false};
}

static bool fail(struct mtr_lines *lines)
{
	lines->failed = true;
	return false;
}

/* Bytes up to what ends a value; fails when nothing does. */
static size_t value_size(struct mtr_lines *lines, bool to_line_end)
{
	const char *at = lines->at;

	while (at < lines->end && *at != '\n' && (to_line_end || *at != ' '))
		at++;
	if (at == lines->end)
		lines->failed = true;
	return lines->failed ? 0 : (size_t)(at - lines->at);
}

bool mtr_lines_next_is(const struct mtr_lines *lines, const char *word)
{
	const size_t size = strlen(word);

	return !lines->failed && (size_t)(lines->end - lines->at) > size && memcmp(lines->at, word, size) == 0 &&
	       (lines->at[size] == ' ' || lines->at[size] == '\n');
}

bool mtr_lines_word(struct mtr_lines *lines, const char *word)
{
	if (!mtr_lines_next_is(lines, word))
		return fail(lines);
	lines->at += strlen(word) + 1;
	return true;
}

uint64_t mtr_lines_number(struct mtr_lines *lines)
{
	const size_t size = value_size(lines, false);
	uint64_t number = 0;

	if (lines->failed || size == 0 || (size > 1 && *lines->at == '0')) {
		fail(lines);
		return 0;
	}
	for (size_t i = 0; i < size; i++) {
		const char digit = lines->at[i];

		if (digit < '0' || digit > '9' || __builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(digit - '0'), &number)) {
			fail(lines);
			return 0;
		}
	}
	lines->at += size + 1;
	return number;
}

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool mtr_lines_hex(struct mtr_lines *lines, uint8_t *ret_bytes, size_t size)
{
	if (value_size(lines, false) != 2 * size || lines->failed)
		return fail(lines);
	for (size_t i = 0; i < 2 * size; i++)
		if (digit_value(lines->at[i]) < 0)
			return fail(lines);
	for (size_t i = 0; i < size; i++)
		ret_bytes[i] = (uint8_t)(digit_value(lines->at[2 * i]) << 4 | digit_value(lines->at[2 * i + 1]));
	lines->at += 2 * size + 1;
	return true;
}

static bool take_text(struct mtr_lines *lines, size_t size, char *ret_text, size_t room)
{
	if (lines->failed || size >= room || memchr(lines->at, '\0', size))
		return fail(lines);
	memcpy(ret_text, lines->at, size);
	ret_text[size] = '\0';
	lines->at += size + 1;
	return true;
}

bool mtr_lines_token(struct mtr_lines *lines, char *ret_text, size_t room)
{
	const size_t size = value_size(lines, false);

	return size ? take_text(lines, size, ret_text, room) : fail(lines);
}

bool mtr_lines_rest(struct mtr_lines *lines, char *ret_text, size_t room)
{
	return take_text(lines, value_size(lines, true), ret_text, room);
}

bool mtr_lines_done(const struct mtr_lines *lines)
{
	return !lines->failed && lines->at == lines->end;
}

static void sum_line(const char *text, size_t size, char ret_line[SEAL_BYTES + 1])
{
	uint8_t hash[crypto_generichash_BYTES_MIN];
	char digits[2 * SUM_BYTES + 1];

	crypto_generichash(hash, sizeof hash, (const uint8_t *)text, size, NULL, 0);
	mtr_hex_text(hash, SUM_BYTES, digits);
	(void)snprintf(ret_line, SEAL_BYTES + 1, "sum %s\n", digits);
}

bool mtr_lines_seal(char *text, size_t room)
{
	const size_t size = strlen(text);
	char line[SEAL_BYTES + 1];

	if (room < size + sizeof line)
		return false;
	sum_line(text, size, line);
	memcpy(text + size, line, sizeof line);
	return true;
}

bool mtr_lines_unseal(const char *text, size_t *size)
{
	char line[SEAL_BYTES + 1];

	if (*size < SEAL_BYTES)
		return false;
	sum_line(text, *size - SEAL_BYTES, line);
	if (memcmp(text + *size - SEAL_BYTES, line, SEAL_BYTES) != 0)
		return false;
	*size -= SEAL_BYTES;
	return true;
}

void mtr_hex_text(const uint8_t *bytes, size_t size, char *ret_text)
{
	sodium_bin2hex(ret_text, 2 * size + 1, bytes, size);
}
