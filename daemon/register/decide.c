#include "register/decide.h"

#include "contract/date.h"
#include "contract/errors.h"
#include "register/commands/handlers.h"
#include "register/divergence.h"
#include "register/grammar/fields.h"

#define FIRST MTR__COMMAND__BODY_PUT_UNIT

static const mtr_handler handlers[] = {
	[MTR__COMMAND__BODY_PUT_UNIT - FIRST] = mtr_handle_put_unit,
	[MTR__COMMAND__BODY_DISSOLVE_UNIT - FIRST] = mtr_handle_dissolve_unit,
	[MTR__COMMAND__BODY_PUT_PRINCIPAL - FIRST] = mtr_handle_put_principal,
	[MTR__COMMAND__BODY_REVOKE_PRINCIPAL - FIRST] = mtr_handle_revoke_principal,
	[MTR__COMMAND__BODY_PUT_TITLE - FIRST] = mtr_handle_put_title,
	[MTR__COMMAND__BODY_PUT_PERSON - FIRST] = mtr_handle_put_person,
	[MTR__COMMAND__BODY_PUT_PLAN - FIRST] = mtr_handle_put_plan,
	[MTR__COMMAND__BODY_PUT_PROGRAMME - FIRST] = mtr_handle_put_programme,
	[MTR__COMMAND__BODY_REGISTER_DEMAND - FIRST] = mtr_handle_register_demand,
	[MTR__COMMAND__BODY_ALLOCATE - FIRST] = mtr_handle_allocate,
	[MTR__COMMAND__BODY_TRANSFER - FIRST] = mtr_handle_transfer,
	[MTR__COMMAND__BODY_RETURN_SEATS - FIRST] = mtr_handle_return_seats,
	[MTR__COMMAND__BODY_PUT_LETTER - FIRST] = mtr_handle_put_letter,
	[MTR__COMMAND__BODY_PROPOSE - FIRST] = mtr_handle_propose,
	[MTR__COMMAND__BODY_WITHDRAW - FIRST] = mtr_handle_withdraw,
	[MTR__COMMAND__BODY_SUBSTITUTE - FIRST] = mtr_handle_substitute,
	[MTR__COMMAND__BODY_SETTLE_LATE - FIRST] = mtr_handle_settle_late,
	[MTR__COMMAND__BODY_VET - FIRST] = mtr_handle_vet,
	[MTR__COMMAND__BODY_FREEZE - FIRST] = mtr_handle_freeze,
	[MTR__COMMAND__BODY_DECIDE - FIRST] = mtr_handle_decide,
	[MTR__COMMAND__BODY_FORWARD - FIRST] = mtr_handle_forward,
	[MTR__COMMAND__BODY_OPEN_CLASS - FIRST] = mtr_handle_open_class,
	[MTR__COMMAND__BODY_SUMMON - FIRST] = mtr_handle_summon,
	[MTR__COMMAND__BODY_ENROL - FIRST] = mtr_handle_enrol,
	[MTR__COMMAND__BODY_CLOSE_CLASS - FIRST] = mtr_handle_close_class,
	[MTR__COMMAND__BODY_REDACT - FIRST] = mtr_handle_redact,
	[MTR__COMMAND__BODY_CLOSE_OUTBOX - FIRST] = mtr_handle_close_outbox,
	[MTR__COMMAND__BODY_END_RECONCILIATION - FIRST] = mtr_handle_end_reconciliation,
};

/* Which is known stands in the command table; the unit tests hold this one and that against each other. */
static mtr_handler handler_of(uint32_t tag)
{
	if (tag < FIRST || tag - FIRST >= sizeof handlers / sizeof *handlers)
		return NULL;
	return handlers[tag - FIRST];
}

/* Also fills in who asks. */
static bool check_principal(struct mtr_decision *decision)
{
	decision->principal =
		mtr_read_principal(decision->view.txn, decision->view.arena, decision->input->principal_id);
	if (!mtr_view_good(&decision->view))
		return false;
	if (!decision->principal)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED, NULL);
	if (decision->principal->revoked)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_REVOKED, NULL);
	return true;
}

