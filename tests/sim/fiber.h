/* A blocking call on a stack of its own. It runs only while fiber_resume waits for it, so there is never more than one
 * thread at work, and what happens follows from the seed alone. */
#ifndef SIM_FIBER_H
#define SIM_FIBER_H

#include <stdbool.h>

struct fiber;

/* Prepares a call; it begins with the first resume. */
struct fiber *fiber_new(void (*body)(void *context), void *context);
/* Lets it run until it waits or ends. False when it has ended. */
bool fiber_resume(struct fiber *fiber);
/* Of an ended one; nulls. NULL is fine. */
void fiber_free(struct fiber **fiber);

/* From within: back to whoever resumed it. */
void fiber_wait(struct fiber *fiber);

#endif
