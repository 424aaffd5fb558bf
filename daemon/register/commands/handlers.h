/* The commands, one function each. The role and the fields have been checked; what is left are references, scope and
 * the rules of the command. A function fills in effects, subjects and answer of the decision, or refuses. */
#ifndef MTR_REGISTER_HANDLERS_H
#define MTR_REGISTER_HANDLERS_H

#include "register/decision.h"

typedef bool (*mtr_handler)(struct mtr_decision *decision);

bool mtr_handle_put_unit(struct mtr_decision *decision);
bool mtr_handle_dissolve_unit(struct mtr_decision *decision);
bool mtr_handle_put_principal(struct mtr_decision *decision);
bool mtr_handle_revoke_principal(struct mtr_decision *decision);
bool mtr_handle_put_title(struct mtr_decision *decision);
bool mtr_handle_put_person(struct mtr_decision *decision);
bool mtr_handle_put_plan(struct mtr_decision *decision);
bool mtr_handle_put_programme(struct mtr_decision *decision);
bool mtr_handle_register_demand(struct mtr_decision *decision);
bool mtr_handle_allocate(struct mtr_decision *decision);
bool mtr_handle_transfer(struct mtr_decision *decision);
bool mtr_handle_return_seats(struct mtr_decision *decision);
bool mtr_handle_put_letter(struct mtr_decision *decision);
bool mtr_handle_propose(struct mtr_decision *decision);
bool mtr_handle_withdraw(struct mtr_decision *decision);
bool mtr_handle_substitute(struct mtr_decision *decision);
bool mtr_handle_settle_late(struct mtr_decision *decision);
bool mtr_handle_vet(struct mtr_decision *decision);
bool mtr_handle_freeze(struct mtr_decision *decision);
bool mtr_handle_decide(struct mtr_decision *decision);
bool mtr_handle_forward(struct mtr_decision *decision);
bool mtr_handle_open_class(struct mtr_decision *decision);
bool mtr_handle_summon(struct mtr_decision *decision);
bool mtr_handle_enrol(struct mtr_decision *decision);
bool mtr_handle_close_class(struct mtr_decision *decision);
bool mtr_handle_redact(struct mtr_decision *decision);
bool mtr_handle_close_outbox(struct mtr_decision *decision);
bool mtr_handle_end_reconciliation(struct mtr_decision *decision);

#endif
