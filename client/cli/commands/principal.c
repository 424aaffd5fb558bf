#include "commands/change.h"
#include "commands/fields.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"

#include <zmq.h>

/* The key was checked when the command line was read. */
static ProtobufCBinaryData key_of(struct mtr_call *call)
{
	uint8_t *key = mtr_must_alloc(call->arena, 32);

	zmq_z85_decode(key, mtr_text_of(&call->arguments, "KEY"));
	return (ProtobufCBinaryData){.len = 32, .data = key};
}

int mtr_do_principal_put(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_PUT_PRINCIPAL);
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;

	put.public_key = key_of(call);
	mtr_fill_text(call, "--name", &put.name);
	MTR_FILL_WORD(call, "--role", put.role);
	mtr_fill_text(call, "--unit", &put.unit_code);
	command.put_principal = &put;
	return mtr_change(call, &command);
}

int mtr_do_principal_revoke(struct mtr_call *call)
{
	Mtr__Command command = mtr_command(MTR__COMMAND__BODY_REVOKE_PRINCIPAL);
	Mtr__RevokePrincipal revoke = MTR__REVOKE_PRINCIPAL__INIT;
	int result;

	revoke.public_key = key_of(call);
	mtr_fill_text(call, "--reason", &revoke.reason);
	command.revoke_principal = &revoke;
	if (!mtr_confirmed(call, _("Revoke the key for good?"), &result))
		return result;
	return mtr_change(call, &command);
}

static const struct mtr_column columns[] = {
	{"id", N_("Number"), MTR_CELL_NUMBER, NULL},
	{"name", N_("Desk"), MTR_CELL_TEXT, NULL},
	{"role", N_("Role"), MTR_CELL_WORD, &mtr__role__descriptor},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"public_key", N_("Public key"), MTR_CELL_TEXT, NULL},
	{"revoked", N_("Revoked"), MTR_CELL_FLAG, NULL},
	{"revoked_reason", N_("Reason"), MTR_CELL_TEXT, NULL},
};

static bool fill(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row, struct mtr_cell *cells)
{
	const Mtr__Principal *principal = (const Mtr__Principal *)row;
	char *key = mtr_must_alloc(arena, 41);

	if (principal->public_key.len == 32)
		zmq_z85_encode(key, principal->public_key.data, 32);
	cells[0] = mtr_cell_some(principal->id);
	cells[1] = mtr_cell_text(principal->name);
	cells[2] = mtr_cell_word((int)principal->role, NULL);
	cells[3] = mtr_cell_text(mtr_code_of_unit(call, principal->unit_id));
	cells[4] = mtr_cell_text(key);
	cells[5] = mtr_cell_flag(principal->revoked);
	cells[6] = mtr_cell_text(principal->revoked_reason);
	return true;
}

int mtr_do_principal_list(struct mtr_call *call)
{
	static const struct mtr_view view = {&mtr__principal__descriptor, columns, sizeof columns / sizeof *columns,
					     fill};
	Mtr__List list = mtr_list_of(call, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL);

	return mtr_view_list(call, &list, &view);
}
