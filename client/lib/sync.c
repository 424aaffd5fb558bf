#include "sync.h"

#include "history.h"
#include "store/verify.h"
#include "unreadable.h"

#include <string.h>

#define SCRATCH_BYTES (2u * 1024u * 1024u)
/* Role and unit of this key are told by the hello; the mirror's answers depend on them. */
#define HELLO_FRESH_MS 60000u

/* What the page was asked for with. */
struct question {
	uint8_t cursor[MTR_MIRROR_CURSOR_MAX];
	size_t size;
};

static void tell_change(void *context, const struct mtr_mirror_change *change)
{
	const struct mtr_sync *sync = context;
	const struct mtr_client_change told = {
		.home_kind = change->home.kind,
		.home_a = change->home.a,
		.home_b = change->home.b,
		.type = (uint32_t)change->type,
		.id = change->id,
		.old_row = change->old.data,
		.old_size = change->old.size,
		.new_row = change->new.data,
		.new_size = change->new.size,
		.reason = change->reason,
	};

	sync->options->change(sync->options->context, &told);
}

/* Who the register says it is, and who we are. */
static int greet(struct mtr_sync *sync)
{
	const Mtr__Answer *answer;
	const uint8_t *bytes;
	size_t size;
	int error;

	if (mtr_moment_past(mtr_moment_after(sync->client->session.since, HELLO_FRESH_MS)))
		mtr_session_end(sync->client);
	error = mtr_client_hello(sync->client, &bytes, &size);
	if (error)
		return error;
	mtr_arena_reset(sync->session);
	answer = mtr__answer__unpack(mtr_arena_allocator(sync->session), size, bytes);
	if (!answer || answer->body_case != MTR__ANSWER__BODY_HELLO || !answer->hello->principal)
		return mtr_unreadable(sync->session, MTR_CLIENT_PROTOCOL);
	sync->principal = answer->hello->principal;
	sync->server_time = answer->hello->now;
	sync->server_time_at = sync->client->session.since;
	sync->owner.incarnation = answer->hello->incarnation;
	memcpy(sync->owner.server_key, sync->client->server_key, MTR_KEY_BYTES);
	memcpy(sync->owner.public_key, sync->client->keys->public_key, MTR_KEY_BYTES);
	return 0;
}

static uint64_t server_now(const struct mtr_sync *sync)
{
	const int64_t since = mtr_moment_now().ms - sync->server_time_at.ms;

	return sync->server_time + (since > 0 ? (uint64_t)since : 0);
}

static int lock(struct mtr_sync *sync)
{
	const struct mtr_moment deadline = mtr_moment_after(mtr_moment_now(), sync->client->timeout_ms);
	int error = mtr_mirror_file_lock(sync->mirror, deadline);

	return error ? error : mtr_sync_prepare(sync);
}

static int read_cursor(const struct mtr_sync *sync, struct question *question)
{
	struct mtr_bytes cursor;
	struct mtr_txn txn;
	int error;

	mtr_txn_begin_read(&txn, sync->mirror->store);
	cursor = mtr_mirror_cursor(&txn);
	error = mtr_mirror_file_error(txn.error);
	if (!error && cursor.size > sizeof question->cursor)
		error = MTR_CLIENT_MIRROR_DAMAGED;
	if (!error && cursor.size)
		memcpy(question->cursor, cursor.data, cursor.size);
	question->size = error ? 0 : cursor.size;
	mtr_txn_abort(&txn);
	return error;
}

static int ask(struct mtr_sync *sync, struct question *question, struct mtr_bytes *ret_answer)
{
	uint8_t bytes[MTR_MIRROR_CURSOR_MAX + 64];
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Feed feed = MTR__FEED__INIT;

	feed.cursor = (ProtobufCBinaryData){question->size, question->cursor};
	feed.wait_ms = sync->options->wait_ms;
	feed.limit = MTR_MIRROR_ROWS_MAX;
	query.body_case = MTR__QUERY__BODY_FEED;
	query.feed = &feed;
	return mtr_client_query(sync->client, bytes, mtr__query__pack(&query, bytes), &ret_answer->data,
				&ret_answer->size);
}

static int open_page(struct mtr_sync *sync, struct mtr_bytes packed, const struct question *question,
		     struct mtr_mirror_page *ret_page)
{
	const Mtr__Answer *answer;

	mtr_arena_reset(sync->page);
	answer = mtr__answer__unpack(mtr_arena_allocator(sync->page), packed.size, packed.data);
	if (!answer)
		return mtr_unreadable(sync->page, MTR_CLIENT_PROTOCOL);
	if (answer->body_case == MTR__ANSWER__BODY_ERROR &&
	    answer->error->code == MTR__ERROR_CODE__ERROR_CODE_CURSOR_INVALID && question->size) {
		const int error = mtr_sync_begin_anew(sync, MTR_CLIENT_MIRROR_SET_BACK);

		return error ? error : MTR_SYNC_AGAIN;
	}
	if (answer->body_case != MTR__ANSWER__BODY_PAGE)
		return MTR_CLIENT_PROTOCOL;
	*ret_page = (struct mtr_mirror_page){
		.cursor = {question->cursor, question->size},
		.answer = packed,
		.page = answer->page,
		.revision = answer->revision,
		.principal = sync->principal,
		.server_time = server_now(sync),
		.local_time = mtr_time_of_day(),
	};
	if (!mtr_mirror_page_good(sync->scratch, ret_page))
		return mtr_unreadable(sync->scratch, MTR_CLIENT_PROTOCOL);
	/* A page that leads nowhere would be asked for for ever. */
	if (!answer->page->at_head && answer->page->cursor.len == question->size &&
	    memcmp(answer->page->cursor.data, question->cursor, question->size) == 0)
		return MTR_CLIENT_PROTOCOL;
	return 0;
}

