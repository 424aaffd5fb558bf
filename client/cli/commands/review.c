/* What the organiser and the approver do with a list: vet, freeze, decide, forward. */
#include "commands/change.h"
#include "commands/fields.h"
#include "commands/gather.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"

static bool not_vetted(struct mtr_call *call, const Mtr__Nomination *nomination, void *context)
{
	(void)call;
	(void)context;
	return !nomination->vetted;
}

static int nothing_to_do(struct mtr_call *call)
{
	mtr_remark(call, "%s", _("Nothing to do: none is in a state for it."));
	return MTR_EXIT_OK;
}

static int gather_to_vet(struct mtr_call *call, struct mtr_ids *ids)
{
	static const Mtr__State states[] = {MTR__STATE__STATE_SEATED, MTR__STATE__STATE_WAITING};
	const char *programme = mtr_text_of(&call->arguments, "--programme");

	mtr_ids_given(call, "NOMINATION", ids);
	if (!mtr_given(&call->arguments, "--all-eligible")) {
		if (ids->count == 0)
			return mtr_fail(
				call, MTR_EXIT_USAGE, "%s",
				_("Name nominations by their numbers, or give --programme and --all-eligible."));
		return MTR_EXIT_OK;
	}
	if (!programme || ids->count > 0 || mtr_given(&call->arguments, "--not-eligible"))
		return mtr_fail(call, MTR_EXIT_USAGE, "%s",
				_("--all-eligible goes with --programme, without numbers and without --not-eligible."));
	return mtr_gather(call, programme, mtr_text_of(&call->arguments, "--unit"), states, 2, not_vetted, NULL, ids);
}

int mtr_do_vet(struct mtr_call *call)
{
	struct mtr_ids ids = {0};
	int result = gather_to_vet(call, &ids);

	if (result)
		return result;
	if (ids.count == 0)
		return nothing_to_do(call);
	Mtr__Command *commands = mtr_must_array(call->arena, ids.count, sizeof *commands);
	Mtr__Vet *vets = mtr_must_array(call->arena, ids.count, sizeof *vets);
	for (size_t i = 0; i < ids.count; i++) {
		mtr__vet__init(&vets[i]);
		vets[i].nomination_id = ids.ids[i];
		vets[i].eligible = !mtr_given(&call->arguments, "--not-eligible");
		mtr_fill_text(call, "--reason", &vets[i].reason);
		commands[i] = mtr_command(MTR__COMMAND__BODY_VET);
		commands[i].vet = &vets[i];
	}
	return mtr_change_many(call, commands, ids.count);
}

struct unit_list {
	struct mtr_call *call;
	const char **codes;
	size_t count, room;
};

static int on_allocation(void *context, const ProtobufCMessage *message)
{
	struct unit_list *units = context;
	const Mtr__Allocation *allocation = (const Mtr__Allocation *)message;

	if (allocation->frozen)
		return MTR_EXIT_OK;
	if (units->count == units->room) {
		size_t room = units->room * 2 + 64;
		const char **codes = mtr_must_array(units->call->arena, room, sizeof *codes);
		for (size_t i = 0; i < units->count; i++)
			codes[i] = units->codes[i];
		units->codes = codes;
		units->room = room;
	}
	units->codes[units->count++] = mtr_code_of_unit(units->call, allocation->unit_id);
	return MTR_EXIT_OK;
}

static int units_to_freeze(struct mtr_call *call, struct unit_list *units)
{
	const struct mtr_arguments *given = &call->arguments;
	size_t named = mtr_count_of(given, "--unit");
	Mtr__List list = MTR__LIST__INIT;

	if ((named > 0) == mtr_given(given, "--all-units"))
		return mtr_fail(call, MTR_EXIT_USAGE, "%s", _("Give either --unit or --all-units."));
	if (named > 0) {
		units->codes = mtr_must_array(call->arena, named, sizeof *units->codes);
		for (size_t i = 0; i < named; i++)
			units->codes[units->count++] = mtr_value_at(given, "--unit", i)->text;
		return MTR_EXIT_OK;
	}
	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION;
	list.programme_code = mtr_field_text(call, mtr_text_of(given, "PROGRAMME"));
	return mtr_each(call, &list, &mtr__allocation__descriptor, on_allocation, units);
}

