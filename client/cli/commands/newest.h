/* The newest of a list that comes oldest first: none is shown before the last has come. */
#ifndef MTR_CLI_NEWEST_H
#define MTR_CLI_NEWEST_H

#include "matricula/v1/queries.pb-c.h"
#include "program/call.h"

struct mtr_newest;

/* Keeps up to `limit` entries; NULL without memory. */
struct mtr_newest *mtr_newest_new(size_t limit);
void mtr_newest_free(struct mtr_newest **newest);

/* Takes a copy. */
void mtr_newest_add(struct mtr_newest *newest, const Mtr__LogEntry *entry);

/* Shows what is kept, oldest first; the arena takes one after the other. */
void mtr_newest_show(const struct mtr_newest *newest, struct mtr_call *call, struct mtr_arena *arena);

#endif
