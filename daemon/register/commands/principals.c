#include "register/commands/handlers.h"
#include "register/feed_rows.h"
#include "register/resolve.h"

/* Keys of operators that aren't revoked; two are enough to know. */
struct operators {
	struct mtr_view *view;
	uint32_t count;
};

static bool count_operator(void *context, const struct mtr_row *row)
{
	struct operators *operators = context;
	const Mtr__Principal *principal = mtr_unpack_row(operators->view, row, &mtr__principal__descriptor);

	if (principal && principal->role == MTR__ROLE__ROLE_OPERATOR && !principal->revoked)
		operators->count++;
	return principal && operators->count < 2;
}

/* An operator that gives its role up isn't the last one. */
static bool check_operators(struct mtr_decision *decision, const Mtr__Principal *present, const char *field)
{
	struct operators operators = {.view = &decision->view};

	if (present->role != MTR__ROLE__ROLE_OPERATOR || present->revoked)
		return true;
	mtr_each_row(decision->view.txn, mtr_home_principals(), count_operator, &operators);
	if (!mtr_view_good(&decision->view))
		return false;
	return operators.count > 1 || mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_LAST_OPERATOR, field);
}

static bool check_present(struct mtr_decision *decision, const Mtr__Principal *present, Mtr__Role role)
{
	if (present->revoked)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_KEY_TAKEN, "public_key");
	return role == MTR__ROLE__ROLE_OPERATOR || check_operators(decision, present, "role");
}

bool mtr_handle_put_principal(struct mtr_decision *decision)
{
	const Mtr__PutPrincipal *body = decision->command->put_principal;
	struct mtr_view *view = &decision->view;
	uint32_t id = mtr_find_principal(view->txn, body->public_key.data), unit_id;
	const Mtr__Principal *present = id ? mtr_read_principal(view->txn, view->arena, id) : NULL;

	if (!mtr_resolve_optional_unit(decision, body->unit_code, "unit_code", &unit_id))
		return false;
	if (unit_id == 0 && body->role != MTR__ROLE__ROLE_OPERATOR && body->role != MTR__ROLE__ROLE_AUDITOR)
		return mtr_refuse_field(decision, MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING, "unit_code");
	if (present && !check_present(decision, present, body->role))
		return false;

	Mtr__Principal *principal = mtr_message_new(view->arena, &mtr__principal__descriptor);

	if (!principal)
		return false;
	principal->id = present ? present->id : (uint32_t)mtr_new_id(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL);
	principal->public_key = body->public_key;
	principal->name = body->name;
	principal->role = body->role;
	principal->unit_id = unit_id;
	return mtr_effect_principal(&decision->effects, view->arena, principal) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, principal->id, NULL, !present);
}

bool mtr_handle_revoke_principal(struct mtr_decision *decision)
{
	const Mtr__RevokePrincipal *body = decision->command->revoke_principal;
	const Mtr__Principal *present = mtr_resolve_principal(decision, &body->public_key, "public_key");

	if (!present || !check_operators(decision, present, "public_key"))
		return false;

	Mtr__Principal *principal = mtr_arena_copy(decision->view.arena, present, sizeof *present);

	if (!principal)
		return false;
	principal->revoked = true;
	principal->revoked_reason = body->reason;
	return mtr_effect_principal(&decision->effects, decision->view.arena, principal) &&
	       mtr_done(decision, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, principal->id, NULL, false);
}
