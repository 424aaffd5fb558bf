#include "sender.h"
#include "unreadable.h"

#define BATCH_BYTES (1024u * 1024u) /* of answers marked in one transaction */
#define BATCH_ARENA (BATCH_BYTES + 2 * MTR_REPLY_MAX)
/* An answer came for a later entry, so the one of the first is lost or just behind. */
#define REORDER_MS 200u

static struct mtr_sender *sender_of(struct mtr_machine *machine)
{
	return (struct mtr_sender *)(void *)machine;
}

static struct mtr_moment deadline(const struct mtr_sender *sender)
{
	return mtr_moment_after(sender->progress, sender->client->timeout_ms);
}

static void expect_base(struct mtr_sender *sender, struct mtr_moment now)
{
	sender->resend = mtr_moment_after(now, sender->client->timeout_ms / 2);
}

static void progress(struct mtr_sender *sender, struct mtr_moment now)
{
	sender->progress = now;
	sender->backoff.attempts = 0;
	sender->busy = sender->waiting = false;
	expect_base(sender, now);
}

static void patience(struct mtr_sender *sender, struct mtr_moment now)
{
	sender->busy = true;
	sender->retry = mtr_backoff_next(&sender->backoff, now);
}

static uint64_t window(const struct mtr_sender *sender)
{
	uint32_t most = sender->client->session.maximum_in_flight;

	/* Whether it is over is asked with one. */
	if (sender->waiting)
		return 1;
	return most >= 1 && most < MTR_IN_FLIGHT_MAX ? most : MTR_IN_FLIGHT_MAX;
}

static bool may_send(const struct mtr_sender *sender)
{
	const struct mtr_pipeline *pipeline = &sender->pipeline;

	return pipeline->send < sender->state.next && pipeline->send - pipeline->base < window(sender);
}

static ProtobufCBinaryData borrow(const uint8_t *data, size_t size)
{
	return (ProtobufCBinaryData){size, (uint8_t *)(uintptr_t)data};
}

/* With what proves its former answer, when both fit into a request. */
static int send_again(struct mtr_sender *sender, Mtr__Request *request, const struct mtr_outbox_former *former)
{
	Mtr__Again again = MTR__AGAIN__INIT;
	int error;

	again.outbox = borrow(former->outbox, MTR_OUTBOX_BYTES);
	again.sequence = former->sequence;
	again.previous_hash = borrow(former->previous_hash, MTR_HASH_BYTES);
	again.revision = former->revision;
	again.answer = borrow(former->answer.data, former->answer.size);
	again.receipt = borrow(former->receipt.data, former->receipt.size);
	request->again = &again;
	error = mtr_session_send(sender->client, request);
	request->again = NULL;
	return error == MTR_CLIENT_TOO_LARGE ? mtr_session_send(sender->client, request) : error;
}

static bool send_entry(void *context, const struct mtr_outbox_entry *entry)
{
	struct mtr_sender *sender = context;
	Mtr__Sequencing sequencing = MTR__SEQUENCING__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;
	int error;

	sequencing.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, sender->state.id};
	sequencing.sequence = entry->sequence - sender->state.base;
	sequencing.first_unacknowledged = sender->state.first_unanswered - sender->state.base;
	sequencing.previous_hash = borrow(entry->previous_hash, MTR_HASH_BYTES);
	request.sequencing = &sequencing;
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = borrow(entry->command.data, entry->command.size);
	error = entry->again ? send_again(sender, &request, &entry->former)
			     : mtr_session_send(sender->client, &request);
	sender->choked = error == MTR_CLIENT_NO_LINK;
	if (error && !sender->choked)
		sender->error = error;
	if (error)
		return false;
	mtr_pipeline_sent(&sender->pipeline, request.request_id);
	return may_send(sender);
}

/* The link may take no more for now; it will when answers come, or time runs out. */
static int send_some(struct mtr_sender *sender, struct mtr_moment now)
{
	uint64_t from = sender->pipeline.send;
	int error;

	sender->choked = false;
	if (!may_send(sender) || !mtr_moment_reached(sender->retry, now))
		return 0;
	if (from == sender->pipeline.base)
		expect_base(sender, now);
	error = mtr_outbox_each(sender->client->outbox, from, send_entry, sender);
	if (error || sender->error || sender->choked)
		return error ? error : sender->error;
	/* What the outbox counts but doesn't hold can't be sent. */
	return sender->pipeline.send == from ? MTR_CLIENT_STATE : 0;
}