/* False with an error, and, with *ret_error 0, when the mirror has moved on meanwhile. */
static bool take(struct mtr_sync *sync, struct mtr_mirror_page *page, int *ret_error)
{
	struct mtr_txn txn;
	bool taken;

	*ret_error = mtr_mirror_file_error(mtr_store_reserve(sync->mirror->store, mtr_mirror_room(page->page->n_rows)));
	if (*ret_error)
		return false;
	mtr_txn_begin_write(&txn, sync->mirror->store);
	taken = mtr_mirror_take(&txn, page, &sync->watch);
	*ret_error = mtr_mirror_file_commit(sync->mirror, &txn);
	return taken && !*ret_error;
}

/* At the head: count and digest, and once in a while every row and what follows from it. */
static int prove(struct mtr_sync *sync)
{
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_mirror_state state;
	bool agreed, whole;
	struct mtr_txn txn;
	int error;

	mtr_store_check_readers(sync->mirror->store);
	mtr_txn_begin_read(&txn, sync->mirror->store);
	agreed = mtr_mirror_read(&txn, &state) && state.agreed;
	whole = sync->mirror->checked || !agreed || mtr_rows_check(&txn, difference);
	error = mtr_mirror_file_error(txn.error);
	mtr_txn_abort(&txn);
	if (error)
		return error;
	if (!whole)
		return MTR_CLIENT_MIRROR_DAMAGED;
	sync->mirror->checked = true;
	return agreed ? 0 : mtr_sync_rebuild(sync, MTR_CLIENT_MIRROR_DISAGREED, MTR_CLIENT_MIRROR_DIFFERS);
}

/* The mirror goes, and this page is the first of a new one. */
static int start_with(struct mtr_sync *sync, struct mtr_mirror_page *page)
{
	const int error = mtr_sync_begin_anew(sync, MTR_CLIENT_MIRROR_RESCOPED);

	page->cursor.size = 0;
	return error ? error : mtr_sync_prepare(sync);
}

/* What this key may read has changed, so who it is may have changed too since the hello: that is asked first. */
static bool needs_hello(struct mtr_sync *sync, const Mtr__FeedPage *page, const struct question *question)
{
	const bool changed = question->size && (page->n_homes_added || page->n_homes_removed);

	if (!changed || sync->greeted_anew) {
		sync->greeted_anew = false;
		return false;
	}
	sync->greeted_anew = true;
	mtr_session_end(sync->client);
	return true;
}

/* Under the lock. */
static int take_up(struct mtr_sync *sync, struct mtr_bytes packed, const struct question *question)
{
	struct mtr_mirror_page page;
	bool at_head;
	int error = open_page(sync, packed, question, &page);

	if (!error && needs_hello(sync, page.page, question))
		return MTR_SYNC_AGAIN;
	if (!error && question->size && mtr_mirror_page_starts_anew(page.page))
		error = start_with(sync, &page);
	if (error)
		return error;
	at_head = page.page->at_head;
	if (!take(sync, &page, &error))
		return error ? error : MTR_SYNC_AGAIN;
	sync->rows += page.page->n_rows;
	if (sync->options->progress)
		sync->options->progress(sync->options->context, sync->rows, page.revision);
	error = mtr_mirror_file_settle(sync->mirror, sync->page, &sync->watch);
	sync->at_head = at_head && !error;
	return error || !at_head ? error : prove(sync);
}

/* One page. While this process waits for it, others may write. */
static int step(struct mtr_sync *sync, struct question *question)
{
	struct mtr_bytes answer;
	int error = greet(sync);

	if (!error)
		error = lock(sync);
	if (!error)
		error = read_cursor(sync, question);
	if (error)
		return error;
	mtr_mirror_file_unlock(sync->mirror);
	error = ask(sync, question, &answer);
	if (!error)
		error = lock(sync);
	return error ? error : take_up(sync, answer, question);
}

static int run(struct mtr_sync *sync, struct question *question)
{
	int error;

	do {
		sync->at_head = false;
		error = mtr_sync_heal(sync, step(sync, question));
		mtr_mirror_file_unlock(sync->mirror);
	} while (error == MTR_SYNC_AGAIN || (!error && !sync->at_head));
	return error;
}

static int begin(struct mtr_sync *sync)
{
	sync->page = mtr_arena_new(MTR_ANSWER_ARENA);
	sync->scratch = mtr_arena_new(SCRATCH_BYTES);
	sync->session = mtr_arena_new(SCRATCH_BYTES);
	if (!sync->page || !sync->scratch || !sync->session)
		return MTR_CLIENT_MEMORY;
	return 0;
}

static void end(struct mtr_sync *sync)
{
	mtr_arena_free(&sync->page);
	mtr_arena_free(&sync->scratch);
	mtr_arena_free(&sync->session);
}

int mtr_client_sync(struct mtr_client *client, const struct mtr_client_sync_options *options)
{
	static const struct mtr_client_sync_options defaults;
	struct mtr_sync sync = {
		.client = client,
		.mirror = client->mirror,
		.options = options ? options : &defaults,
	};
	struct question question;
	int error;

	if (!sync.mirror || sync.options->wait_ms > MTR_FEED_WAIT_MS_MAX)
		return MTR_CLIENT_USAGE;
	if (sync.options->change)
		sync.watch = (struct mtr_mirror_watch){tell_change, &sync};
	error = begin(&sync);
	if (!error)
		error = mtr_history_follow(client, sync.session);
	if (!error)
		error = run(&sync, &question);
	end(&sync);
	return error;
}
