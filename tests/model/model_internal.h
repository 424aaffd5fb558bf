/* Between the files of the model. */
#ifndef MODEL_MODEL_INTERNAL_H
#define MODEL_MODEL_INTERNAL_H

#include "model.h"

#include <string.h>

#define E(name) MTR__ERROR_CODE__ERROR_CODE_##name

/* One command being decided. */
struct turn {
	struct model *m;
	const Mtr__Principal *who;
	const Mtr__Command *command;
	struct verdict *verdict;
};

/* Always the code, which it also puts into the verdict. */
Mtr__ErrorCode refuse(struct turn *turn, Mtr__ErrorCode code);
/* The same with the number that the error carries. */
Mtr__ErrorCode refuse_number(struct turn *turn, Mtr__ErrorCode code, uint64_t number);

/* What is answered when all went well. */
void answer_done(struct turn *turn, Mtr__EntityType type, uint64_t id, bool created);
void answer_acknowledgement(struct turn *turn, const Mtr__Nomination *nomination);

/* Ends the step with this code unless it is none. */
#define TRY(expression)                                                                                                \
	do {                                                                                                           \
		Mtr__ErrorCode try_code = (expression);                                                                \
		if (try_code != E(NONE))                                                                               \
			return try_code;                                                                               \
	} while (0)

/* Copies of messages and texts that last as long as the run. */
void *keep(struct model *m, const ProtobufCMessage *message);
char *keep_text(struct model *m, const char *text);
void *new_row(struct model *m, const ProtobufCMessageDescriptor *descriptor);

/* Shapes of fields. */
Mtr__ErrorCode shape_code(const char *code, bool required);
Mtr__ErrorCode shape_text(const char *text, size_t most, bool required);
Mtr__ErrorCode shape_date(uint32_t date, bool partial, bool required);
Mtr__ErrorCode shape_range(uint64_t value, uint64_t least, uint64_t most);

/* Days. */
uint32_t day_of(uint64_t ms);

/* References. find_unit refuses a dissolved unit; find_former_unit is for what a dissolved unit leaves to be settled.
 */
Mtr__ErrorCode find_unit(struct turn *turn, const char *code, uint32_t *ret_id);
Mtr__ErrorCode find_former_unit(struct turn *turn, const char *code, uint32_t *ret_id);
Mtr__ErrorCode find_programme(struct turn *turn, const char *code, uint32_t *ret_id);
Mtr__ErrorCode find_class(struct turn *turn, const char *code, uint32_t *ret_id);
/* Nominations out of the asker's scope are unknown. Of a school's, those that are in `taught`, or of its programme
 * and in no class yet; others give NULL. */
Mtr__ErrorCode find_nomination(struct turn *turn, uint64_t id, const Mtr__Class *taught,
			       Mtr__Nomination **ret_nomination);

/* The unit itself or, when dissolved, the one its affairs went to. */
uint32_t living(const struct model *m, uint32_t unit_id);
bool is_or_became(const struct model *m, uint32_t unit_id, uint32_t other_id);
bool organised_by(const struct model *m, const Mtr__Programme *programme, uint32_t unit_id);
bool organises(const struct model *m, const Mtr__Principal *who, uint32_t programme_id);

/* People. */
bool covers(const Mtr__Standard *held, const Mtr__Standard *asked);
bool person_has(const Mtr__Person *person, const Mtr__Standard *asked);
void work_out_priority(struct model *m, const Mtr__Person *person, const Mtr__Programme *programme,
		       Mtr__Nomination *nomination);
uint32_t managing_body(struct model *m, const Mtr__Person *person);
size_t failed_conditions(struct model *m, const Mtr__Person *person, const Mtr__Programme *programme,
			 Mtr__ConditionKind *ret_kinds);

struct rank rank_of(struct model *m, const Mtr__Nomination *nomination);

/* Seats. */
Mtr__Allocation *allocation_of(struct model *m, uint32_t programme_id, uint32_t unit_id);
void place(struct turn *turn, Mtr__Nomination *nomination);
void seats_fall_free(struct turn *turn, uint32_t programme_id, uint32_t unit_id);

/* One function a command. */
typedef Mtr__ErrorCode (*model_command)(struct turn *turn);
Mtr__ErrorCode do_put_unit(struct turn *turn);
Mtr__ErrorCode do_dissolve_unit(struct turn *turn);
Mtr__ErrorCode do_put_principal(struct turn *turn);
Mtr__ErrorCode do_revoke_principal(struct turn *turn);
Mtr__ErrorCode do_put_title(struct turn *turn);
Mtr__ErrorCode do_put_person(struct turn *turn);
Mtr__ErrorCode do_put_plan(struct turn *turn);
Mtr__ErrorCode do_put_programme(struct turn *turn);
Mtr__ErrorCode do_register_demand(struct turn *turn);
Mtr__ErrorCode do_allocate(struct turn *turn);
Mtr__ErrorCode do_transfer(struct turn *turn);
Mtr__ErrorCode do_return_seats(struct turn *turn);
Mtr__ErrorCode do_put_letter(struct turn *turn);
Mtr__ErrorCode do_propose(struct turn *turn);
Mtr__ErrorCode do_withdraw(struct turn *turn);
Mtr__ErrorCode do_substitute(struct turn *turn);
Mtr__ErrorCode do_settle_late(struct turn *turn);
Mtr__ErrorCode do_vet(struct turn *turn);
Mtr__ErrorCode do_freeze(struct turn *turn);
Mtr__ErrorCode do_decide(struct turn *turn);
Mtr__ErrorCode do_forward(struct turn *turn);
Mtr__ErrorCode do_open_class(struct turn *turn);
Mtr__ErrorCode do_summon(struct turn *turn);
Mtr__ErrorCode do_enrol(struct turn *turn);
Mtr__ErrorCode do_close_class(struct turn *turn);
Mtr__ErrorCode do_redact(struct turn *turn);

#endif