int mtr_do_freeze(struct mtr_call *call)
{
	struct unit_list units = {.call = call};
	int result = units_to_freeze(call, &units);

	if (result)
		return result;
	if (units.count == 0)
		return nothing_to_do(call);
	const char *question = mtr_must_print(
		call->arena, _n("Freeze the list of %zu unit?", "Freeze the lists of %zu units?", units.count),
		units.count);

	if (!mtr_confirmed(call, question, &result))
		return result;
	Mtr__Command *commands = mtr_must_array(call->arena, units.count, sizeof *commands);
	Mtr__Freeze *freezes = mtr_must_array(call->arena, units.count, sizeof *freezes);
	for (size_t i = 0; i < units.count; i++) {
		mtr__freeze__init(&freezes[i]);
		mtr_fill_text(call, "PROGRAMME", &freezes[i].programme_code);
		freezes[i].unit_code = mtr_field_text(call, units.codes[i]);
		mtr_fill_text(call, "--document", &freezes[i].document);
		commands[i] = mtr_command(MTR__COMMAND__BODY_FREEZE);
		commands[i].freeze = &freezes[i];
	}
	return mtr_change_many(call, commands, units.count);
}

struct deciding {
	uint32_t unit_id;
	bool supplementary;
	const struct mtr_ids *refused;
};

static bool ready_to_decide(struct mtr_call *call, const Mtr__Nomination *nomination, void *context)
{
	const struct deciding *deciding = context;

	(void)call;
	return nomination->vetted && nomination->managing_unit_id == deciding->unit_id &&
	       (deciding->supplementary || !nomination->supplementary) &&
	       !mtr_ids_have(deciding->refused, nomination->id);
}

static int gather_to_decide(struct mtr_call *call, struct mtr_ids *approved, struct mtr_ids *refused)
{
	static const Mtr__State seated = MTR__STATE__STATE_SEATED;
	const struct mtr_arguments *given = &call->arguments;
	struct deciding deciding = {.supplementary = mtr_given(given, "--supplementary"), .refused = refused};
	const Mtr__HelloReply *hello;

	mtr_ids_given(call, "NOMINATION", approved);
	mtr_ids_given(call, "--refuse", refused);
	if (!mtr_given(given, "--all")) {
		if (approved->count + refused->count == 0)
			return mtr_fail(call, MTR_EXIT_USAGE, "%s",
					_("Name nominations by their numbers, or give --all."));
		return MTR_EXIT_OK;
	}
	int result = mtr_session_hello(call, &hello);
	if (result)
		return result;
	deciding.unit_id = hello->principal ? hello->principal->unit_id : 0;
	return mtr_gather(call, mtr_text_of(given, "PROGRAMME"), NULL, &seated, 1, ready_to_decide, &deciding,
			  approved);
}

int mtr_do_decide(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_DECIDE);
	Mtr__Decide decide = MTR__DECIDE__INIT;
	struct mtr_ids approved = {0};
	struct mtr_ids refused = {0};
	int result = gather_to_decide(call, &approved, &refused);

	if (result)
		return result;
	if (approved.count + refused.count == 0)
		return nothing_to_do(call);
	if (!mtr_confirmed(call,
			   mtr_must_print(call->arena, _("Record a decision: %zu approved, %zu refused?"),
					  approved.count, refused.count),
			   &result))
		return result;
	mtr_fill_text(call, "PROGRAMME", &decide.programme_code);
	mtr_fill_text(call, "--number", &decide.number);
	mtr_fill_number(call, "--date", &decide.date);
	mtr_fill_text(call, "--signer", &decide.signer);
	mtr_fill_flag(call, "--supplementary", &decide.supplementary);
	mtr_fill_text(call, "--reason", &decide.reason);
	decide.n_approved_ids = approved.count;
	decide.approved_ids = approved.ids;
	decide.n_refused_ids = refused.count;
	decide.refused_ids = refused.ids;
	command.decide = &decide;
	return mtr_change(call, &command);
}

int mtr_do_forward(struct mtr_call *call)
{
	size_t count = mtr_count_of(&call->arguments, "NOMINATION");
	Mtr__Command *commands = mtr_must_array(call->arena, count, sizeof *commands);
	Mtr__Forward *forwards = mtr_must_array(call->arena, count, sizeof *forwards);

	for (size_t i = 0; i < count; i++) {
		mtr__forward__init(&forwards[i]);
		forwards[i].nomination_id = mtr_value_at(&call->arguments, "NOMINATION", i)->number;
		MTR_FILL_WORD(call, "--step", forwards[i].step);
		mtr_fill_text(call, "--reason", &forwards[i].reason);
		mtr_fill_text(call, "--document", &forwards[i].document);
		commands[i] = mtr_command(MTR__COMMAND__BODY_FORWARD);
		commands[i].forward = &forwards[i];
	}
	return mtr_change_many(call, commands, count);
}
