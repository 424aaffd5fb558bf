#include "register/access.h"
#include "register/acknowledge.h"
#include "register/commands/handlers.h"
#include "register/commands/nominee.h"
#include "register/commands/window.h"
#include "register/resolve.h"

/* The unit named, or the principal's own. */
static const Mtr__Unit *nominating_unit(struct mtr_decision *decision, const char *code)
{
	const Mtr__Unit *own;

	if (code[0])
		return mtr_resolve_live_unit(decision, code, "unit_code");
	own = mtr_view_unit(&decision->view, decision->principal->unit_id);
	if (!own || !own->dissolved)
		return own;
	mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_UNIT_DISSOLVED,
		   (struct mtr_fault){.field = "unit_code", .found = own->code});
	return NULL;
}

static bool place(struct mtr_decision *decision, const Mtr__Programme *programme, Mtr__Nomination *nomination)
{
	struct mtr_part *part = mtr_part_of_nomination(decision, nomination);
	Mtr__State state = MTR__STATE__STATE_LATE;
	uint64_t displaced_id = 0;

	if (!part)
		return false;
	if (!mtr_window_closed(programme->nomination_window, decision->arrived) &&
	    !mtr_part_place(decision, part, nomination, &state, &displaced_id))
		return false;
	return mtr_part_add(decision, part, nomination, state, MTR__CAUSE__CAUSE_ARRIVAL) &&
	       mtr_answer_acknowledgement(decision, nomination, displaced_id, 0);
}

bool mtr_handle_propose(struct mtr_decision *decision)
{
	const Mtr__Propose *body = decision->command->propose;
	const Mtr__Programme *programme = mtr_resolve_programme(decision, body->programme_code, "programme_code");
	const Mtr__Unit *unit = programme ? nominating_unit(decision, body->unit_code) : NULL;

	if (!unit || !mtr_require(decision, mtr_access_unit(decision, unit->id), "unit_code") ||
	    !mtr_require_open(decision, programme->nomination_window))
		return false;

	struct mtr_nominee nominee = {.programme = programme, .unit_id = unit->id};

	if (!mtr_nominee_find(decision, &nominee, body->person) ||
	    (body->letter_id && !mtr_resolve_letter(decision, body->letter_id, programme->id, unit->id, "letter_id")) ||
	    !mtr_nominee_check(decision, &nominee))
		return false;

	Mtr__Nomination *nomination = mtr_nominee_nomination(decision, &nominee, body->unit_order);

	if (!nomination)
		return false;
	nomination->letter_id = body->letter_id;
	return place(decision, programme, nomination);
}
