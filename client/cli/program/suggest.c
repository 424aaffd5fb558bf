#include "program/suggest.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX 63u

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t x, size_t y)
{
	return x < y ? x : y;
}

size_t mtr_word_distance(const char *x, const char *y)
{
	size_t rows[3][WORD_MAX + 1];
	size_t x_size = strlen(x);
	size_t y_size = strlen(y);

	if (x_size > WORD_MAX || y_size > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= y_size; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= x_size; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3];
		const size_t *two_above = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= y_size; j++) {
			size_t edit = lower(x[i - 1]) == lower(y[j - 1]) ? 0 : 1;
			row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + edit);
			if (i > 1 && j > 1 && lower(x[i - 1]) == lower(y[j - 2]) && lower(x[i - 2]) == lower(y[j - 1]))
				row[j] = least(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[x_size % 3][y_size];
}

struct mtr_suggestion mtr_suggestion_for(const char *wanted)
{
	return (struct mtr_suggestion){.wanted = wanted, .distance = strlen(wanted) / 3 + 1};
}

void mtr_suggestion_offer(struct mtr_suggestion *suggestion, const char *word)
{
	size_t size = strlen(suggestion->wanted);
	size_t distance = mtr_word_distance(suggestion->wanted, word);

	/* The beginning of a word is a good guess at it. */
	if (size >= 2 && strncasecmp(word, suggestion->wanted, size) == 0)
		distance = least(distance, 1);
	if (distance < suggestion->distance) {
		suggestion->best = word;
		suggestion->distance = distance;
	}
}
