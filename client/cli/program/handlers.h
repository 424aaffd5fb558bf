/* What each row of the table does; enum mtr_exit. */
#ifndef MTR_CLI_HANDLERS_H
#define MTR_CLI_HANDLERS_H

#include "program/call.h"

/* setup.c */
int mtr_do_help(struct mtr_call *call);
int mtr_do_completion(struct mtr_call *call);
int mtr_do_man(struct mtr_call *call);
int mtr_do_keygen(struct mtr_call *call);
int mtr_do_whoami(struct mtr_call *call);
/* unit.c, principal.c, title.c, plan.c */
int mtr_do_unit_put(struct mtr_call *call);
int mtr_do_unit_list(struct mtr_call *call);
int mtr_do_unit_show(struct mtr_call *call);
int mtr_do_unit_dissolve(struct mtr_call *call);
int mtr_do_principal_put(struct mtr_call *call);
int mtr_do_principal_revoke(struct mtr_call *call);
int mtr_do_principal_list(struct mtr_call *call);
int mtr_do_title_put(struct mtr_call *call);
int mtr_do_title_list(struct mtr_call *call);
int mtr_do_plan_put(struct mtr_call *call);
int mtr_do_plan_list(struct mtr_call *call);
/* person.c, person_view.c */
int mtr_do_person_put(struct mtr_call *call);
int mtr_do_person_list(struct mtr_call *call);
int mtr_do_person_show(struct mtr_call *call);
/* programme.c, programme_view.c */
int mtr_do_programme_put(struct mtr_call *call);
int mtr_do_programme_list(struct mtr_call *call);
int mtr_do_programme_show(struct mtr_call *call);
/* quota.c, quota_view.c */
int mtr_do_demand(struct mtr_call *call);
int mtr_do_quota_allocate(struct mtr_call *call);
int mtr_do_quota_transfer(struct mtr_call *call);
int mtr_do_quota_return(struct mtr_call *call);
int mtr_do_quota_show(struct mtr_call *call);
int mtr_do_quota_ledger(struct mtr_call *call);
/* letter.c */
int mtr_do_letter_put(struct mtr_call *call);
int mtr_do_letter_list(struct mtr_call *call);
/* nomination.c, nomination_view.c */
int mtr_do_propose(struct mtr_call *call);
int mtr_do_withdraw(struct mtr_call *call);
int mtr_do_substitute(struct mtr_call *call);
int mtr_do_late_accept(struct mtr_call *call);
int mtr_do_late_refuse(struct mtr_call *call);
int mtr_do_nomination_list(struct mtr_call *call);
int mtr_do_nomination_show(struct mtr_call *call);
/* review.c */
int mtr_do_vet(struct mtr_call *call);
int mtr_do_freeze(struct mtr_call *call);
int mtr_do_decide(struct mtr_call *call);
int mtr_do_forward(struct mtr_call *call);
/* class.c, roster.c */
int mtr_do_class_open(struct mtr_call *call);
int mtr_do_summon(struct mtr_call *call);
int mtr_do_class_enrol(struct mtr_call *call);
int mtr_do_class_close(struct mtr_call *call);
int mtr_do_class_list(struct mtr_call *call);
int mtr_do_roster_pull(struct mtr_call *call);
int mtr_do_roster_show(struct mtr_call *call);
/* status.c */
int mtr_do_status(struct mtr_call *call);
int mtr_do_log(struct mtr_call *call);
int mtr_do_outbox_send(struct mtr_call *call);
/* sync.c */
int mtr_do_sync(struct mtr_call *call);
/* outbox_view.c, bundle.c */
int mtr_do_outbox_list(struct mtr_call *call);
int mtr_do_outbox_show(struct mtr_call *call);
int mtr_do_outbox_dismiss(struct mtr_call *call);
int mtr_do_outbox_export(struct mtr_call *call);
int mtr_do_outbox_import(struct mtr_call *call);
int mtr_do_bundle_apply(struct mtr_call *call);
/* audit.c, audit_show.c, redact.c */
int mtr_do_audit_checkpoint(struct mtr_call *call);
int mtr_do_audit_show(struct mtr_call *call);
int mtr_do_audit_verify(struct mtr_call *call);
int mtr_do_redact(struct mtr_call *call);
/* recovery.c */
int mtr_do_recovery_keygen(struct mtr_call *call);
int mtr_do_recovery_sign(struct mtr_call *call);
/* reconciling.c */
int mtr_do_recovery_trust(struct mtr_call *call);
int mtr_do_recovery_end(struct mtr_call *call);
int mtr_do_recovery_differences(struct mtr_call *call);
/* late.c */
int mtr_do_late_list(struct mtr_call *call);

#endif
