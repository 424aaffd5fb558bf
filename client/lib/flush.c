/* Sends the outbox: oldest first, ahead of the answers, until all have a final one. */
#include "backoff.h"
#include "client.h"
#include "pipeline.h"

#define BATCH_BYTES (1024u * 1024u) /* of answers marked in one transaction */
#define BATCH_ARENA (BATCH_BYTES + 2 * MTR_REPLY_MAX)
/* An answer came for a later entry, so the one of the first is lost or just behind. */
#define REORDER_MS 200u

struct flush {
	struct mtr_client *client;
	mtr_client_answer_fn report;
	void *context;
	struct mtr_outbox_state state; /* of the outbox, as last read */
	struct mtr_pipeline pipeline;
	struct mtr_backoff backoff;
	struct mtr_moment progress; /* of the last final answer, or the start */
	struct mtr_moment retry;    /* nothing is sent before */
	struct mtr_moment resend;   /* when base counts as lost, if it is under way */
	uint64_t session;           /* the one that what is under way was sent in */
	bool busy;                  /* the server answered since the last progress, if only to ask for patience */
	/* Answers reported and not yet marked. */
	struct mtr_arena *arena;
	struct mtr_outbox_answer *first, **last;
	size_t batched;
	int error; /* of sending, from within the walk through the outbox */
};

static struct mtr_moment deadline(const struct flush *flush)
{
	return mtr_moment_after(flush->progress, flush->client->timeout_ms);
}

static void expect_base(struct flush *flush)
{
	flush->resend = mtr_moment_after(mtr_moment_now(), flush->client->timeout_ms / 2);
}

static void progress(struct flush *flush)
{
	flush->progress = mtr_moment_now();
	flush->backoff.attempts = 0;
	flush->busy = false;
	expect_base(flush);
}

static void patience(struct flush *flush)
{
	flush->busy = true;
	flush->retry = mtr_backoff_next(&flush->backoff);
}

static uint64_t window(const struct flush *flush)
{
	uint32_t most = flush->client->session.maximum_in_flight;

	return most >= 1 && most < MTR_IN_FLIGHT_MAX ? most : MTR_IN_FLIGHT_MAX;
}

static bool may_send(const struct flush *flush)
{
	const struct mtr_pipeline *pipeline = &flush->pipeline;

	return pipeline->send < flush->state.next && pipeline->send - pipeline->base < window(flush);
}

static bool send_entry(void *context, const struct mtr_outbox_entry *entry)
{
	struct flush *flush = context;
	Mtr__Sequencing sequencing = MTR__SEQUENCING__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;

	sequencing.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, flush->state.id};
	sequencing.sequence = entry->sequence;
	sequencing.first_unacknowledged = flush->state.first_unanswered;
	sequencing.previous_hash = (ProtobufCBinaryData){MTR_HASH_BYTES, (uint8_t *)(uintptr_t)entry->previous_hash};
	request.sequencing = &sequencing;
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = (ProtobufCBinaryData){entry->command.size, (uint8_t *)(uintptr_t)entry->command.data};
	flush->error = mtr_session_send(flush->client, &request);
	if (flush->error)
		return false;
	if (flush->pipeline.send == flush->pipeline.base)
		expect_base(flush);
	mtr_pipeline_sent(&flush->pipeline, request.request_id);
	return may_send(flush);
}

/* The link may take no more for now; it will when answers come, or time runs out. */
static int send_some(struct flush *flush)
{
	uint64_t from = flush->pipeline.send;
	int error;

	flush->error = 0;
	if (!may_send(flush) || !mtr_moment_past(flush->retry))
		return 0;
	error = mtr_outbox_each(flush->client->outbox, from, send_entry, flush);
	if (error)
		return error;
	if (flush->error == MTR_CLIENT_NO_LINK)
		return 0;
	/* What the outbox counts but doesn't hold can't be sent. */
	return flush->error ? flush->error : flush->pipeline.send == from ? MTR_CLIENT_STATE : 0;
}

