#include "history.h"

#include "engine/record.h"
#include "known_file.h"
#include "mirror.h"
#include "statements.h"
#include "unreadable.h"

#include <string.h>

struct following {
	struct mtr_client *client;
	struct mtr_arena *arena; /* of one answer */
	struct mtr_known_history known;
	bool there;
	const Mtr__HelloReply *hello;
	/* How far the digests lead, from the checkpoint on. */
	uint64_t revision;
	uint8_t chain[MTR_HASH_BYTES];
};

static bool same(ProtobufCBinaryData bytes, const void *other, size_t size)
{
	return bytes.len == size && memcmp(bytes.data, other, size) == 0;
}

/* Writes what is known; one process at a time. */
static int remember(struct following *f)
{
	const struct mtr_moment deadline = mtr_moment_after(mtr_moment_now(), f->client->timeout_ms);
	int error = mtr_mirror_file_lock(f->client->mirror, deadline);

	if (!error)
		error = mtr_known_file_write(f->client->known_file, &f->known);
	mtr_mirror_file_unlock(f->client->mirror);
	f->there = !error;
	return error;
}

/* The answer to a query, in f->arena. */
static int ask(struct following *f, const Mtr__Query *query, const Mtr__Answer **ret_answer)
{
	uint8_t packed[64];
	const uint8_t *bytes;
	size_t size;
	int error = mtr_client_query(f->client, packed, mtr__query__pack(query, packed), &bytes, &size);

	if (error)
		return error;
	mtr_arena_reset(f->arena);
	*ret_answer = mtr__answer__unpack(mtr_arena_allocator(f->arena), size, bytes);
	return *ret_answer ? 0 : mtr_unreadable(f->arena, MTR_CLIENT_PROTOCOL);
}

static int ask_history(struct following *f, uint64_t from, const Mtr__HistoryPage **ret_page)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__History history = MTR__HISTORY__INIT;
	const Mtr__Answer *answer;

	history.from_revision = from;
	query.body_case = MTR__QUERY__BODY_HISTORY;
	query.history = &history;
	int error = ask(f, &query, &answer);

	if (error)
		return error;
	if (answer->body_case != MTR__ANSWER__BODY_HISTORY || answer->history->from_revision != from ||
	    answer->history->digests.len % MTR_HASH_BYTES)
		return MTR_CLIENT_PROTOCOL;
	*ret_page = answer->history;
	return 0;
}

static int check(struct following *f, const Mtr__Checkpoint *checkpoint)
{
	if (!mtr_checkpoint_signed(checkpoint, f->known.audit_key) ||
	    !same(checkpoint->chain, f->chain, sizeof f->chain))
		return MTR_CLIENT_HISTORY;
	mtr_known_history_take(&f->known, checkpoint);
	return remember(f);
}

static int follow_page(struct following *f)
{
	const Mtr__HistoryPage *page;
	int error = ask_history(f, f->revision + 1, &page);

	/* The register has told of a checkpoint that its own digests don't reach. */
	if (!error && page->digests.len == 0)
		return MTR_CLIENT_HISTORY;
	for (size_t at = 0; !error && at < page->digests.len; at += MTR_HASH_BYTES) {
		mtr_chain_extend(f->chain, page->digests.data + at);
		f->revision++;
		if (page->checkpoint && page->checkpoint->revision == f->revision)
			error = check(f, page->checkpoint);
	}
	return error;
}

static int follow_to(struct following *f, uint64_t revision)
{
	int error = 0;

	f->revision = f->known.revision;
	memcpy(f->chain, f->known.chain, sizeof f->chain);
	while (!error && f->known.revision < revision)
		error = f->revision > revision ? MTR_CLIENT_HISTORY : follow_page(f);
	return error;
}

static int compare(struct following *f, const Mtr__Checkpoint *newest)
{
	if (!mtr_checkpoint_signed(newest, f->known.audit_key))
		return MTR_CLIENT_HISTORY;
	if (!f->known.revision) {
		mtr_known_history_take(&f->known, newest);
		return remember(f);
	}
	if (newest->revision == f->known.revision && !same(newest->chain, f->known.chain, sizeof f->known.chain))
		return MTR_CLIENT_HISTORY;
	return newest->revision < f->known.revision ? MTR_CLIENT_HISTORY : follow_to(f, newest->revision);
}

static int follow(struct following *f)
{
	const Mtr__HistoryPage *page;
	int error = ask_history(f, 0, &page);

	if (error)
		return error;
	if (!page->checkpoint)
		return f->known.revision ? MTR_CLIENT_HISTORY : 0;
	return compare(f, page->checkpoint);
}

