#include "client.h"
#include "sender.h"

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
	mtr_sender_end(&sender);
	mtr_outbox_unlock(client->outbox);
	return error && error != MTR_CLIENT_TOO_LARGE ? mtr_session_drop(client, error) : error;
}
