#include "audit.h"

#include "contract/commands.h"
#include "contract/errors.h"
#include "desk.h"
#include "engine/local.h"
#include "engine/record.h"
#include "matricula/v1/commands.pb-c.h"
#include "server.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SHADOW_BYTES (64u << 20)
#define SCRATCH_BYTES (4u << 20)

const Mtr__Principal *audit_principal(const struct audit *audit, uint32_t principal)
{
	const struct shadow_row *row = shadow_find(audit->shadow, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, principal);

	return row ? row->message : NULL;
}

static struct audit_outbox *outbox_of(struct audit *audit, const Mtr__RecordHeader *header)
{
	struct audit_outbox *outbox = audit->outboxes, *end = outbox + audit->outbox_count;

	while (outbox < end && memcmp(outbox->id, header->outbox.data, sizeof outbox->id) != 0)
		outbox++;
	if (outbox < end)
		return outbox;
	if (audit->outbox_count == sizeof audit->outboxes / sizeof *audit->outboxes)
		return NULL;
	audit->outbox_count++;
	memcpy(outbox->id, header->outbox.data, sizeof outbox->id);
	for (uint32_t i = 0; i < audit->sim->desk_count; i++) {
		const struct account *account = desk_account(audit->sim->desks[i]);

		const struct account_era *era = account_era(account, outbox->id);

		if (era) {
			outbox->account = account;
			outbox->base = era->base;
			outbox->desk = i;
		}
	}
	return outbox;
}

static bool is_told(struct audit *audit, const struct account *account, const struct account_entry *entry,
		    uint64_t sequence, struct mtr_bytes answer)
{
	if (!entry->answer.data)
		return account->refused ||
		       sim_fail(audit->sim, "%s was never told of entry %" PRIu64, account->name, sequence);
	if (entry->answer.size == answer.size && memcmp(entry->answer.data, answer.data, answer.size) == 0)
		return true;
	/* It brought the entry to a restored register, and was shut out before it could ask what became of it. */
	return (account->refused && entry->told_in < audit->sim->restores) ||
	       sim_fail(audit->sim, "%s was told of entry %" PRIu64 " what the journal doesn't say", account->name,
			sequence);
}

/* Each entry once, in order, as it was written; its answer the one the desk was told. */
bool audit_sequence(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_bytes command,
		    struct mtr_bytes answer)
{
	struct audit_outbox *outbox;
	const struct account_entry *entry;
	crypto_generichash_state hash;
	uint8_t number[8];

	if (!header->outbox.len)
		return header->revision == 1 || audit->sim->restores ||
		       sim_fail(audit->sim, "record %" PRIu64 " has no outbox", header->revision);
	outbox = outbox_of(audit, header);
	if (!outbox || header->sequence != outbox->sequence + 1)
		return sim_fail(audit->sim, "record %" PRIu64 " is entry %" PRIu64 ", after entry %" PRIu64,
				header->revision, header->sequence, outbox ? outbox->sequence : 0);
	outbox->sequence++;
	for (unsigned i = 0; i < 8; i++)
		number[i] = (uint8_t)(header->sequence >> (56 - 8 * i));
	crypto_generichash_init(&hash, NULL, 0, sizeof outbox->hash);
	crypto_generichash_update(&hash, outbox->hash, sizeof outbox->hash);
	crypto_generichash_update(&hash, number, sizeof number);
	crypto_generichash_update(&hash, command.data, command.size);
	crypto_generichash_final(&hash, outbox->hash, sizeof outbox->hash);
	if (header->entry_hash.len != sizeof outbox->hash ||
	    memcmp(header->entry_hash.data, outbox->hash, sizeof outbox->hash) != 0)
		return sim_fail(audit->sim, "record %" PRIu64 " breaks the chain of its outbox", header->revision);
	if (!outbox->account)
		return true;
	const uint64_t place = header->sequence + outbox->base;

	if (place > outbox->account->count || header->principal_id != outbox->account->principal)
		return sim_fail(audit->sim, "record %" PRIu64 ": %s never wrote entry %" PRIu64, header->revision,
				outbox->account->name, header->sequence);
	if (audit->seen[outbox->desk][place - 1])
		return sim_fail(audit->sim, "record %" PRIu64 ": entry %" PRIu64 " of %s is there twice",
				header->revision, place, outbox->account->name);
	audit->seen[outbox->desk][place - 1] = true;
	entry = &outbox->account->entries[place - 1];
	/* The desk writes this one itself, in the place of one that is lost. */
	if (header->command_tag == MTR__COMMAND__BODY_CLOSE_OUTBOX)
		return header->error_code == 0 && is_told(audit, outbox->account, entry, place, answer);
	if (entry->command.size != command.size || memcmp(entry->command.data, command.data, command.size) != 0)
		return sim_fail(audit->sim, "record %" PRIu64 " isn't what %s wrote", header->revision,
				outbox->account->name);
	return is_told(audit, outbox->account, entry, place, answer);
}

