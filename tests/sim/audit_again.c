/* After restores: the former order, and each difference on record. */
#include "audit.h"
#include "desk.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint32_t divergences(struct audit *audit, struct mtr_record_view *view)
{
	struct mtr_bytes packed;
	uint32_t count = 0;

	while (mtr_record_next_effect(view, &packed)) {
		const Mtr__Effect *effect =
			mtr__effect__unpack(mtr_arena_allocator(audit->scratch), packed.size, packed.data);

		count += effect && effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE;
	}
	return count;
}

static bool differs(struct audit *audit, const Mtr__FormerAnswer *former, struct mtr_bytes packed)
{
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(audit->scratch), packed.size, packed.data);
	uint32_t code = 0;
	Mtr__State state = MTR__STATE__STATE_UNSPECIFIED;

	if (answer && answer->body_case == MTR__ANSWER__BODY_ERROR)
		code = (uint32_t)answer->error->code;
	if (answer && answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		state = answer->acknowledgement->state;
	return code != former->error_code || state != former->state;
}

/* What comes while all is gathered is decided by the revisions it had; with several restores they are of several
 * histories. */
static bool check_order(struct audit *audit, const Mtr__RecordHeader *header)
{
	if (!audit->gathering || audit->sim->restores > 1)
		return true;
	if (header->former->revision <= audit->former_revision)
		return sim_fail(audit->sim, "record %" PRIu64 " was record %" PRIu64 ", after %" PRIu64,
				header->revision, header->former->revision, audit->former_revision);
	audit->former_revision = header->former->revision;
	return true;
}

/* Entries that nobody has any more count as seen, once. */
static bool take_closing(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_bytes packed)
{
	const Mtr__Command *command =
		mtr__command__unpack(mtr_arena_allocator(audit->scratch), packed.size, packed.data);

	if (!command || command->body_case != MTR__COMMAND__BODY_CLOSE_OUTBOX)
		return sim_fail(audit->sim, "record %" PRIu64 " isn't what its header says", header->revision);
	for (uint32_t i = 0; i < audit->sim->desk_count; i++) {
		const struct account *account = desk_account(audit->sim->desks[i]);
		const struct account_era *era = account_era(account, command->close_outbox->outbox.data);
		const uint64_t from = command->close_outbox->lost_from, to = command->close_outbox->lost_to;

		/* The last one's place is the closing entry's own. */
		for (uint64_t lost = from; era && lost < to; lost++) {
			bool *seen = &audit->seen[i][lost + era->base - 1];

			if (*seen)
				return sim_fail(audit->sim, "%s: entry %" PRIu64 " is lost, and isn't", account->name,
						lost + era->base);
			*seen = true;
		}
		if (era)
			audit->sim->tally->events[EVENT_LOST_ENTRIES] += to - from + 1;
	}
	audit->sim->tally->events[EVENT_OUTBOXES_CLOSED]++;
	return true;
}

bool audit_again(struct audit *audit, const Mtr__RecordHeader *header, struct mtr_record_view view)
{
	const bool closes = header->command_tag == MTR__COMMAND__BODY_CLOSE_OUTBOX && !header->error_code;
	struct mtr_record_view effects = view;
	const uint32_t found = divergences(audit, &effects);
	uint32_t expected = closes;

	if (header->command_tag == MTR__COMMAND__BODY_INCARNATION) {
		audit->gathering = true;
		audit->former_revision = 0;
	}
	if (header->command_tag == MTR__COMMAND__BODY_END_RECONCILIATION && !header->error_code) {
		audit->gathering = false;
		audit->sim->tally->events[header->principal_id ? EVENT_ENDED : EVENT_ALL_REPORTED]++;
	}
	if (header->former) {
		audit->sim->tally->events[EVENT_AGAIN]++;
		if (!check_order(audit, header))
			return false;
		expected += differs(audit, header->former, view.answer);
	}
	audit->sim->tally->events[EVENT_DIVERGENCES] += header->former ? found : 0;
	if (found != expected)
		return sim_fail(audit->sim, "record %" PRIu64 " tells %" PRIu32 " differences of %" PRIu32,
				header->revision, found, expected);
	return !closes || take_closing(audit, header, view.command);
}
