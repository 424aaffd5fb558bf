/* One decision under construction: what it starts from, what it has found out, what it will answer.
 *
 * Functions return false, or NULL, when the decision ends here: it has been refused, or the transaction or the arena
 * has failed. Fields are named from the command's body on ("person.birth"); the command's name is put in front. */
#ifndef MTR_REGISTER_DECISION_H
#define MTR_REGISTER_DECISION_H

#include "contract/commands.h"
#include "register/decide.h"
#include "register/effects.h"
#include "register/view.h"

#include <inttypes.h>

#define MTR_ENTITY_TYPES 16u
_Static_assert(MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE < MTR_ENTITY_TYPES, "an id for every type");

struct mtr_part;

struct mtr_decision {
	const struct mtr_decision_input *input;
	const Mtr__Command *command;
	const struct mtr_command_info *info;
	const Mtr__Principal *principal;
	struct mtr_view view;
	uint64_t arrived; /* when the register first got the command; input->now but for what was answered before */
	uint32_t today;   /* date of that */
	struct mtr_effects effects;
	struct mtr_part *parts; /* that this command touches */
	uint64_t next_ids[MTR_ENTITY_TYPES];
	bool former_id_taken;
	const uint8_t *closed_outbox;
	uint64_t *nomination_ids; /* subjects */
	uint32_t *person_ids;
	size_t nomination_count, person_count, nomination_room, person_room;
	Mtr__Error *error;
	Mtr__Acknowledgement *acknowledgement;
	Mtr__Done *done;
};

/* A message from the arena, its fields empty. */
void *mtr_message_new(struct mtr_arena *arena, const ProtobufCMessageDescriptor *descriptor);

/* Text built in the arena; "" without memory. */
const char *mtr_format(struct mtr_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What an error says beyond its code; what is left out stays empty. */
struct mtr_fault {
	const char *field, *found, *wanted;
	uint64_t number;
};

/* Refuses the command. Always false. */
bool mtr_refuse(struct mtr_decision *decision, Mtr__ErrorCode code, struct mtr_fault fault);
/* The same with nothing but the field; NULL for none. */
bool mtr_refuse_field(struct mtr_decision *decision, Mtr__ErrorCode code, const char *field);

/* True while the decision can go on. */
bool mtr_decision_good(const struct mtr_decision *decision);

/* A new id of this type; ids of one decision follow one another, after the one that the entry's former answer told. */
uint64_t mtr_new_id(struct mtr_decision *decision, Mtr__EntityType type);

/* Names subjects of the record; 0 and what is named already are passed over. */
bool mtr_subject_nomination(struct mtr_decision *decision, uint64_t nomination_id);
bool mtr_subject_person(struct mtr_decision *decision, uint32_t person_id);

/* Starts the answer of a command that isn't acknowledged. `code` is copied; NULL for none. */
Mtr__Done *mtr_done(struct mtr_decision *decision, Mtr__EntityType type, uint64_t id, const char *code, bool created);

/* The name of an enumerator as in the .proto files, e.g. "STATE_SEATED"; "" for an unknown one. */
const char *mtr_enum_name(const ProtobufCEnumDescriptor *descriptor, int value);

#endif
