#include "restored.h"

#include "statements.h"

#include <string.h>

/* A full disk must not keep the queue from being sent: note is taken at the next contact. */
static int pin(struct mtr_client *client, const struct mtr_outbox_meeting *meeting)
{
	int error = mtr_outbox_pin(client->outbox, meeting);

	return error == MTR_CLIENT_STATE_FULL ? 0 : error;
}

int mtr_client_trust_recovery_key(struct mtr_client *client, const uint8_t key[MTR_KEY_BYTES], bool *ret_trusted)
{
	struct mtr_outbox_pins pins;
	int error = client->outbox ? mtr_outbox_pins(client->outbox, &pins) : MTR_CLIENT_USAGE;

	if (!error && !pins.has_recovery_key)
		error = mtr_outbox_pin(client->outbox, &(struct mtr_outbox_meeting){.recovery_key = key});
	if (!error)
		*ret_trusted = !pins.has_recovery_key || memcmp(pins.recovery_key, key, MTR_KEY_BYTES) == 0;
	return error;
}

int mtr_restored_look(struct mtr_client *client, const Mtr__HelloReply *hello, enum mtr_restored *ret_restored)
{
	const uint8_t *key = hello->recovery_key.len == MTR_KEY_BYTES ? hello->recovery_key.data : NULL;
	struct mtr_outbox_pins pins;
	int error;

	*ret_restored = MTR_RESTORED_KNOWN;
	if (!client->outbox || !hello->incarnation)
		return 0;
	error = mtr_outbox_pins(client->outbox, &pins);
	if (error)
		return error;
	if (pins.met && pins.incarnation != hello->incarnation)
		*ret_restored = MTR_RESTORED_ASK;
	else if (!pins.met)
		*ret_restored = MTR_RESTORED_MEET;
	else if (key && !pins.has_recovery_key)
		return pin(client, &(struct mtr_outbox_meeting){.recovery_key = key});
	return 0;
}

/* Those it went on from are known with it: it may be set back to one of them. */
int mtr_restored_meet(struct mtr_client *client, const Mtr__IncarnationList *list, uint64_t incarnation,
		      const uint8_t *recovery_key)
{
	uint64_t incarnations[MTR_INCARNATIONS_MAX + 1];
	struct mtr_outbox_meeting meeting = {.incarnations = incarnations, .recovery_key = recovery_key};

	for (size_t i = 0; list && i < list->n_statements && meeting.count < MTR_INCARNATIONS_MAX; i++) {
		incarnations[meeting.count++] = list->statements[i]->former;
		if (list->statements[i]->at > meeting.stated_at)
			meeting.stated_at = list->statements[i]->at;
	}
	incarnations[meeting.count++] = incarnation;
	return pin(client, &meeting);
}

static int has_met(void *outbox, uint64_t incarnation, bool *ret_met)
{
	return mtr_outbox_has_met(outbox, incarnation, ret_met);
}

int mtr_restored_adopt(struct mtr_client *client, const Mtr__IncarnationList *list, uint64_t incarnation,
		       uint64_t outbox_next)
{
	struct mtr_statements_way way;
	struct mtr_outbox_pins pins;
	bool met;
	int error = mtr_outbox_pins(client->outbox, &pins);

	if (!error)
		error = mtr_outbox_has_met(client->outbox, incarnation, &met);
	if (error)
		return error;
	/* A signature doesn't wear out: who has the server could go back to an earlier restore. */
	if (met || !pins.has_recovery_key)
		return MTR_CLIENT_UNSIGNED;
	error = mtr_statements_follow(list, pins.recovery_key, incarnation, has_met, client->outbox, &way);
	if (error)
		return error;
	if (way.stated_at <= pins.stated_at)
		return MTR_CLIENT_UNSIGNED;

	const struct mtr_outbox_adoption adoption = {.incarnation = incarnation,
						     .stated_at = way.stated_at,
						     .fork_revision = way.fork_revision,
						     .next = outbox_next,
						     .now = mtr_time_of_day()};

	return mtr_outbox_adopt(client->outbox, &adoption);
}
