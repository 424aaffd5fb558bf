#include "program/session.h"
#include "contract/errors.h"
#include "matricula/outbox.h"
#include "output/report.h"
#include "output/show.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A page decoded: protobuf-c's structures take several times the bytes. */
#define PAGE_ARENA (16u << 20)
/* Some years of a busy desk's work. */
#define OUTBOX_LARGE 20000u

int mtr_make_own_directory(struct mtr_call *call, const char *path)
{
	char *copy = mtr_must_text(call->arena, path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) && errno != EEXIST)
			break;
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("The directory %s can't be made: %s"), path, strerror(errno));
	return MTR_EXIT_OK;
}

int mtr_session_open(struct mtr_call *call)
{
	const struct mtr_settings *settings = &call->settings;
	struct mtr_client_options options = {
		.endpoint = settings->endpoint,
		.server_key = settings->server_key,
		.key_file = settings->key_file,
		.state_directory = settings->state_directory,
		.software = "matricula " MTR_VERSION,
		.timeout_ms = settings->timeout_ms,
	};

	if (call->client)
		return MTR_EXIT_OK;
	if (!*settings->endpoint || !*settings->server_key)
		return mtr_fail(call, MTR_EXIT_USAGE,
				_("The server isn't set. Write endpoint and key under [server] in %s."),
				settings->file);
	int result = mtr_make_own_directory(call, settings->state_directory);
	if (result)
		return result;
	int error = mtr_client_open(&call->client, &options);
	return error ? mtr_session_failed(call, error) : MTR_EXIT_OK;
}

static Mtr__Answer *unpack(struct mtr_arena *arena, const uint8_t *bytes, size_t size)
{
	return mtr__answer__unpack(mtr_arena_allocator(arena), size, bytes);
}

static void saw_revision(struct mtr_call *call, uint64_t revision)
{
	if (revision > call->seen_revision)
		call->seen_revision = revision;
}

/* Enum mtr_client_error. */
static int greet(struct mtr_call *call)
{
	const uint8_t *bytes;
	size_t size;

	if (call->hello)
		return MTR_CLIENT_OK;
	int error = mtr_client_hello(call->client, &bytes, &size);
	if (error)
		return error;
	Mtr__Answer *answer = unpack(call->arena, bytes, size);
	if (!answer || answer->body_case != MTR__ANSWER__BODY_HELLO)
		return MTR_CLIENT_PROTOCOL;
	call->hello = answer->hello;
	saw_revision(call, answer->hello->head_revision);
	return MTR_CLIENT_OK;
}

int mtr_session_hello(struct mtr_call *call, const Mtr__HelloReply **ret_hello)
{
	int result = mtr_session_open(call);

	if (result)
		return result;
	if (call->settings.offline)
		return mtr_fail(
			call, MTR_EXIT_USAGE, "%s",
			_("With --offline the register can't be asked which unit this desk is of; name the unit."));
	int error = greet(call);
	if (error)
		return mtr_session_failed(call, error);
	*ret_hello = call->hello;
	return MTR_EXIT_OK;
}

static bool mirror_answers(const Mtr__Query *query)
{
	return query->body_case == MTR__QUERY__BODY_LIST || query->body_case == MTR__QUERY__BODY_TALLIES ||
	       query->body_case == MTR__QUERY__BODY_NOMINATION_STATUS;
}

/* The mirror's answer; like the register's, it has been told as of when once a call. */
static int ask_mirror(struct mtr_call *call, struct mtr_arena *arena, Mtr__Query *query, Mtr__Answer **ret_answer)
{
	struct mtr_client_mirror_state state;
	const uint8_t *bytes;
	size_t size;

	if (!mirror_answers(query))
		return mtr_fail(call, MTR_EXIT_USAGE, "%s",
				_("This can only be asked of the register, not of the mirror."));
	size_t packed_size = mtr__query__get_packed_size(query);
	uint8_t *packed = mtr_must(malloc(packed_size + 1));
	mtr__query__pack(query, packed);
	int error = mtr_client_mirror_state(call->client, &state);
	if (!error)
		error = mtr_client_query_mirror(call->client, packed, packed_size, &bytes, &size);
	free(packed);
	if (error)
		return mtr_session_failed(call, error);
	if (!call->told_age)
		mtr_remark(call, _("This desk's mirror (as of %s)"), mtr_show_time(call->arena, state.server_time));
	if (!call->told_age && !state.agreed)
		mtr_remark(call, "%s", _("It didn't agree with the register then."));
	call->told_age = true;
	*ret_answer = unpack(arena, bytes, size);
	return *ret_answer ? MTR_EXIT_OK : mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
}

