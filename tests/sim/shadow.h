/* A register put together naively from the journal's effects: an array of rows, searched from end to end. */
#ifndef SIM_SHADOW_H
#define SIM_SHADOW_H

#include "contract/arena.h"
#include "contract/bytes.h"
#include "matricula/v1/journal.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

#define SHADOW_ROWS_MAX 4096u
#define SHADOW_HOMES_MAX 512u

struct shadow_home {
	uint32_t kind, a, b;
};

struct shadow_row {
	struct shadow_home home;
	uint32_t type;
	uint64_t id, revision;
	uint32_t ordinal;
	bool live;
	struct mtr_bytes bytes;
	const void *message; /* the entity, unpacked */
};

struct shadow {
	struct mtr_arena *arena;
	uint64_t revision;
	struct shadow_row rows[SHADOW_ROWS_MAX];
	uint32_t count;
	struct shadow_home homes[SHADOW_HOMES_MAX]; /* in which there ever was anything */
	uint32_t home_count;
};

static inline bool shadow_home_equal(struct shadow_home x, struct shadow_home y)
{
	return x.kind == y.kind && x.a == y.a && x.b == y.b;
}

/* Takes up one effect of the record at `revision`. False without room, or when a row can't be unpacked. */
bool shadow_apply(struct shadow *shadow, uint64_t revision, uint32_t ordinal, const Mtr__Effect *effect);

/* The live entity; NULL. */
const struct shadow_row *shadow_find(const struct shadow *shadow, uint32_t type, uint64_t id);
const Mtr__Unit *shadow_unit(const struct shadow *shadow, uint32_t id);

/* True if the unit is the root or below it by any route; one that was dissolved lies where it went. */
bool shadow_within(const struct shadow *shadow, uint32_t unit_id, uint32_t root_id);

/* May this principal see what is in the home? */
bool shadow_sees(const struct shadow *shadow, const Mtr__Principal *who, struct shadow_home home);

/* Count and digest of all live rows that the principal may see. */
uint64_t shadow_digest(const struct shadow *shadow, const Mtr__Principal *who, uint8_t ret_digest[32]);

#endif
