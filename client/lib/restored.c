#include "restored.h"

#include "contract/incarnation.h"

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

static const Mtr__Incarnation *find(const Mtr__IncarnationList *list, const struct mtr_outbox_pins *pins,
				    uint64_t incarnation)
{
	for (size_t i = list->n_statements; i > 0; i--)
		if (list->statements[i - 1]->incarnation == incarnation &&
		    mtr_incarnation_signed(list->statements[i - 1], pins->recovery_key))
			return list->statements[i - 1];
	return NULL;
}

/* Follows the statements back to an incarnation that this desk has met, and notes how far its answers still hold. */
static int follow(struct mtr_client *client, const Mtr__IncarnationList *list, const struct mtr_outbox_pins *pins,
		  struct mtr_outbox_adoption *adoption)
{
	uint64_t incarnation = adoption->incarnation;
	bool met = false;

	adoption->fork_revision = UINT64_MAX;
	for (size_t i = 0; i < list->n_statements && !met; i++) {
		const Mtr__Incarnation *statement = find(list, pins, incarnation);
		int error;

		if (!statement)
			return MTR_CLIENT_UNSIGNED;
		if (i == 0)
			adoption->stated_at = statement->at;
		if (statement->fork_revision < adoption->fork_revision)
			adoption->fork_revision = statement->fork_revision;
		incarnation = statement->former;
		error = mtr_outbox_has_met(client->outbox, incarnation, &met);
		if (error)
			return error;
	}
	return met ? 0 : MTR_CLIENT_UNSIGNED;
}

int mtr_restored_adopt(struct mtr_client *client, const Mtr__IncarnationList *list, uint64_t incarnation,
		       uint64_t outbox_next)
{
	struct mtr_outbox_adoption adoption = {
		.incarnation = incarnation, .next = outbox_next, .now = mtr_time_of_day()};
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
	error = follow(client, list, &pins, &adoption);
	if (!error && adoption.stated_at <= pins.stated_at)
		error = MTR_CLIENT_UNSIGNED;
	return error ? error : mtr_outbox_adopt(client->outbox, &adoption);
}
