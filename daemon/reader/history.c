#include "contract/checkpoint.h"
#include "engine/record.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/journal.pb-c.h"
#include "reader/query.h"

#include <errno.h>
#include <string.h>

_Static_assert(MTR_HISTORY_RECORDS_MAX *MTR_HASH_BYTES < MTR_ROWS_BYTES - MTR_CHECKPOINT_BYTES, "a page is one reply");

struct page {
	struct mtr_query *q;
	Mtr__HistoryPage *page;
	uint64_t last;
};

#define END_OF_PAGE 1

static const Mtr__RecordHeader *header_of(struct page *page, const struct mtr_record_view *view)
{
	mtr_arena_reset(page->q->scratch);
	return mtr__record_header__unpack(mtr_arena_allocator(page->q->scratch), view->header.size, view->header.data);
}

static int take_checkpoint(struct page *page, struct mtr_bytes packed)
{
	Mtr__Command *command = mtr__command__unpack(mtr_arena_allocator(page->q->arena), packed.size, packed.data);

	if (!command || command->body_case != MTR__COMMAND__BODY_CHECKPOINT)
		return mtr_query_good(page->q) ? -EBADMSG : -ENOMEM;
	page->page->checkpoint = command->checkpoint;
	return 0;
}

static int look_at(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		   size_t size)
{
	struct page *page = context;
	ProtobufCBinaryData *digests = &page->page->digests;
	struct mtr_record_view view;
	int error = mtr_record_read(record, size, &view);
	const Mtr__RecordHeader *header = error ? NULL : header_of(page, &view);

	(void)chain_after;
	if (!header)
		return -EBADMSG;
	if (header->command_tag == MTR__COMMAND__BODY_CHECKPOINT && !header->principal_id)
		error = take_checkpoint(page, view.command);
	if (digests->data && !error) {
		error = mtr_record_digest(record, size, digests->data + digests->len);
		digests->len += MTR_HASH_BYTES;
	}
	return error ? error : revision >= page->last ? END_OF_PAGE : 0;
}

static bool read_page(struct page *page, uint64_t first)
{
	struct mtr_engine *engine = page->q->options->engine;

	if (first > page->last)
		return true;
	if (engine->operations->fetch(engine, first, look_at, page) >= 0)
		return true;
	if (mtr_query_good(page->q))
		page->q->txn->error = MTR_STORE_IO;
	return false;
}

/* Without a revision to begin with: nothing but the newest checkpoint. */
static bool read_newest(struct page *page)
{
	struct mtr_checkpoint_place place;

	mtr_read_checkpoint(page->q->txn, &place);
	page->last = place.revision;
	return mtr_query_good(page->q) && (!place.revision || read_page(page, place.revision));
}

static bool read_from(struct page *page, uint64_t from)
{
	const uint64_t head = page->q->revision;
	uint64_t count = head - from + 1;

	if (count > MTR_HISTORY_RECORDS_MAX)
		count = MTR_HISTORY_RECORDS_MAX;
	page->page->digests.data = mtr_arena_alloc(page->q->arena, (size_t)count * MTR_HASH_BYTES + 1);
	page->last = from + count - 1;
	page->page->more = page->last < head;
	return page->page->digests.data && read_page(page, from);
}

bool mtr_query_history(struct mtr_query *q)
{
	const uint64_t from = q->query->history->from_revision;
	struct page page = {.q = q, .page = mtr_arena_alloc(q->arena, sizeof *page.page)};

	if (!page.page)
		return false;
	if (from > q->revision + 1) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_AHEAD_OF_REGISTER, "history.from_revision", NULL,
				 q->revision);
		return true;
	}
	mtr__history_page__init(page.page);
	page.page->from_revision = from;
	if (!(from ? read_from(&page, from) : read_newest(&page)))
		return false;
	q->answer->body_case = MTR__ANSWER__BODY_HISTORY;
	q->answer->history = page.page;
	return true;
}
