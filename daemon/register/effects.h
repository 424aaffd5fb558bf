/* The rows a decision changes, each at most once. */
#ifndef MTR_REGISTER_EFFECTS_H
#define MTR_REGISTER_EFFECTS_H

#include "contract/arena.h"
#include "store/apply.h"

struct mtr_pending_effect {
	struct mtr_home home;
	Mtr__EntityType type;
	uint64_t id;
	const ProtobufCMessage *row; /* packed at the end, so it may still change until then */
};

struct mtr_effects {
	struct mtr_pending_effect *pending;
	size_t count, room;
};

/* The row's home follows from its contents. A second row of the same entity takes the first one's place.
 * False without memory. */
bool mtr_effect_unit(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Unit *row);
bool mtr_effect_principal(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Principal *row);
bool mtr_effect_title(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Title *row);
bool mtr_effect_person(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Person *row);
bool mtr_effect_plan(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Plan *row);
bool mtr_effect_programme(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Programme *row);
bool mtr_effect_allocation(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Allocation *row);
bool mtr_effect_ledger_entry(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__LedgerEntry *row);
bool mtr_effect_letter(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Letter *row);
bool mtr_effect_nomination(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Nomination *row);
bool mtr_effect_decision(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Decision *row);
bool mtr_effect_class(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Class *row);
bool mtr_effect_summons(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Summons *row);
bool mtr_effect_enrolment(struct mtr_effects *effects, struct mtr_arena *arena, const Mtr__Enrolment *row);
/* A divergence says which part it is about, but not whose people it is told. */
bool mtr_effect_divergence(struct mtr_effects *effects, struct mtr_arena *arena, struct mtr_home home,
			   const Mtr__Divergence *row);

enum mtr_effects_status {
	MTR_EFFECTS_OK,
	MTR_EFFECTS_TOO_MANY, /* more than MTR_EFFECTS_MAX, or more bytes than a record may have */
	MTR_EFFECTS_ROW_SIZE, /* one row is beyond MTR_ROW_MAX */
	MTR_EFFECTS_MEMORY,
};

/* Packs every row. */
enum mtr_effects_status mtr_effects_pack(const struct mtr_effects *effects, struct mtr_arena *arena,
					 struct mtr_effect **ret_effects);

#endif
