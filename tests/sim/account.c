#include "account.h"

#include "contract/errors.h"
#include "matricula/v1/wire.pb-c.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct mtr_bytes copy(const void *bytes, size_t size)
{
	uint8_t *data = malloc(size ? size : 1);

	if (!data)
		abort();
	if (size)
		memcpy(data, bytes, size);
	return (struct mtr_bytes){data, size};
}

static void release(struct mtr_bytes *bytes)
{
	free((void *)(uintptr_t)bytes->data);
	*bytes = (struct mtr_bytes){NULL, 0};
}

void account_free(struct account *account)
{
	for (uint32_t i = 0; i < SIM_ENTRIES_MAX; i++) {
		release(&account->entries[i].command);
		release(&account->entries[i].answer);
		release(&account->entries[i].former);
	}
	while (account->answers) {
		struct account_answer *next = account->answers->next;

		release(&account->answers->bytes);
		free(account->answers);
		account->answers = next;
	}
}

const struct account_era *account_era(const struct account *account, const uint8_t outbox[16])
{
	for (uint32_t i = 0; i < account->era_count; i++)
		if (memcmp(account->eras[i].outbox, outbox, sizeof account->eras[i].outbox) == 0)
			return &account->eras[i];
	return NULL;
}

bool account_outbox(struct account *account, const uint8_t outbox[16], uint64_t base)
{
	const struct account_era *era = account_era(account, outbox);

	if (era)
		return era->base == base || sim_fail(account->sim, "%s: the outbox counts otherwise", account->name);
	if (account->era_count > account->sim->restores || account->era_count == SIM_ERAS_MAX)
		return sim_fail(account->sim, "%s: the outbox has become another", account->name);
	memcpy(account->eras[account->era_count].outbox, outbox, sizeof account->eras->outbox);
	account->eras[account->era_count++].base = base;
	return true;
}

void account_restored(struct account *account, uint64_t revision)
{
	struct account_answer **at = &account->answers;

	while (*at && (*at)->revision <= revision)
		at = &(*at)->next;
	while (*at) {
		struct account_answer *next = (*at)->next;

		release(&(*at)->bytes);
		free(*at);
		*at = next;
	}
	account->marked = 0;
	account->refused = false;
}

void account_enqueue(struct account *account, uint32_t place, const void *command, size_t size)
{
	release(&account->entries[place].command);
	account->entries[place].command = copy(command, size);
	account->sim->tally->events[EVENT_ENTRIES]++;
}

bool account_report(struct account *account, uint64_t sequence, const void *answer, size_t size)
{
	struct account_entry *entry = sequence && sequence <= account->count ? &account->entries[sequence - 1] : NULL;

	if (!entry)
		return sim_fail(account->sim, "%s is told of entry %" PRIu64 ", which it never wrote", account->name,
				sequence);
	if (entry->answer.data && account->sim->restores > entry->told_in) {
		release(&entry->former);
		entry->former = entry->answer;
		entry->answer.data = NULL;
	}
	if (!entry->answer.data) {
		entry->answer = copy(answer, size);
		entry->told_in = account->sim->restores;
		return true;
	}
	account->sim->tally->events[EVENT_REPORTED_TWICE]++;
	if (entry->answer.size == size && memcmp(entry->answer.data, answer, size) == 0)
		return true;
	return sim_fail(account->sim, "%s is told two answers to entry %" PRIu64, account->name, sequence);
}

void account_request(struct account *account, const void *request, size_t size)
{
	Mtr__Request *unpacked = mtr__request__unpack(NULL, size, request);

	if (unpacked && unpacked->sequencing) {
		const struct account_era *era = account_era(account, unpacked->sequencing->outbox.data);
		const uint64_t place = unpacked->sequencing->sequence + (era ? era->base : 0) - 1;

		if (place < SIM_ENTRIES_MAX && account->entries[place].sent++)
			account->sim->tally->events[EVENT_RESENT]++;
	}
	if (unpacked)
		mtr__request__free_unpacked(unpacked, NULL);
}

static void keep(struct account *account, const Mtr__Answer *answer, ProtobufCBinaryData packed)
{
	struct account_answer *kept = calloc(1, sizeof *kept), **at = &account->answers;

	if (!kept)
		abort();
	kept->revision = answer->revision;
	kept->is_page = answer->body_case == MTR__ANSWER__BODY_PAGE;
	kept->bytes = copy(packed.data, packed.len);
	while (*at && (*at)->revision <= kept->revision)
		at = &(*at)->next;
	kept->next = *at;
	*at = kept;
	if (kept->revision > account->sim->acknowledged)
		account->sim->acknowledged = kept->revision;
}

static void count_error(struct tally *tally, Mtr__ErrorCode code)
{
	if (code == MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP)
		tally->events[EVENT_GAPS]++;
	else if (code == MTR__ERROR_CODE__ERROR_CODE_BUSY)
		tally->events[EVENT_BUSY]++;
	else if (code == MTR__ERROR_CODE__ERROR_CODE_HELLO_REQUIRED)
		tally->events[EVENT_HELLOS_REQUIRED]++;
}

/* Pages, and what commands were answered: a query is refused with the revision it was asked at. */
static bool is_kept(const Mtr__Answer *answer)
{
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		return mtr_error_class(answer->error->code) == MTR_ERROR_FINAL;
	return answer->body_case != MTR__ANSWER__BODY_HELLO && answer->body_case != MTR__ANSWER__BODY_INCARNATIONS &&
	       answer->body_case != MTR__ANSWER__BODY_HISTORY;
}

void account_arrival(struct account *account, const void *reply, size_t size)
{
	Mtr__Reply *unpacked = mtr__reply__unpack(NULL, size, reply);
	Mtr__Answer *answer = unpacked ? mtr__answer__unpack(NULL, unpacked->answer.len, unpacked->answer.data) : NULL;

	if (!answer) {
		sim_fail(account->sim, "%s gets a reply that can't be read", account->name);
	} else {
		account->sim->tally->events[EVENT_REPEATED] += unpacked->repeated_answer != 0;
		if (answer->body_case == MTR__ANSWER__BODY_ERROR)
			count_error(account->sim->tally, answer->error->code);
		if (answer->revision && is_kept(answer))
			keep(account, answer, unpacked->answer);
		mtr__answer__free_unpacked(answer, NULL);
	}
	if (unpacked)
		mtr__reply__free_unpacked(unpacked, NULL);
}
