#include "reader/query.h"

static bool nothing_new(const Mtr__FeedPage *page)
{
	return page->at_head && !page->n_rows && !page->n_homes_added && !page->n_homes_removed;
}

static bool narrow(struct mtr_query *q, const char *class_code, struct mtr_home *home, struct mtr_scope *scope)
{
	uint32_t class_id;

	if (!mtr_filter_class(q, "feed.class_code", class_code, &class_id))
		return false;
	if (class_id) {
		*home = mtr_home_class(class_id);
		*scope = (struct mtr_scope){.homes = home, .count = 1};
	}
	return true;
}

bool mtr_query_feed(struct mtr_query *q)
{
	const Mtr__Feed *feed = q->query->feed;
	const struct mtr_bytes cursor = {feed->cursor.data, feed->cursor.len};
	struct mtr_scope scope = *q->scope;
	struct mtr_home home;
	Mtr__FeedPage *page;

	if (feed->wait_ms > MTR_FEED_WAIT_MS_MAX) {
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE, "feed.wait_ms", "0..25000",
				 MTR_FEED_WAIT_MS_MAX);
		return true;
	}
	if (!narrow(q, feed->class_code, &home, &scope))
		return mtr_query_refused(q);
	switch (mtr_feed_page(q->txn, q->arena, &scope, q->options->incarnation, cursor, feed->limit, &page)) {
	case MTR_FEED_OK:
		break;
	case MTR_FEED_CURSOR_INVALID:
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_CURSOR_INVALID, "feed.cursor", NULL, 0);
		return true;
	case MTR_FEED_STORE_ERROR:
	case MTR_FEED_MEMORY:
		return false;
	}
	if (q->may_wait && nothing_new(page))
		q->wait_ms = feed->wait_ms;
	q->answer->body_case = MTR__ANSWER__BODY_PAGE;
	q->answer->page = page;
	return true;
}
