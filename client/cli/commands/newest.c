#include "commands/newest.h"

#include "commands/log.h"
#include "program/must.h"

#include <stdlib.h>

struct kept {
	uint8_t *packed;
	size_t size;
};

struct mtr_newest {
	size_t limit, added;
	struct kept kept[];
};

struct mtr_newest *mtr_newest_new(size_t limit)
{
	struct mtr_newest *newest = calloc(1, sizeof *newest + limit * sizeof *newest->kept);

	if (newest)
		newest->limit = limit;
	return newest;
}

void mtr_newest_free(struct mtr_newest **newest)
{
	if (!*newest)
		return;
	for (size_t i = 0; i < (*newest)->limit; i++)
		free((*newest)->kept[i].packed);
	free(*newest);
	*newest = NULL;
}

void mtr_newest_add(struct mtr_newest *newest, const Mtr__LogEntry *entry)
{
	struct kept *place = &newest->kept[newest->added % newest->limit];
	const size_t size = mtr__log_entry__get_packed_size(entry);

	free(place->packed);
	place->packed = mtr_must(malloc(size + 1));
	place->size = mtr__log_entry__pack(entry, place->packed);
	newest->added++;
}

void mtr_newest_show(const struct mtr_newest *newest, struct mtr_call *call, struct mtr_arena *arena)
{
	size_t i = newest->added > newest->limit ? newest->added - newest->limit : 0;

	for (; i < newest->added; i++) {
		const struct kept *kept = &newest->kept[i % newest->limit];
		mtr_arena_reset(arena);
		mtr_log_show(call, arena,
			     mtr_must(mtr__log_entry__unpack(mtr_arena_allocator(arena), kept->size, kept->packed)));
	}
}
