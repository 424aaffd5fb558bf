#include "client.h"
#include "sender.h"

/* What is still without an answer: for whoever looks at the outbox later. The first entry is the one that keeps the
 * others waiting, sent or not. */
static void note_attempt(const struct mtr_sender *sender, int why)
{
	const struct mtr_pipeline *pipeline = &sender->pipeline;
	const struct mtr_outbox_attempt attempt = {
		.first = pipeline->base,
		.end = pipeline->reached > pipeline->base ? pipeline->reached : pipeline->base + 1,
		.error = why,
		.now = mtr_time_of_day(),
	};
	/* A convenience: it may fail where sending may not. */
	int error = 0;

	if (pipeline->base == 0 || pipeline->base >= sender->state.next)
		return;
	if (pipeline->reached > pipeline->base)
		error = mtr_outbox_sent(sender->client->outbox, pipeline->reached);
	if (!error && why != MTR_CLIENT_BUSY)
		(void)mtr_outbox_attempted(sender->client->outbox, &attempt);
}

int mtr_client_flush(struct mtr_client *client, mtr_client_answer_fn report, void *context)
{
	struct mtr_sender sender;
	int error;

	if (!client->outbox)
		return MTR_CLIENT_USAGE;
	error = mtr_outbox_lock(client->outbox, mtr_moment_after(mtr_moment_now(), client->timeout_ms));
	if (error)
		return error;
	error = mtr_sender_begin(&sender, client, report, context);
	if (!error)
		error = mtr_drive(client, &sender.machine);
	if (error && error != MTR_CLIENT_MEMORY && error != MTR_CLIENT_STATE && error != MTR_CLIENT_INTERRUPTED)
		note_attempt(&sender, error);
	mtr_sender_end(&sender);
	mtr_outbox_unlock(client->outbox);
	return error && error != MTR_CLIENT_TOO_LARGE ? mtr_session_drop(client, error) : error;
}