static int is_ours(void *ours, uint64_t incarnation, bool *ret_met)
{
	*ret_met = incarnation == *(const uint64_t *)ours;
	return 0;
}

/* The register was set back to a backup. When that took away what our checkpoint covers, and somebody signed for it,
 * the checkpoint is kept for auditors, and we begin anew. */
static int follow_incarnation(struct following *f)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__Incarnations incarnations = MTR__INCARNATIONS__INIT;
	struct mtr_statements_way way;
	const Mtr__Answer *answer;

	query.body_case = MTR__QUERY__BODY_INCARNATIONS;
	query.incarnations = &incarnations;
	int error = ask(f, &query, &answer);

	if (error)
		return error;
	if (answer->body_case != MTR__ANSWER__BODY_INCARNATIONS)
		return MTR_CLIENT_PROTOCOL;
	if (!f->known.has_recovery_key ||
	    mtr_statements_follow(answer->incarnations, f->known.recovery_key, f->hello->incarnation, is_ours,
				  &f->known.incarnation, &way))
		return MTR_CLIENT_HISTORY;
	if (way.fork_revision >= f->known.revision)
		return 0;
	error = mtr_known_file_set_aside(f->client->known_file, &f->known);
	if (error)
		return error;
	f->known.revision = 0;
	return remember(f);
}

/* At the first contact; a recovery key may come later, once: the outbox says which one this desk trusts. */
static int take_keys(struct following *f)
{
	struct mtr_outbox_pins pins;
	int error = mtr_outbox_pins(f->client->outbox, &pins);

	if (error || (f->there && (f->known.has_recovery_key || !pins.has_recovery_key)))
		return error;
	if (!f->there) {
		f->known = (struct mtr_known_history){.revision = 0};
		memcpy(f->known.server_key, f->client->server_key, MTR_KEY_BYTES);
		memcpy(f->known.audit_key, f->hello->audit_key.data, MTR_KEY_BYTES);
	}
	f->known.has_recovery_key = pins.has_recovery_key;
	memcpy(f->known.recovery_key, pins.recovery_key, MTR_KEY_BYTES);
	return remember(f);
}

static int run(struct following *f)
{
	int error = mtr_known_file_read(f->client->known_file, &f->known, &f->there);

	/* The settings name another register now. */
	if (!error && f->there && memcmp(f->known.server_key, f->client->server_key, MTR_KEY_BYTES) != 0) {
		error = mtr_known_file_set_aside(f->client->known_file, &f->known);
		f->there = false;
	}
	if (error || (!f->there && f->hello->audit_key.len == 0))
		return error;
	if (f->there && !same(f->hello->audit_key, f->known.audit_key, MTR_KEY_BYTES))
		return MTR_CLIENT_AUDIT_KEY;
	if (f->hello->audit_key.len != MTR_KEY_BYTES)
		return MTR_CLIENT_PROTOCOL;
	error = take_keys(f);
	if (!error && f->known.revision && f->known.incarnation != f->hello->incarnation)
		error = follow_incarnation(f);
	return error ? error : follow(f);
}

int mtr_history_follow(struct mtr_client *client, struct mtr_arena *arena)
{
	struct following f = {.client = client, .arena = mtr_arena_new(MTR_REQUEST_ARENA)};
	const Mtr__Answer *answer;
	const uint8_t *bytes;
	size_t size;
	int error = f.arena ? mtr_client_hello(client, &bytes, &size) : MTR_CLIENT_MEMORY;

	if (!error) {
		mtr_arena_reset(arena);
		answer = mtr__answer__unpack(mtr_arena_allocator(arena), size, bytes);
		f.hello = answer && answer->body_case == MTR__ANSWER__BODY_HELLO ? answer->hello : NULL;
		error = f.hello ? run(&f) : mtr_unreadable(arena, MTR_CLIENT_PROTOCOL);
	}
	mtr_arena_free(&f.arena);
	return error;
}

int mtr_client_known_history(struct mtr_client *client, const char **ret_text, size_t *ret_size)
{
	struct mtr_known_history known;
	bool there = false;
	int error = client->known_file ? mtr_known_file_read(client->known_file, &known, &there) : MTR_CLIENT_USAGE;

	mtr_arena_reset(client->arena);
	char *text = error ? NULL : mtr_arena_alloc(client->arena, MTR_KNOWN_HISTORY_MAX);

	if (!text)
		return error ? error : MTR_CLIENT_MEMORY;
	*ret_size = there ? mtr_known_history_print(&known, text) : 0;
	*ret_text = text;
	return 0;
}
