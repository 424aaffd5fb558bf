/* What follows from a row: the derived rows it accounts for, as apply keeps them and verify checks them. */
#ifndef MTR_STORE_INDEX_H
#define MTR_STORE_INDEX_H

#include "contract/arena.h"
#include "store/read.h"
#include "store/schema.h"

struct mtr_derived {
	enum mtr_table table; /* CODE, LINK, ONCE or ORDER */
	struct mtr_key key;
	uint64_t id; /* the value; LINK has none */
};

/* How a nomination counts in the tally of its part. */
struct mtr_share {
	bool counts; /* false: the row isn't a nomination */
	uint32_t programme_id, unit_id;
	Mtr__State state;
	Mtr__PriorityGroup group;
	bool decided, summoned, enrolled;
};

struct mtr_derivation {
	struct mtr_derived *rows; /* no two with the same table and key */
	size_t count;
	struct mtr_share share;
};

/* OK; CORRUPT: the row doesn't unpack, isn't the entity `id`, or says what can't be indexed; MEMORY: the arena is
 * exhausted. */
enum mtr_store_error mtr_derive(struct mtr_arena *arena, Mtr__EntityType type, uint64_t id, struct mtr_bytes row,
				struct mtr_derivation *ret_derivation);

/* The value of a derived row as it lies in its table. */
struct mtr_key mtr_derived_value(const struct mtr_derived *row);

/* Keys, shared with the functions that find. */
struct mtr_key mtr_code_key(uint8_t kind, const void *code, size_t size);
#define MTR_CODE_CITIZEN ((uint8_t)'c')
#define MTR_CODE_PUBLIC_KEY ((uint8_t)'k')
struct mtr_key mtr_link_key(enum mtr_link_kind kind, uint64_t a, uint64_t b);
struct mtr_key mtr_once_key(uint32_t person_id, uint32_t programme_id);
/* The link from person to nomination. */
struct mtr_key mtr_person_nomination_key(uint32_t person_id, uint64_t nomination_id);
struct mtr_key mtr_order_key(uint32_t programme_id, uint32_t unit_id, enum mtr_bucket bucket,
			     struct mtr_bytes rank_key);
/* False for a name that can't be folded: nobody is found by it. */
bool mtr_name_hash(const char *full_name, uint32_t birth, uint32_t unit_id, uint64_t *ret_hash);

#endif
