/* Memory of one call of the program. Without memory there is nothing a command-line program could still do well:
 * these functions say so and end it with MTR_EXIT_LOCAL. What was queued is on disk by then. */
#ifndef MTR_CLI_MUST_H
#define MTR_CLI_MUST_H

#include "contract/arena.h"

#include <stdarg.h>
#include <stddef.h>

/* `pointer`, which isn't NULL. */
void *mtr_must(void *pointer);

/* Zeroed memory of the arena. */
void *mtr_must_alloc(struct mtr_arena *arena, size_t size);
void *mtr_must_array(struct mtr_arena *arena, size_t count, size_t size);
char *mtr_must_text(struct mtr_arena *arena, const char *text);

/* A formatted text in the arena. */
__attribute__((format(printf, 2, 3))) char *mtr_must_print(struct mtr_arena *arena, const char *format, ...);

/* A text that grows; freed with mtr_growing_free, or given away by mtr_growing_take. */
struct mtr_growing {
	char *data; /* ends with a zero byte once anything was added */
	size_t size, room;
};
void mtr_growing_add(struct mtr_growing *text, const char *bytes, size_t size);
void mtr_growing_text(struct mtr_growing *text, const char *more);
void mtr_growing_free(struct mtr_growing *text);
/* A copy in the arena; frees and empties `text`. */
char *mtr_growing_take(struct mtr_growing *text, struct mtr_arena *arena);

#endif
