/* What a record is about, by the homes of the rows it changed. */
#ifndef MTR_ENGINE_RECORD_ABOUT_H
#define MTR_ENGINE_RECORD_ABOUT_H

#include "engine/record.h"

/* 0 in a field: any. */
struct mtr_about {
	uint32_t unit_id, programme_id;
};

/* True when a row of the unit, or of its people or parts, and of the programme changed; redacted ones count. The
 * arena takes one effect after the other; without memory what can't be looked at doesn't count. */
bool mtr_record_about(struct mtr_arena *arena, const struct mtr_record_view *view, const struct mtr_about *about);

/* True when the header names the person. So does, in its command, one that was refused because that person was taken
 * out: the header of such a record names nobody. */
bool mtr_record_names_person(struct mtr_arena *arena, const struct mtr_record_view *view,
			     const Mtr__RecordHeader *header, uint32_t person_id);

/* As mtr_record_about, of one home. */
bool mtr_home_about(unsigned kind, uint32_t a, uint32_t b, const struct mtr_about *about);

#endif
