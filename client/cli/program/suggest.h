/* The nearest word to one that isn't known. */
#ifndef MTR_CLI_SUGGEST_H
#define MTR_CLI_SUGGEST_H

#include <stddef.h>

/* Single-byte edits (a swap of neighbours is one) between two words of at most 63 bytes; longer ones count as far
 * apart. Upper and lower case of ASCII are the same. */
size_t mtr_word_distance(const char *x, const char *y);

/* Remembers the nearest of the words offered to it. */
struct mtr_suggestion {
	const char *wanted;
	const char *best; /* NULL: none is near enough */
	size_t distance;
};
struct mtr_suggestion mtr_suggestion_for(const char *wanted);
void mtr_suggestion_offer(struct mtr_suggestion *suggestion, const char *word);

#endif
