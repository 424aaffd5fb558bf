/* What follows a restore of the register. */
#include "register/commands/handlers.h"
#include "register/divergence.h"
#include "store/reconciling.h"

/* Only by the key it belongs to, only what the register really hasn't got, and once. Tells the last entry it has. */
static bool check_outbox(struct mtr_decision *decision, const Mtr__CloseOutbox *body, uint64_t *ret_known)
{
	struct mtr_outbox_state outbox;

	mtr_read_outbox(decision->view.txn, body->outbox.data, &outbox);
	if (!mtr_view_good(&decision->view))
		return false;
	if (outbox.principal_id && outbox.principal_id != decision->input->principal_id)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_OUT_OF_SCOPE, "outbox");
	if (mtr_outbox_is_closed(&outbox))
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_VALUE, "outbox");
	*ret_known = outbox.last_sequence;
	if (body->lost_from > outbox.last_sequence)
		return true;
	return mtr_refuse(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE,
			  (struct mtr_fault){
				  .field = "lost_from",
				  .found = mtr_format(decision->view.arena, "%" PRIu64, body->lost_from),
				  .wanted = mtr_format(decision->view.arena, "%" PRIu64 "..", outbox.last_sequence + 1),
			  });
}

bool mtr_handle_close_outbox(struct mtr_decision *decision)
{
	const Mtr__CloseOutbox *body = decision->command->close_outbox;
	uint64_t known = 0;

	if (!check_outbox(decision, body, &known))
		return false;
	/* Nothing that lies between can come any more: a later restore may have gone back further than the desk says.
	 */
	if (!mtr_note_lost(decision, body, known + 1))
		return false;

	const uint64_t id = decision->effects.pending[0].id;
	Mtr__Done *done = mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE, id, NULL, true);

	if (!done)
		return false;
	decision->closed_outbox = body->outbox.data;
	return true;
}

bool mtr_handle_end_reconciliation(struct mtr_decision *decision)
{
	if (!mtr_is_reconciling(decision->view.txn))
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_NOT_RECONCILING, NULL);
	return mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_UNSPECIFIED, 0, NULL, false) != NULL;
}