static bool run(struct mtr_decision *decision)
{
	uint32_t tag = (uint32_t)decision->command->body_case;
	mtr_handler handler = handler_of(tag);
	const struct mtr_message_rules *rules = mtr_body_rules(tag);

	if (!check_principal(decision))
		return false;
	decision->info = mtr_command_by_tag(tag);
	if (decision->input->command_unknown || !handler || !rules || !decision->info)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_COMMAND, NULL);
	if (!mtr_command_allows(decision->info, decision->principal->role))
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_ROLE_REFUSED, NULL);
	/* The members of the body's union are pointers to messages, of which any one is as good. */
	return mtr_check_fields(decision, &decision->command->put_unit->base, rules) && handler(decision);
}

/* Packs the effects; refuses when they are more than a record may hold. */
static bool pack(struct mtr_decision *decision, struct mtr_outcome *outcome)
{
	struct mtr_fault fault = {.number = MTR_EFFECTS_MAX};

	switch (mtr_effects_pack(&decision->effects, decision->view.arena, &outcome->effects)) {
	case MTR_EFFECTS_OK:
		outcome->effect_count = decision->effects.count;
		return true;
	case MTR_EFFECTS_ROW_SIZE:
		fault.number = MTR_ROW_MAX;
		return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_TOO_MANY_ITEMS, fault);
	case MTR_EFFECTS_TOO_MANY:
		return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_TOO_MANY_ITEMS, fault);
	case MTR_EFFECTS_MEMORY:
		break;
	}
	return false;
}

static Mtr__Answer *answer(struct mtr_decision *decision, bool consumes)
{
	Mtr__Answer *out = mtr_message_new(decision->view.arena, &mtr__answer__descriptor);

	if (!out)
		return NULL;
	out->revision = consumes ? decision->input->revision : 0;
	if (decision->error) {
		out->body_case = MTR__ANSWER__BODY_ERROR;
		out->error = decision->error;
	} else if (decision->acknowledgement) {
		out->body_case = MTR__ANSWER__BODY_ACKNOWLEDGEMENT;
		out->acknowledgement = decision->acknowledgement;
	} else {
		out->body_case = MTR__ANSWER__BODY_DONE;
		out->done = decision->done;
	}
	return out;
}

/* Of a refusal nothing is left but, when it was none before a restore, that it is one now. */
static bool settle_refusal(struct mtr_decision *decision, struct mtr_outcome *outcome)
{
	outcome->effects = NULL;
	outcome->effect_count = 0;
	outcome->consumes = mtr_error_class(decision->error->code) == MTR_ERROR_FINAL;
	decision->effects.count = 0;
	return !outcome->consumes || (mtr_note_divergence(decision) && pack(decision, outcome));
}

static bool settle(struct mtr_decision *decision, struct mtr_outcome *ret_outcome)
{
	struct mtr_outcome outcome = {.consumes = true};

	bool done = run(decision) && mtr_note_divergence(decision) && pack(decision, &outcome);

	if (!mtr_view_good(&decision->view) || (!done && !decision->error))
		return false;
	if (decision->error && !settle_refusal(decision, &outcome))
		return false;
	outcome.answer = answer(decision, outcome.consumes);
	outcome.nomination_ids = decision->nomination_ids;
	outcome.nomination_count = decision->nomination_count;
	outcome.person_ids = decision->person_ids;
	outcome.person_count = decision->person_count;
	outcome.closed_outbox = decision->closed_outbox;
	if (!outcome.answer)
		return false;
	*ret_outcome = outcome;
	return true;
}

/* A clock that went back made nothing arrive later than now. */
static uint64_t arrival_of(const struct mtr_decision_input *input)
{
	const uint64_t former = input->former ? input->former->arrived_at : 0;

	return former && former < input->now ? former : input->now;
}

enum mtr_decide_status mtr_decide(const struct mtr_decision_input *input, const Mtr__Command *command,
				  struct mtr_outcome *ret_outcome)
{
	struct mtr_decision *decision = mtr_arena_alloc(input->arena, sizeof *decision);

	if (!decision)
		return MTR_DECIDE_MEMORY;
	decision->input = input;
	decision->command = command;
	decision->arrived = arrival_of(input);
	decision->today = mtr_date_of_ms(decision->arrived);
	mtr_view_init(&decision->view, input->txn, input->arena);
	if (settle(decision, ret_outcome))
		return MTR_DECIDE_OK;
	return input->txn->error ? MTR_DECIDE_STORE_ERROR : MTR_DECIDE_MEMORY;
}