static int accept_answer(struct flush *flush, uint64_t revision, ProtobufCBinaryData packed)
{
	struct mtr_outbox_answer *answer = mtr_arena_alloc(flush->arena, sizeof *answer);
	uint8_t *bytes = mtr_arena_copy(flush->arena, packed.data, packed.len);

	if (!answer || !bytes)
		return MTR_CLIENT_MEMORY;
	*answer = (struct mtr_outbox_answer){
		.sequence = flush->pipeline.base,
		.revision = revision,
		.bytes = {bytes, packed.len},
	};
	*flush->last = answer;
	flush->last = &answer->next;
	flush->batched += packed.len;
	mtr_pipeline_advance(&flush->pipeline);
	progress(flush);
	if (flush->report)
		flush->report(flush->context, answer->sequence, bytes, packed.len);
	return 0;
}

static int final(struct flush *flush, uint64_t sequence, const Mtr__Answer *answer, ProtobufCBinaryData packed)
{
	if (sequence == flush->pipeline.base)
		return accept_answer(flush, answer->revision, packed);
	/* It will be given again: the register keeps it until told that it has come. */
	flush->resend = mtr_moment_earlier(flush->resend, mtr_moment_after(mtr_moment_now(), REORDER_MS));
	return 0;
}

static int gap(struct flush *flush, uint64_t sequence, uint64_t expected)
{
	if (expected < flush->pipeline.base)
		return MTR_CLIENT_SERVER_BEHIND;
	if (expected >= sequence)
		return MTR_CLIENT_PROTOCOL;
	mtr_pipeline_rewind(&flush->pipeline, expected);
	patience(flush);
	return 0;
}

/* Counting the attempt is a convenience: a full disk must not keep the queue from being sent. */
static int retry(struct flush *flush, uint64_t sequence, const Mtr__Answer *answer)
{
	int error = mtr_outbox_attempted(flush->client->outbox, sequence, (uint32_t)answer->error->code);

	mtr_pipeline_rewind(&flush->pipeline, sequence);
	patience(flush);
	return error == MTR_CLIENT_STATE_FULL ? 0 : error;
}

static int halt(struct flush *flush, ProtobufCBinaryData packed)
{
	int error = mtr_outbox_halt(flush->client->outbox, (struct mtr_bytes){packed.data, packed.len});

	return error ? error : MTR_CLIENT_HALTED;
}

static int judge(struct flush *flush, uint64_t sequence, const Mtr__Answer *answer, ProtobufCBinaryData packed)
{
	switch (mtr_verdict(answer)) {
	case MTR_VERDICT_FINAL:
		return final(flush, sequence, answer, packed);
	case MTR_VERDICT_HELLO:
		mtr_session_end(flush->client);
		mtr_pipeline_rewind(&flush->pipeline, flush->pipeline.base);
		patience(flush);
		return 0;
	case MTR_VERDICT_GAP:
		return gap(flush, sequence, answer->error->number);
	case MTR_VERDICT_RETRY:
		return retry(flush, sequence, answer);
	case MTR_VERDICT_HALT:
		return halt(flush, packed);
	case MTR_VERDICT_REFUSED:
		return MTR_CLIENT_KEY_REFUSED;
	case MTR_VERDICT_VERSION:
		return MTR_CLIENT_VERSION;
	case MTR_VERDICT_NONSENSE:
		break;
	}
	return MTR_CLIENT_PROTOCOL;
}

static int take_reply(struct flush *flush, struct mtr_bytes frame)
{
	struct mtr_arena *arena = flush->client->arena;
	Mtr__Answer *answer;
	Mtr__Reply *reply;
	uint64_t sequence;

	mtr_arena_reset(arena);
	reply = mtr__reply__unpack(mtr_arena_allocator(arena), frame.size, frame.data);
	if (!reply || reply->request_id == 0)
		return MTR_CLIENT_PROTOCOL;
	sequence = mtr_pipeline_take(&flush->pipeline, reply->request_id);
	if (sequence == 0)
		return 0;
	answer = mtr__answer__unpack(mtr_arena_allocator(arena), reply->answer.len, reply->answer.data);
	if (!answer)
		return MTR_CLIENT_PROTOCOL;
	return judge(flush, sequence, answer, reply->answer);
}

/* Takes what is there until nothing more is, waiting until `until` for the first. */
static int take_replies(struct flush *flush, struct mtr_moment until)
{
	struct mtr_bytes frame;

	for (;;) {
		int error = 0;

		switch (mtr_link_wait(flush->client->link, until, &frame)) {
		case MTR_LINK_QUIET:
		case MTR_LINK_LOST:
			return 0;
		case MTR_LINK_GARBLED:
			return MTR_CLIENT_PROTOCOL;
		case MTR_LINK_FRAME:
			error = take_reply(flush, frame);
			break;
		}
		if (error || flush->batched >= BATCH_BYTES)
			return error;
		until = mtr_moment_now();
	}
}

