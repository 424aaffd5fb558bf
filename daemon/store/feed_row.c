#include "store/feed_row.h"

#include "store/read.h"

#include <string.h>

static void fill_home(Mtr__Home *message, struct mtr_home home)
{
	mtr__home__init(message);
	message->kind = (Mtr__HomeKind)home.kind;
	message->a = home.a;
	message->b = home.b;
}

Mtr__Home *mtr_home_message(struct mtr_arena *arena, struct mtr_home home)
{
	Mtr__Home *message = mtr_arena_alloc(arena, sizeof *message);

	if (message)
		fill_home(message, home);
	return message;
}

static Mtr__Tombstone *tombstone_message(struct mtr_arena *arena, struct mtr_bytes reason)
{
	Mtr__Tombstone *message = mtr_arena_alloc(arena, sizeof *message);

	if (!message)
		return NULL;
	mtr__tombstone__init(message);
	message->reason = mtr_arena_alloc(arena, reason.size + 1);
	if (!message->reason)
		return NULL;
	memcpy(message->reason, reason.data, reason.size);
	return message;
}

Mtr__FeedRow *mtr_item_message(struct mtr_arena *arena, const struct mtr_feed_item *item)
{
	struct {
		Mtr__FeedRow row;
		Mtr__Home home;
	} *both = mtr_arena_alloc(arena, sizeof *both);

	if (!both)
		return NULL;

	Mtr__FeedRow *row = &both->row;

	mtr__feed_row__init(row);
	fill_home(&both->home, item->home);
	row->home = &both->home;
	row->type = item->type;
	row->id = item->id;
	row->revision = item->revision;
	row->ordinal = item->ordinal;
	if (item->live) {
		row->content_case = MTR__FEED_ROW__CONTENT_ROW;
		row->row = (ProtobufCBinaryData){item->content.size, (uint8_t *)(uintptr_t)item->content.data};
		return row;
	}
	row->content_case = MTR__FEED_ROW__CONTENT_TOMBSTONE;
	row->tombstone = tombstone_message(arena, item->content);
	return row->tombstone ? row : NULL;
}

Mtr__FeedRow *mtr_row_message(struct mtr_arena *arena, const struct mtr_row *row)
{
	const struct mtr_feed_item item = {
		.home = row->home,
		.revision = row->revision,
		.ordinal = row->ordinal,
		.type = row->type,
		.id = row->id,
		.live = true,
		.content = row->bytes,
	};

	return mtr_item_message(arena, &item);
}
