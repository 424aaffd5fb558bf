/* From the codes and particulars in a command to rows. */
#ifndef MTR_REGISTER_RESOLVE_H
#define MTR_REGISTER_RESOLVE_H

#include "register/decision.h"

/* The row with this code; refused as UNKNOWN_* with `field`. */
const Mtr__Unit *mtr_resolve_unit(struct mtr_decision *decision, const char *code, const char *field);
/* The same, and UNIT_DISSOLVED when it is. */
const Mtr__Unit *mtr_resolve_live_unit(struct mtr_decision *decision, const char *code, const char *field);
const Mtr__Title *mtr_resolve_title(struct mtr_decision *decision, const char *code, const char *field);
const Mtr__Plan *mtr_resolve_plan(struct mtr_decision *decision, const char *code, const char *field);
const Mtr__Programme *mtr_resolve_programme(struct mtr_decision *decision, const char *code, const char *field);
const Mtr__Class *mtr_resolve_class(struct mtr_decision *decision, const char *code, const char *field);

/* The principal with this key; UNKNOWN_PRINCIPAL. */
const Mtr__Principal *mtr_resolve_principal(struct mtr_decision *decision, const ProtobufCBinaryData *key,
					    const char *field);

/* The id of an optional code: 0 when empty. False when refused. */
bool mtr_resolve_optional_unit(struct mtr_decision *decision, const char *code, const char *field, uint32_t *ret_id);

/* The letter, if it is of this programme and unit; UNKNOWN_LETTER. */
const Mtr__Letter *mtr_resolve_letter(struct mtr_decision *decision, uint64_t id, uint32_t programme_id,
				      uint32_t unit_id, const char *field);

/* The person meant, who belongs to `unit_id`'s subtree and agrees with what is given. UNKNOWN_UNIT, UNKNOWN_PERSON,
 * AMBIGUOUS_PERSON, PARTICULARS_DIFFER. */
const Mtr__Person *mtr_resolve_person(struct mtr_decision *decision, const Mtr__PersonReference *reference,
				      uint32_t unit_id);

/* A copy, to be changed, of a nomination that isn't hidden from the principal (see mtr_access_nomination);
 * UNKNOWN_NOMINATION. */
Mtr__Nomination *mtr_resolve_nomination(struct mtr_decision *decision, uint64_t id, const Mtr__Class *taught,
					const char *field);

#endif