static int mark_answers(struct flush *flush)
{
	int error = 0;

	if (flush->first)
		error = mtr_outbox_answered(flush->client->outbox, flush->first, mtr_time_of_day());
	if (!error)
		flush->state.first_unanswered = flush->pipeline.base;
	flush->first = NULL;
	flush->last = &flush->first;
	flush->batched = 0;
	mtr_arena_reset(flush->arena);
	return error;
}

/* What was under way in an earlier session is sent again in this one. */
static int greet(struct flush *flush)
{
	struct mtr_client *client = flush->client;
	int error = mtr_session_ensure(client, deadline(flush));

	if (error || flush->session == client->sessions)
		return error;
	flush->session = client->sessions;
	mtr_pipeline_rewind(&flush->pipeline, flush->pipeline.base);
	return client->session.outbox_next < flush->pipeline.base ? MTR_CLIENT_SERVER_BEHIND : 0;
}

/* How long to wait for replies before something else is to be done. */
static struct mtr_moment next_turn(const struct flush *flush)
{
	struct mtr_moment until = deadline(flush);

	if (mtr_pipeline_waits(&flush->pipeline))
		until = mtr_moment_earlier(until, flush->resend);
	if (may_send(flush) && !mtr_moment_past(flush->retry))
		until = mtr_moment_earlier(until, flush->retry);
	if (flush->error == MTR_CLIENT_NO_LINK)
		until = mtr_moment_earlier(until, mtr_moment_after(mtr_moment_now(), REORDER_MS));
	return until;
}

static int step(struct flush *flush)
{
	int error = greet(flush);

	if (!error)
		error = send_some(flush);
	if (error)
		return error;
	error = take_replies(flush, next_turn(flush));

	int marking = mark_answers(flush);

	if (error || marking)
		return error ? error : marking;
	/* Its answer is lost, or came before its turn. */
	if (!mtr_pipeline_waits(&flush->pipeline) || mtr_moment_past(flush->resend))
		mtr_pipeline_rewind(&flush->pipeline, flush->pipeline.base);
	if (mtr_moment_past(deadline(flush)))
		return flush->busy ? MTR_CLIENT_BUSY : MTR_CLIENT_NO_LINK;
	return 0;
}

static int send_all(struct flush *flush)
{
	int error;

	do {
		error = mtr_outbox_state(flush->client->outbox, &flush->state);
		if (!error && flush->state.halted)
			error = MTR_CLIENT_HALTED;
		while (!error && flush->pipeline.base < flush->state.next)
			error = step(flush);
		if (error)
			return error;
		error = mtr_outbox_state(flush->client->outbox, &flush->state);
	} while (!error && flush->pipeline.base < flush->state.next);
	return error;
}

static int run(struct flush *flush)
{
	struct mtr_client *client = flush->client;
	int error = mtr_outbox_state(client->outbox, &flush->state);

	if (error)
		return error;
	flush->pipeline.base = flush->pipeline.send = flush->state.first_unanswered;
	flush->session = client->sessions;
	progress(flush);
	error = send_all(flush);
	if (error)
		return error;
	error = mtr_outbox_forget(client->outbox, client->session.backed_up_revision);
	/* Forgetting can wait for room. */
	return error == MTR_CLIENT_STATE_FULL ? 0 : error;
}

int mtr_client_flush(struct mtr_client *client, mtr_client_answer_fn report, void *context)
{
	struct flush flush = {.client = client, .report = report, .context = context};
	int error;

	if (!client->outbox)
		return MTR_CLIENT_USAGE;
	error = mtr_outbox_lock(client->outbox, mtr_moment_after(mtr_moment_now(), client->timeout_ms));
	if (error)
		return error;
	flush.last = &flush.first;
	flush.arena = mtr_arena_new(BATCH_ARENA);
	error = flush.arena ? run(&flush) : MTR_CLIENT_MEMORY;
	mtr_arena_free(&flush.arena);
	mtr_outbox_unlock(client->outbox);
	return error && error != MTR_CLIENT_TOO_LARGE ? mtr_session_drop(client, error) : error;
}