static int accept_answer(struct mtr_sender *sender, struct mtr_moment now, const Mtr__Answer *unpacked,
			 const Mtr__Reply *reply)
{
	const ProtobufCBinaryData packed = reply->answer;
	struct mtr_outbox_answer *answer = mtr_arena_alloc(sender->arena, sizeof *answer);
	uint8_t *bytes = mtr_arena_copy(sender->arena, packed.data, packed.len);
	const uint8_t *receipt = NULL;

	if (reply->receipt.len == MTR_HASH_BYTES)
		receipt = mtr_arena_copy(sender->arena, reply->receipt.data, MTR_HASH_BYTES);
	if (!answer || !bytes || (reply->receipt.len == MTR_HASH_BYTES && !receipt))
		return MTR_CLIENT_MEMORY;
	*answer = (struct mtr_outbox_answer){
		.sequence = sender->pipeline.base,
		.revision = unpacked->revision,
		.refused = unpacked->body_case == MTR__ANSWER__BODY_ERROR,
		.bytes = {bytes, packed.len},
		.receipt = receipt,
	};
	*sender->last = answer;
	sender->last = &answer->next;
	sender->batched += packed.len;
	mtr_pipeline_advance(&sender->pipeline);
	sender->unanswered = sender->pipeline.base;
	progress(sender, now);
	if (sender->report)
		sender->report(sender->context, answer->sequence, bytes, packed.len);
	return 0;
}

/* From this entry on, with nothing under way. */
static void start_over(struct mtr_sender *sender, uint64_t sequence)
{
	sender->pipeline =
		(struct mtr_pipeline){.base = sequence, .send = sequence, .reached = sender->pipeline.reached};
}

static int final(struct mtr_sender *sender, struct mtr_moment now, uint64_t sequence, const Mtr__Answer *answer,
		 const Mtr__Reply *reply)
{
	/* What was brought has been decided meanwhile. */
	if (sender->pipeline.base > sender->unanswered) {
		start_over(sender, sender->unanswered);
		return 0;
	}
	if (sequence == sender->pipeline.base)
		return accept_answer(sender, now, answer, reply);
	/* It will be given again: the register keeps it until told that it has come. */
	sender->resend = mtr_moment_earlier(sender->resend, mtr_moment_after(now, REORDER_MS));
	return 0;
}

static int gap(struct mtr_sender *sender, struct mtr_moment now, uint64_t sequence, uint64_t expected)
{
	if (expected < sender->pipeline.base) {
		if (expected < sender->unanswered)
			return MTR_CLIENT_SERVER_BEHIND;
		/* It has forgotten what it hadn't decided. */
		start_over(sender, expected);
	}
	if (expected >= sequence)
		return MTR_CLIENT_PROTOCOL;
	mtr_pipeline_rewind(&sender->pipeline, expected);
	patience(sender, now);
	return 0;
}

/* Counting the attempt is a convenience: a full disk must not keep the queue from being sent. */
static int count_attempt(const struct mtr_sender *sender, uint64_t sequence, const Mtr__Answer *answer)
{
	const struct mtr_outbox_attempt attempt = {
		.first = sequence,
		.end = sequence + 1,
		.code = (uint32_t)answer->error->code,
		.now = mtr_time_of_day(),
	};
	int error = mtr_outbox_attempted(sender->client->outbox, &attempt);

	return error == MTR_CLIENT_STATE_FULL ? 0 : error;
}

static int retry(struct mtr_sender *sender, struct mtr_moment now, uint64_t sequence, const Mtr__Answer *answer)
{
	mtr_pipeline_rewind(&sender->pipeline, sequence);
	patience(sender, now);
	return count_attempt(sender, sequence, answer);
}

