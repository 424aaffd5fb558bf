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
	}
	while (account->answers) {
		struct account_answer *next = account->answers->next;

		release(&account->answers->bytes);
		free(account->answers);
		account->answers = next;
	}
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
	if (!entry->answer.data) {
		entry->answer = copy(answer, size);
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

	if (unpacked && unpacked->sequencing && account->entries[unpacked->sequencing->sequence - 1].sent++)
		account->sim->tally->events[EVENT_RESENT]++;
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
	return answer->body_case != MTR__ANSWER__BODY_HELLO;
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
