/* A unit's part in a programme while a command changes it: the rows and counts as they will be. */
#ifndef MTR_REGISTER_PART_H
#define MTR_REGISTER_PART_H

#include "register/decision.h"
#include "register/rules/lifecycle.h"

/* A nomination whose state this command changes. */
struct mtr_moved {
	struct mtr_moved *next;
	Mtr__Nomination *nomination; /* as it will be */
	Mtr__State before;           /* UNSPECIFIED: new */
};

struct mtr_part {
	struct mtr_part *next;
	uint32_t programme_id, unit_id;
	Mtr__Allocation *allocation; /* may be changed */
	uint32_t by_state[32];       /* as they will be */
	uint32_t held;
	struct mtr_moved *moved;
};

/* A part as the store has it. NULL on an error. */
struct mtr_part *mtr_part_read(struct mtr_view *view, uint32_t programme_id, uint32_t unit_id);

/* The decision's part, read at first use. NULL on an error. */
struct mtr_part *mtr_part_of(struct mtr_decision *decision, uint32_t programme_id, uint32_t unit_id);
struct mtr_part *mtr_part_of_nomination(struct mtr_decision *decision, const Mtr__Nomination *nomination);

uint32_t mtr_part_seats(const struct mtr_part *part);
uint32_t mtr_part_left(const struct mtr_part *part);

/* How many seated and waiting nominations rank before this one, as it will be; of the waiting alone in
 * *ret_waiting_before. */
uint32_t mtr_part_rank(struct mtr_txn *txn, const struct mtr_part *part, const Mtr__Nomination *nomination,
		       uint32_t *ret_waiting_before);

/* Puts a nomination into a state: row, counts, subjects. `nomination` stays the decision's. */
bool mtr_part_move(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination, Mtr__State state,
		   Mtr__Cause cause);
/* The same for one that isn't in the register yet. */
bool mtr_part_add(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination, Mtr__State state,
		  Mtr__Cause cause);

/* Where a nomination goes by its rank key, see docs/rules.md: SEATED or WAITING. Displaces the last of the seated
 * when need be, whose id (or 0) comes back. Sets `supplementary`; the caller moves the nomination itself. False on an
 * error. */
bool mtr_part_place(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination,
		    Mtr__State *ret_state, uint64_t *ret_displaced_id);

/* Ids of nominations, in the order in which they were promoted. */
struct mtr_promoted {
	uint64_t *ids;
	size_t count;
};

/* Gives every seat that fell free to the first waiting, and adds their ids. TOO_MANY_ITEMS beyond
 * MTR_PROMOTED_MAX. */
bool mtr_part_fill(struct mtr_decision *decision, struct mtr_part *part, struct mtr_promoted *promoted);
/* The same for every part of the decision. */
bool mtr_parts_fill(struct mtr_decision *decision, struct mtr_promoted *promoted);

#endif