/* A call that only reads, and couldn't ask the register anything yet, reads this desk's mirror if there is one: from
 * here on all of it, so that its answers fit each other. */
static bool turn_to_mirror(struct mtr_call *call, const Mtr__Query *query, int error)
{
	struct mtr_client_mirror_state state;

	if (error != MTR_CLIENT_NO_LINK && error != MTR_CLIENT_BUSY)
		return false;
	if (!(call->arguments.command->flags & MTR_COMMAND_READS) || !mirror_answers(query))
		return false;
	if (mtr_client_mirror_state(call->client, &state) != MTR_CLIENT_OK || !state.revision)
		return false;
	mtr_remark(call, "%s", mtr_words_client_error(error));
	call->settings.offline = true;
	return true;
}

/* The answer, be it an error. */
static int ask(struct mtr_call *call, struct mtr_arena *arena, Mtr__Query *query, Mtr__Answer **ret_answer)
{
	const uint8_t *bytes;
	size_t size;
	int result = mtr_session_open(call);

	if (result)
		return result;
	int error = call->settings.offline ? MTR_CLIENT_OK : greet(call);
	if (error && !turn_to_mirror(call, query, error))
		return mtr_session_failed(call, error);
	if (call->settings.offline)
		return ask_mirror(call, arena, query, ret_answer);
	query->least_revision = call->seen_revision;
	size_t packed_size = mtr__query__get_packed_size(query);
	uint8_t *packed = mtr_must(malloc(packed_size + 1));
	mtr__query__pack(query, packed);
	error = mtr_client_query(call->client, packed, packed_size, &bytes, &size);
	free(packed);
	if (error)
		return mtr_session_failed(call, error);
	Mtr__Answer *answer = unpack(arena, bytes, size);
	if (!answer || answer->body_case == MTR__ANSWER__BODY__NOT_SET)
		return mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
	*ret_answer = answer;
	return MTR_EXIT_OK;
}

int mtr_session_query(struct mtr_call *call, struct mtr_arena *arena, Mtr__Query *query, Mtr__Answer **ret_answer)
{
	int result = ask(call, arena, query, ret_answer);

	if (!result && (*ret_answer)->body_case == MTR__ANSWER__BODY_ERROR)
		return mtr_report_error(call, (*ret_answer)->error);
	return result;
}

/* The row asked for by its own number, code or citizen number isn't there: a list without rows. */
static bool is_missing_row(const Mtr__Answer *answer)
{
	static const char *const own[] = {"list.id", "list.code", "list.citizen_number"};

	for (size_t i = 0; answer->body_case == MTR__ANSWER__BODY_ERROR && i < sizeof own / sizeof *own; i++) {
		if (strcmp(answer->error->field, own[i]) == 0 &&
		    mtr_error_class(answer->error->code) == MTR_ERROR_FINAL &&
		    answer->error->code >= MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_UNIT &&
		    answer->error->code <= MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PRINCIPAL)
			return true;
	}
	return false;
}

/* More is to come, and would begin where this page began: it would be asked for for ever. */
static bool leads_nowhere(const Mtr__FeedPage *page, const Mtr__List *list)
{
	return page->more && page->cursor.len == list->after.len &&
	       (page->cursor.len == 0 || memcmp(page->cursor.data, list->after.data, page->cursor.len) == 0);
}

