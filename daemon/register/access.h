/* What a principal may act on. */
#ifndef MTR_REGISTER_ACCESS_H
#define MTR_REGISTER_ACCESS_H

#include "register/decision.h"

/* The unit lies in the subtree of the principal's unit. */
bool mtr_access_unit(struct mtr_decision *decision, uint32_t unit_id);

/* The unit lies in the subtree the principal acts for: its own unit's, for an organiser that of mtr_acting_root. */
bool mtr_access_acting(struct mtr_decision *decision, uint32_t unit_id);

/* The principal's unit is one of these, or what one of them merged into. */
bool mtr_access_one_of(struct mtr_decision *decision, const uint32_t *unit_ids, size_t count);
bool mtr_access_organises(struct mtr_decision *decision, const Mtr__Programme *programme);

/* The principal's unit acts over the root's subtree. */
bool mtr_access_root(struct mtr_decision *decision);

/* OUT_OF_SCOPE with `field` unless `allowed`; the answer of one of the above, which is also false on an error. */
bool mtr_require(struct mtr_decision *decision, bool allowed, const char *field);

/* The nomination isn't hidden from the principal: a nominator knows those of its subtree; an approver also those of
 * people it manages; an organiser those of the programmes it organises; a school those of the class `taught` (NULL for
 * none) and, of that class's programme, those without a class. */
bool mtr_access_nomination(struct mtr_decision *decision, const Mtr__Nomination *nomination, const Mtr__Class *taught);

#endif