/* The register gathers what it lost: it has taken this one and will answer it later, or takes nothing further. */
static int gathered(struct mtr_sender *sender, struct mtr_moment now, uint64_t sequence, const Mtr__Answer *answer)
{
	const bool taken = *answer->error->field;

	if (sequence != sender->pipeline.base) {
		sender->resend = mtr_moment_earlier(sender->resend, mtr_moment_after(now, REORDER_MS));
		return 0;
	}
	if (taken) {
		mtr_pipeline_advance(&sender->pipeline);
		progress(sender, now);
		if (sender->pipeline.base < sender->state.next)
			return 0;
	}
	sender->client->session.brought = sender->state.next;
	start_over(sender, sender->unanswered);
	sender->waiting = true;
	patience(sender, now);
	return taken ? 0 : count_attempt(sender, sequence, answer);
}

static int halt(struct mtr_sender *sender, ProtobufCBinaryData packed)
{
	int error = mtr_outbox_halt(sender->client->outbox, (struct mtr_bytes){packed.data, packed.len});

	return error ? error : MTR_CLIENT_HALTED;
}

static int judge(struct mtr_sender *sender, struct mtr_moment now, uint64_t sequence, const Mtr__Answer *answer,
		 const Mtr__Reply *reply)
{
	switch (mtr_verdict(answer)) {
	case MTR_VERDICT_FINAL:
		return final(sender, now, sequence, answer, reply);
	case MTR_VERDICT_HELLO:
		mtr_session_end(sender->client);
		mtr_pipeline_rewind(&sender->pipeline, sender->pipeline.base);
		patience(sender, now);
		return 0;
	case MTR_VERDICT_GAP:
		return gap(sender, now, sequence, answer->error->number + sender->state.base);
	case MTR_VERDICT_RETRY:
		if (sender->waiting || answer->error->code != MTR__ERROR_CODE__ERROR_CODE_RECONCILING)
			return retry(sender, now, sequence, answer);
		return gathered(sender, now, sequence, answer);
	case MTR_VERDICT_HALT:
		return halt(sender, reply->answer);
	case MTR_VERDICT_REFUSED:
		return MTR_CLIENT_KEY_REFUSED;
	case MTR_VERDICT_VERSION:
		return MTR_CLIENT_VERSION;
	case MTR_VERDICT_NONSENSE:
		break;
	}
	return MTR_CLIENT_PROTOCOL;
}

static int take_reply(struct mtr_sender *sender, struct mtr_moment now, struct mtr_bytes frame)
{
	struct mtr_arena *arena = sender->client->arena;
	Mtr__Answer *answer;
	Mtr__Reply *reply;
	uint64_t sequence;

	mtr_arena_reset(arena);
	reply = mtr__reply__unpack(mtr_arena_allocator(arena), frame.size, frame.data);
	if (!reply || reply->request_id == 0)
		return mtr_unreadable(arena, MTR_CLIENT_PROTOCOL);
	sequence = mtr_pipeline_take(&sender->pipeline, reply->request_id);
	if (sequence == 0)
		return 0;
	answer = mtr__answer__unpack(mtr_arena_allocator(arena), reply->answer.len, reply->answer.data);
	if (!answer)
		return mtr_unreadable(arena, MTR_CLIENT_PROTOCOL);
	return judge(sender, now, sequence, answer, reply);
}

static bool sender_frame(struct mtr_machine *machine, struct mtr_moment now, struct mtr_bytes frame)
{
	struct mtr_sender *sender = sender_of(machine);

	if (!sender->client->session.answer.data)
		return mtr_greeting_frame(&sender->greeting, sender->client, now, frame);
	sender->error = take_reply(sender, now, frame);
	return !sender->error && sender->batched < BATCH_BYTES && sender->client->session.answer.data;
}

static void sender_link(struct mtr_machine *machine, struct mtr_moment now, int error)
{
	struct mtr_sender *sender = sender_of(machine);

	mtr_greeting_link(&sender->greeting, sender->client, now, error);
}

static int mark_answers(struct mtr_sender *sender)
{
	int error = 0;

	if (sender->first)
		error = mtr_outbox_answered(sender->client->outbox, sender->first, mtr_time_of_day());
	if (!error)
		sender->state.first_unanswered = sender->unanswered;
	sender->first = NULL;
	sender->last = &sender->first;
	sender->batched = 0;
	mtr_arena_reset(sender->arena);
	return error;
}