int mtr_session_list(struct mtr_call *call, Mtr__List *list, mtr_row_fn row, void *context)
{
	struct mtr_arena *page_arena = mtr_must(mtr_arena_new(PAGE_ARENA));
	Mtr__Query query = MTR__QUERY__INIT;
	uint8_t *cursor = NULL;
	bool more = true;
	int result = MTR_EXIT_OK;

	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = list;
	while (more && !result) {
		Mtr__Answer *answer;
		mtr_arena_reset(page_arena);
		result = ask(call, page_arena, &query, &answer);
		if (result || is_missing_row(answer))
			break;
		if (answer->body_case == MTR__ANSWER__BODY_ERROR)
			result = mtr_report_error(call, answer->error);
		else if (answer->body_case != MTR__ANSWER__BODY_PAGE || leads_nowhere(answer->page, list))
			result = mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
		if (result)
			break;
		for (size_t i = 0; i < answer->page->n_rows && !result; i++)
			result = row(context, answer->page->rows[i]);
		more = answer->page->more;
		/* The next question outlives the page. */
		cursor = mtr_must(realloc(cursor, answer->page->cursor.len + 1));
		if (answer->page->cursor.len > 0)
			memcpy(cursor, answer->page->cursor.data, answer->page->cursor.len);
		list->after = (ProtobufCBinaryData){.len = answer->page->cursor.len, .data = cursor};
	}
	list->after = (ProtobufCBinaryData){0};
	free(cursor);
	mtr_arena_free(&page_arena);
	return result;
}

struct sending {
	struct mtr_call *call;
	struct mtr_arena *arena;
	struct mtr_change *changes;
	size_t count;
	uint64_t earlier; /* answers to entries of earlier calls */
	bool show_earlier;
};

/* Sequences of one call ascend, so the change is found by halving. */
static struct mtr_change *change_of(struct sending *sending, uint64_t sequence)
{
	size_t low = 0;
	size_t high = sending->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sending->changes[middle].sequence == sequence)
			return &sending->changes[middle];
		if (sending->changes[middle].sequence < sequence)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void on_answer(void *context, uint64_t sequence, const uint8_t *bytes, size_t size)
{
	struct sending *sending = context;
	struct mtr_change *change = change_of(sending, sequence);

	if (change) {
		change->answer = unpack(sending->arena, bytes, size);
		if (change->answer)
			saw_revision(sending->call, change->answer->revision);
		return;
	}
	sending->earlier++;
	struct mtr_arena *arena = mtr_must(mtr_arena_new(PAGE_ARENA));
	const Mtr__Answer *answer = unpack(arena, bytes, size);
	if (answer)
		mtr_report_earlier(sending->call, sequence, answer, sending->show_earlier);
	mtr_arena_free(&arena);
}

static bool take_kept_answer(void *context, const struct mtr_client_entry *entry)
{
	struct sending *sending = context;
	struct mtr_change *change = change_of(sending, entry->sequence);

	if (change && !change->answer && entry->answer_size > 0) {
		change->answer = unpack(sending->arena, entry->answer, entry->answer_size);
		if (change->answer)
			saw_revision(sending->call, change->answer->revision);
	}
	return entry->sequence < sending->changes[sending->count - 1].sequence;
}

/* Another process of this desk may have sent some of it: then the answers lie in the outbox. */
static int take_kept_answers(struct sending *sending)
{
	struct mtr_call *call = sending->call;
	size_t missing = 0;

	while (missing < sending->count && sending->changes[missing].answer)
		missing++;
	if (missing == sending->count)
		return MTR_EXIT_OK;
	int error = mtr_client_outbox_each(call->client, sending->changes[missing].sequence, take_kept_answer, sending);
	if (error)
		return mtr_session_failed(call, error);
	for (size_t i = missing; i < sending->count; i++) {
		if (!sending->changes[i].answer)
			return mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
	}
	return MTR_EXIT_OK;
}

static void *pack(struct mtr_arena *arena, const Mtr__Command *command, size_t *ret_size)
{
	*ret_size = mtr__command__get_packed_size(command);
	uint8_t *bytes = mtr_must_alloc(arena, *ret_size + 1);
	mtr__command__pack(command, bytes);
	return bytes;
}

