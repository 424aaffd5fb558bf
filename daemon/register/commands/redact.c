/* What the rows hold of a person is blanked; numbers, states and seats stay, because others depend on them. */
#include "register/commands/handlers.h"
#include "register/rules/priority.h"

#include <string.h>

static Mtr__Person *blank_person(struct mtr_decision *decision, const Mtr__Person *person)
{
	Mtr__Person *blank = mtr_message_new(decision->view.arena, &mtr__person__descriptor);

	if (!blank)
		return NULL;
	blank->id = person->id;
	blank->unit_id = person->unit_id;
	blank->redacted = true;
	return blank;
}

/* A key that orders nothing any more: dates of the person are in it. */
static bool blank_rank_key(struct mtr_decision *decision, Mtr__Nomination *nomination)
{
	const size_t size = nomination->rank_key.len, kept = 1 + 8;
	uint8_t *key = mtr_arena_alloc(decision->view.arena, size + 1);

	if (!key)
		return false;
	memset(key, 0, size);
	if (size > kept) {
		key[0] = nomination->rank_key.data[0];
		memcpy(key + size - 8, nomination->rank_key.data + size - 8, 8);
	}
	nomination->rank_key.data = key;
	return true;
}

static bool blank_enrolment(struct mtr_decision *decision, uint64_t nomination_id)
{
	const Mtr__Enrolment *present = mtr_read_enrolment(decision->view.txn, decision->view.arena, nomination_id);

	if (!present)
		return mtr_decision_good(decision);
	Mtr__Enrolment *blank = mtr_message_new(decision->view.arena, &mtr__enrolment__descriptor);

	if (!blank)
		return false;
	blank->nomination_id = present->nomination_id;
	blank->class_id = present->class_id;
	blank->person_id = present->person_id;
	blank->unit_id = present->unit_id;
	blank->unit_name = present->unit_name;
	blank->state = present->state;
	blank->summons_number = present->summons_number;
	blank->report_on = present->report_on;
	blank->redacted = true;
	return mtr_effect_enrolment(&decision->effects, decision->view.arena, blank);
}

/* While it may still move, its place depends on what would be taken out. */
static bool is_open(const Mtr__Nomination *nomination)
{
	const enum mtr_bucket bucket = mtr_state_traits(nomination->state).bucket;

	return bucket == MTR_BUCKET_SEATED || bucket == MTR_BUCKET_WAITING ||
	       nomination->state == MTR__STATE__STATE_LATE;
}

static bool blank_nomination(struct mtr_decision *decision, const Mtr__Person *blank, uint64_t id)
{
	struct mtr_arena *arena = decision->view.arena;
	const Mtr__Nomination *present = mtr_read_nomination(decision->view.txn, arena, id);

	if (!present)
		return mtr_decision_good(decision);
	if (is_open(present))
		return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_NOMINATION_OPEN,
				  (struct mtr_fault){.field = "person_id", .number = id});

	Mtr__Nomination *nomination = mtr_arena_copy(arena, present, sizeof *present);

	if (!nomination || !blank_rank_key(decision, nomination))
		return false;
	nomination->particulars = (Mtr__Person *)(uintptr_t)blank;
	nomination->n_bases = 0;
	nomination->reason = mtr_arena_text(arena, "");
	return mtr_effect_nomination(&decision->effects, arena, nomination) && mtr_subject_nomination(decision, id) &&
	       blank_enrolment(decision, id);
}

struct nominations {
	struct mtr_decision *decision;
	const Mtr__Person *blank;
	uint32_t count;
	bool good;
};

static bool take_nomination(void *context, uint64_t id)
{
	struct nominations *nominations = context;

	nominations->good = blank_nomination(nominations->decision, nominations->blank, id);
	nominations->count += nominations->good;
	return nominations->good;
}

bool mtr_handle_redact(struct mtr_decision *decision)
{
	const uint32_t id = decision->command->redact->person_id;
	const Mtr__Person *person = mtr_read_person(decision->view.txn, decision->view.arena, id);

	if (!person)
		return mtr_decision_good(decision) &&
		       mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON, "person_id");
	if (person->redacted)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_PERSON_REDACTED, "person_id");
	Mtr__Person *blank = blank_person(decision, person);

	if (!blank || !mtr_subject_person(decision, id) ||
	    !mtr_effect_person(&decision->effects, decision->view.arena, blank))
		return false;
	struct nominations nominations = {.decision = decision, .blank = blank, .good = true};

	mtr_each_nomination_of(decision->view.txn, id, take_nomination, &nominations);
	Mtr__Done *done = nominations.good && mtr_decision_good(decision)
				  ? mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, id, NULL, false)
				  : NULL;

	if (done)
		done->changed = nominations.count;
	return done;
}
