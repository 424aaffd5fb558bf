/* What a desk was told, in a file of its own beside the outbox: it outlives the process, as a clerk's memory would. */
#ifndef CHAOS_DIARY_H
#define CHAOS_DIARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIARY_HASH_BYTES 32u

struct diary_answer {
	uint64_t revision;              /* 0: none yet */
	uint64_t id;                    /* of what was made: nomination, letter, person ...; 0 with an error */
	uint8_t hash[DIARY_HASH_BYTES]; /* of the packed Answer */
};

struct diary {
	int file;
	struct diary_answer *answers; /* of steps 1 to count */
	uint64_t count;
	uint64_t last; /* the highest step answered */
};

/* Opens the file, or makes it, and reads what it holds. A line that was cut off is taken off: its answer comes again.
 * False when it can't be read, or tells one answer in two ways. */
bool diary_open(struct diary *ret_diary, const char *path, uint64_t count);
void diary_close(struct diary *diary);

/* Writes an answer down. False when it can't be written, isn't an Answer, or contradicts an earlier one. */
bool diary_write(struct diary *diary, uint64_t step, const uint8_t *answer, size_t size);

/* NULL as long as the step has no answer. */
const struct diary_answer *diary_read(const struct diary *diary, uint64_t step);

#endif