/* Looks for entries that came since: on success there may be more to send. */
static int look_again(struct mtr_sender *sender)
{
	int error = mtr_outbox_state(sender->client->outbox, &sender->state);

	return !error && sender->state.halted ? MTR_CLIENT_HALTED : error;
}

static struct mtr_step finish(struct mtr_sender *sender)
{
	int error = mtr_outbox_forget(sender->client->outbox, sender->client->session.backed_up_revision);

	/* Forgetting can wait for room. */
	return mtr_step_end(error == MTR_CLIENT_STATE_FULL ? 0 : error);
}

static void start(struct mtr_sender *sender)
{
	sender->unanswered = sender->state.first_unanswered;
	start_over(sender, sender->unanswered);
}

/* What was under way in an earlier session is sent again in this one; on the way to it the outbox may have learnt that
 * the register was restored. */
static int begin_session(struct mtr_sender *sender)
{
	struct mtr_client *client = sender->client;
	int error;

	if (sender->session == client->sessions)
		return 0;
	error = look_again(sender);
	if (error)
		return error;
	sender->session = client->sessions;
	sender->waiting = false;
	start(sender);
	return client->session.outbox_next + sender->state.base < sender->unanswered ? MTR_CLIENT_SERVER_BEHIND : 0;
}

/* How long to wait for replies before something else is to be done. */
static struct mtr_moment next_turn(const struct mtr_sender *sender, struct mtr_moment now)
{
	struct mtr_moment until = deadline(sender);

	if (mtr_pipeline_waits(&sender->pipeline))
		until = mtr_moment_earlier(until, sender->resend);
	if (may_send(sender) && !mtr_moment_reached(sender->retry, now))
		until = mtr_moment_earlier(until, sender->retry);
	if (sender->choked)
		until = mtr_moment_earlier(until, mtr_moment_after(now, REORDER_MS));
	return until;
}

/* There are entries to be answered. */
static struct mtr_step go_on(struct mtr_sender *sender, struct mtr_moment now)
{
	/* Its answer is lost, or came before its turn. */
	if (!mtr_pipeline_waits(&sender->pipeline) || mtr_moment_reached(sender->resend, now))
		mtr_pipeline_rewind(&sender->pipeline, sender->pipeline.base);
	if (mtr_moment_reached(deadline(sender), now))
		return mtr_step_end(sender->busy || sender->greeting.busy ? MTR_CLIENT_BUSY : MTR_CLIENT_NO_LINK);

	struct mtr_step step = mtr_greeting_next(&sender->greeting, sender->client, now, deadline(sender));

	if (step.kind != MTR_STEP_END || step.error)
		return step;
	int error = begin_session(sender);

	if (!error)
		error = send_some(sender, now);
	return error ? mtr_step_end(error) : mtr_step_until(MTR_STEP_WAIT, next_turn(sender, now));
}

static struct mtr_step sender_next(struct mtr_machine *machine, struct mtr_moment now)
{
	struct mtr_sender *sender = sender_of(machine);
	int error = mark_answers(sender);

	if (sender->state.next == 0) {
		error = look_again(sender);
		start(sender);
		progress(sender, now);
		/* An earlier flush of this session brought all there is. */
		sender->waiting = sender->client->session.brought == sender->state.next;
	}
	if (!error && !sender->error && sender->pipeline.base == sender->state.next)
		error = look_again(sender);
	if (error || sender->error)
		return mtr_step_end(sender->error ? sender->error : error);
	return sender->pipeline.base < sender->state.next ? go_on(sender, now) : finish(sender);
}

int mtr_sender_begin(struct mtr_sender *sender, struct mtr_client *client, mtr_client_answer_fn report, void *context)
{
	*sender = (struct mtr_sender){
		.machine = {.next = sender_next, .link = sender_link, .frame = sender_frame},
		.client = client,
		.report = report,
		.context = context,
		.session = client->sessions,
		.arena = mtr_arena_new(BATCH_ARENA),
	};
	sender->last = &sender->first;
	return sender->arena ? 0 : MTR_CLIENT_MEMORY;
}

void mtr_sender_end(struct mtr_sender *sender)
{
	mtr_arena_free(&sender->arena);
}