static int ask_only(struct mtr_call *call, struct mtr_arena *arena, struct mtr_change *change)
{
	const uint8_t *bytes;
	size_t size;
	size_t packed_size;
	const uint8_t *packed = pack(arena, change->command, &packed_size);
	int error = mtr_client_dry_run(call->client, packed, packed_size, &bytes, &size);

	if (error)
		return mtr_session_failed(call, error);
	change->answer = unpack(arena, bytes, size);
	return change->answer ? MTR_EXIT_OK : mtr_session_failed(call, MTR_CLIENT_PROTOCOL);
}

/* Desks that run the register or answer for it; others can do nothing about backups. */
static bool sees_to_backups(const struct mtr_call *call)
{
	const Mtr__Principal *self = call->hello ? call->hello->principal : NULL;

	return self && (self->role == MTR__ROLE__ROLE_ORGANISER || self->role == MTR__ROLE__ROLE_OPERATOR);
}

/* Entries stay until a backup of the register covers them: without backups, for ever. */
static void warn_of_growth(struct mtr_call *call)
{
	struct mtr_client_outbox_summary summary;

	if (call->warned || mtr_client_outbox_summary(call->client, &summary) != 0)
		return;
	if (summary.backed_up_revision > 0 || summary.entries < OUTBOX_LARGE)
		return;
	call->warned = true;
	(void)greet(call);
	if (!sees_to_backups(call))
		return;
	mtr_remark(call,
		   _("Entries kept in the outbox: %" PRIu64
		     ", because no backup of the register is known yet. See to it that “matriculad backup” is run."),
		   summary.entries);
}

int mtr_session_queue(struct mtr_call *call, struct mtr_arena *arena, struct mtr_change *changes, size_t count)
{
	struct mtr_client_command *commands = mtr_must_array(arena, count, sizeof *commands);
	int result = mtr_session_open(call);

	if (result)
		return result;

	for (size_t i = 0; i < count; i++)
		commands[i].command = pack(arena, changes[i].command, &commands[i].size);
	int error = mtr_client_enqueue_many(call->client, commands, count);
	for (size_t i = 0; i < count && !error; i++)
		changes[i].sequence = commands[i].sequence;
	if (error)
		return mtr_session_failed(call, error);
	call->queued = true;
	return MTR_EXIT_OK;
}

int mtr_session_send(struct mtr_call *call, struct mtr_arena *arena, struct mtr_change *changes, size_t count)
{
	struct sending sending = {.call = call, .arena = arena, .changes = changes, .count = count};
	int result = mtr_session_open(call);

	if (call->settings.dry_run) {
		for (size_t i = 0; i < count && !result; i++)
			result = ask_only(call, arena, &changes[i]);
		return result;
	}
	if (!result && count > 0)
		result = mtr_session_queue(call, arena, changes, count);
	if (result)
		return result;
	if (call->settings.offline)
		return MTR_EXIT_NO_LINK;
	int error = mtr_client_flush(call->client, on_answer, &sending);
	if (error == MTR_CLIENT_STATE_BUSY)
		return mtr_fail(call, MTR_EXIT_NO_LINK, "%s", mtr_words_client_error(error));
	if (error)
		return mtr_session_failed(call, error);
	warn_of_growth(call);
	return take_kept_answers(&sending);
}

/* Who has nothing to send doesn't meet the register, and wouldn't learn that it was restored and lost what it had. */
static int flush_what_was_lost(struct mtr_call *call, struct sending *sending)
{
	const uint8_t *bytes;
	size_t size;
	int error = mtr_client_hello(call->client, &bytes, &size);

	if (error)
		return error == MTR_CLIENT_NO_LINK ? 0 : error;
	return mtr_client_flush(call->client, on_answer, sending);
}

int mtr_session_flush(struct mtr_call *call, uint64_t *ret_count)
{
	struct sending sending = {.call = call, .arena = call->arena, .show_earlier = true};
	int result = mtr_session_open(call);

	if (result)
		return result;
	int error = mtr_client_flush(call->client, on_answer, &sending);

	if (!error && !sending.earlier)
		error = flush_what_was_lost(call, &sending);
	*ret_count = sending.earlier;
	return error ? mtr_session_failed(call, error) : MTR_EXIT_OK;
}

int mtr_session_queued_exit(const struct mtr_call *call)
{
	return call->settings.offline ? MTR_EXIT_OK : MTR_EXIT_NO_LINK;
}
