/* The priority group of a candidate for a programme, and where that puts a nomination among others. No I/O. */
#ifndef MTR_REGISTER_PRIORITY_H
#define MTR_REGISTER_PRIORITY_H

#include "contract/arena.h"
#include "register/rules/candidate.h"

/* group u8 · four tie-breaks u32 · unit order u32 · nomination id u64, big-endian: smaller ranks first */
#define MTR_RANK_KEY_BYTES (1u + 4u * MTR_TIE_BREAKS_MAX + 4u + 8u)

struct mtr_priority {
	Mtr__PriorityGroup group;
	Mtr__Basis **bases; /* all of them, titles held before titles planned; from the arena */
	size_t basis_count;
};

/* False without memory. */
bool mtr_priority_of(struct mtr_arena *arena, const Mtr__Programme *programme, const struct mtr_candidate *candidate,
		     struct mtr_priority *ret_priority);

/* `unit_order` 0: none given. */
void mtr_rank_key(const Mtr__Programme *programme, const struct mtr_candidate *candidate, Mtr__PriorityGroup group,
		  uint32_t unit_order, uint64_t nomination_id, uint8_t ret_key[MTR_RANK_KEY_BYTES]);

#endif