static bool apply(struct audit *audit, uint64_t revision, struct mtr_record_view *view)
{
	struct mtr_bytes packed;
	uint32_t ordinal = 0;

	while (mtr_record_next_effect(view, &packed)) {
		const Mtr__Effect *effect =
			mtr__effect__unpack(mtr_arena_allocator(audit->scratch), packed.size, packed.data);

		if (!effect || !shadow_apply(audit->shadow, revision, ordinal++, effect))
			return sim_fail(audit->sim, "record %" PRIu64 ": an effect can't be taken up", revision);
	}
	audit->shadow->revision = revision;
	return true;
}

static void count(struct audit *audit, const Mtr__RecordHeader *header)
{
	struct tally *tally = audit->sim->tally;

	const struct mtr_command_info *command = mtr_command_by_tag(header->command_tag);

	sim_note(audit->sim, "record %" PRIu64 ": principal %" PRIu32 ", %s: %s", header->revision,
		 header->principal_id, command ? command->name : "?",
		 header->error_code ? mtr_error_name(header->error_code) : "done");
	tally->events[EVENT_RECORDS]++;
	tally->events[header->error_code ? EVENT_REFUSED : EVENT_DONE]++;
	if (header->error_code)
		return;
	tally->events[EVENT_FROZEN] += header->command_tag == MTR__COMMAND__BODY_FREEZE;
	tally->events[EVENT_DECIDED] += header->command_tag == MTR__COMMAND__BODY_DECIDE;
	tally->events[EVENT_REVOKED] += header->command_tag == MTR__COMMAND__BODY_REVOKE_PRINCIPAL;
}

static int look_at_record(void *context, uint64_t revision, const uint8_t *chain_after, const uint8_t *record,
			  size_t size)
{
	struct audit *audit = context;
	struct mtr_record_view view;
	const Mtr__RecordHeader *header;

	(void)chain_after;
	mtr_arena_reset(audit->scratch);
	if (mtr_record_read(record, size, &view) < 0)
		return -1;
	header = mtr__record_header__unpack(mtr_arena_allocator(audit->scratch), view.header.size, view.header.data);
	if (!header || header->revision != revision || header->at < audit->at) {
		sim_fail(audit->sim, "record %" PRIu64 " has a wrong header", revision);
		return -1;
	}
	audit->at = header->at;
	count(audit, header);
	if (!audit_sequence(audit, header, view.command, view.answer) || !audit_again(audit, header, view) ||
	    !apply(audit, revision, &view) || (header->outbox.len && !audit_seats(audit, header, view.answer)) ||
	    !audit_seen(audit, view.answer))
		return -1;
	return 0;
}

static bool all_consumed(struct audit *audit)
{
	for (uint32_t i = 0; i < audit->sim->desk_count; i++) {
		const struct account *account = desk_account(audit->sim->desks[i]);
		const Mtr__Principal *principal = audit_principal(audit, account->principal);
		uint64_t consumed = 0;

		for (uint32_t j = 0; j < account->count; j++)
			consumed += audit->seen[i][j];
		if (account->refused && !(principal && principal->revoked))
			return sim_fail(audit->sim, "%s was refused, but its key isn't revoked", account->name);
		if (!account->refused && consumed != account->count)
			return sim_fail(audit->sim, "%s wrote %" PRIu32 " entries, the journal holds %" PRIu64,
					account->name, account->count, consumed);
		if (audit->next[i])
			return sim_fail(audit->sim, "%s was told of revision %" PRIu64 ", which there isn't",
					account->name, audit->next[i]->revision);
	}
	return true;
}

static bool walk_journal(struct audit *audit)
{
	struct mtr_engine *engine = server_engine(audit->sim->server);
	int result = engine->operations->fetch(engine, 1, look_at_record, audit);

	audit->sim->tally->events[EVENT_SEGMENTS] += mtr_local_segments(engine) - 1;

	if (result && !audit->sim->failed)
		sim_fail(audit->sim, "the journal can't be read (%d)", result);
	return result == 0 && all_consumed(audit);
}

bool audit(struct sim *sim)
{
	struct audit *audit = calloc(1, sizeof *audit);
	bool good;

	if (!audit)
		abort();
	audit->sim = sim;
	audit->shadow = calloc(1, sizeof *audit->shadow);
	audit->scratch = mtr_arena_new(SCRATCH_BYTES);
	if (!audit->shadow || !audit->scratch)
		abort();
	audit->shadow->arena = mtr_arena_new(SHADOW_BYTES);
	for (uint32_t i = 0; i < sim->desk_count; i++)
		audit->next[i] = desk_account(sim->desks[i])->answers;
	good = walk_journal(audit) && audit_rebuild(sim);
	for (uint32_t i = 0; good && i < sim->desk_count; i++)
		good = audit_mirror(audit, i);
	mtr_arena_free(&audit->shadow->arena);
	mtr_arena_free(&audit->scratch);
	free(audit->shadow);
	free(audit);
	return good;
}
