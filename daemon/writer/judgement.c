#include "writer/judgement.h"

#include <errno.h>

/* What a decision left undecided: one final error, no effects. */
static bool fail(struct mtr_arena *arena, Mtr__ErrorCode code, const char *field, struct mtr_outcome *ret_outcome)
{
	*ret_outcome = (struct mtr_outcome){.answer = mtr_answer_error(arena, code, field, 0), .consumes = true};
	return ret_outcome->answer;
}

Mtr__ErrorCode mtr_outcome_error(const struct mtr_outcome *outcome)
{
	return outcome->answer->body_case == MTR__ANSWER__BODY_ERROR ? outcome->answer->error->code
								     : MTR__ERROR_CODE__ERROR_CODE_NONE;
}

static bool too_many(struct mtr_arena *arena, struct mtr_outcome *ret_outcome)
{
	mtr_arena_reset(arena);
	return fail(arena, MTR__ERROR_CODE__ERROR_CODE_TOO_MANY_ITEMS, "", ret_outcome);
}

enum mtr_decide_status mtr_judge(const struct mtr_decision_input *input, struct mtr_arena *request_arena,
				 struct mtr_bytes body, struct mtr_judgement *ret_judgement)
{
	Mtr__Command empty = MTR__COMMAND__INIT;
	const Mtr__Command *readable = mtr__command__unpack(mtr_arena_allocator(request_arena), body.size, body.data);
	const Mtr__Command *command = readable ? readable : &empty;
	struct mtr_decision_input own = *input;
	struct mtr_judgement judgement = {.former = input->former,
					  .revision = input->revision,
					  .at = input->now,
					  .principal_id = input->principal_id,
					  .command_tag = (uint32_t)command->body_case};
	struct mtr_outcome *outcome = &judgement.outcome;
	bool good = true;

	if (mtr_arena_starved(request_arena))
		return MTR_DECIDE_MEMORY;
	own.command_unknown = command->body_case == MTR__COMMAND__BODY__NOT_SET;
	const enum mtr_decide_status status = mtr_decide(&own, command, outcome);

	if (status == MTR_DECIDE_STORE_ERROR)
		return status;
	/* That the system has no memory now says nothing about the command. */
	if (mtr_arena_starved(input->arena))
		return MTR_DECIDE_MEMORY;
	if (status == MTR_DECIDE_MEMORY)
		good = too_many(input->arena, outcome);
	else if (!readable && mtr_outcome_error(outcome) == MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_COMMAND)
		good = fail(input->arena, MTR__ERROR_CODE__ERROR_CODE_FIELD_FORMAT, "command", outcome);
	if (!good)
		return MTR_DECIDE_MEMORY;
	*ret_judgement = judgement;
	return MTR_DECIDE_OK;
}

/* protobuf-c has no const; packing doesn't write. */
static ProtobufCBinaryData borrow(const uint8_t *bytes, size_t size)
{
	return (ProtobufCBinaryData){size, (uint8_t *)(uintptr_t)bytes};
}

static int build(struct mtr_arena *arena, const struct mtr_judgement *judgement, const struct mtr_entry_place *place,
		 struct mtr_bytes body, Mtr__RecordHeader *header, struct mtr_entry *ret_entry)
{
	const struct mtr_outcome *outcome = &judgement->outcome;

	mtr__record_header__init(header);
	header->revision = judgement->revision;
	header->at = judgement->at;
	header->principal_id = judgement->principal_id;
	header->outbox = borrow(place->outbox, MTR_OUTBOX_BYTES);
	header->sequence = place->sequence;
	header->first_unacknowledged = place->first_unacknowledged;
	header->entry_hash = borrow(place->entry_hash, MTR_HASH_BYTES);
	header->rules_version = MTR_RULES_VERSION;
	header->command_tag = judgement->command_tag;
	header->error_code = (uint32_t)mtr_outcome_error(outcome);
	header->n_nomination_ids = outcome->nomination_count;
	header->nomination_ids = outcome->nomination_ids;
	header->n_person_ids = outcome->person_count;
	header->person_ids = outcome->person_ids;
	header->former = (Mtr__FormerAnswer *)(uintptr_t)judgement->former;
	if (outcome->closed_outbox)
		header->closed_outbox = borrow(outcome->closed_outbox, MTR_OUTBOX_BYTES);
	outcome->answer->revision = header->revision;
	return mtr_entry_build(arena, header, body, outcome, ret_entry);
}

int mtr_judgement_record(struct mtr_arena *arena, struct mtr_judgement *judgement, const struct mtr_entry_place *place,
			 struct mtr_bytes body, Mtr__RecordHeader *ret_header, struct mtr_entry *ret_entry)
{
	int error = build(arena, judgement, place, body, ret_header, ret_entry);

	if (error < 0 && !mtr_arena_starved(arena)) {
		if (!too_many(arena, &judgement->outcome))
			return -ENOMEM;
		error = build(arena, judgement, place, body, ret_header, ret_entry);
	}
	return error < 0 ? -ENOMEM : 0;
}
