/* Typed reads. Rows are unpacked into the arena; the write transaction finds some unpacked already, good until it ends,
 * and the arena is charged for them all the same. NULL means "there is none" or an error, which txn->error tells apart.
 * A row that is empty or doesn't unpack sets CORRUPT. Tombstoned entities are "none". */
#ifndef MTR_STORE_READ_H
#define MTR_STORE_READ_H

#include "contract/arena.h"
#include "matricula/v1/entities.pb-c.h"
#include "store/schema.h"
#include "store/store.h"

struct mtr_row {
	struct mtr_home home;
	Mtr__EntityType type;
	uint64_t id;
	uint64_t revision;
	uint32_t ordinal;
	struct mtr_bytes bytes; /* of the packed entity, in the map */
};
/* False when there is none or it is a tombstone. */
bool mtr_read_row(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id, struct mtr_row *ret_row);

const Mtr__Unit *mtr_read_unit(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id);
const Mtr__Principal *mtr_read_principal(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id);
const Mtr__Title *mtr_read_title(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id);
const Mtr__Person *mtr_read_person(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id);
const Mtr__Plan *mtr_read_plan(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id);
const Mtr__Programme *mtr_read_programme(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id);
/* Never NULL but on an error: a part without a row reads as all zeros. */
const Mtr__Allocation *mtr_read_allocation(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t programme_id,
					   uint32_t unit_id);
const Mtr__Letter *mtr_read_letter(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t id);
const Mtr__Nomination *mtr_read_nomination(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t id);
const Mtr__Decision *mtr_read_decision(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t id);
const Mtr__Class *mtr_read_class(struct mtr_txn *txn, struct mtr_arena *arena, uint32_t id);
const Mtr__Enrolment *mtr_read_enrolment(struct mtr_txn *txn, struct mtr_arena *arena, uint64_t nomination_id);

/* Ids by what people call things; 0 when unknown. `type`: UNIT, TITLE, PLAN, PROGRAMME, CLASS. */
uint64_t mtr_find_code(struct mtr_txn *txn, Mtr__EntityType type, const char *code);
uint32_t mtr_find_citizen(struct mtr_txn *txn, const char *citizen_number);
uint32_t mtr_find_principal(struct mtr_txn *txn, const uint8_t public_key[MTR_KEY_BYTES]);
/* People of this exact name (in NFC; case doesn't matter), birth and unit: how many, at most `most` ids stored. */
size_t mtr_find_name(struct mtr_txn *txn, const char *full_name, uint32_t birth, uint32_t unit_id, uint32_t *ret_ids,
		     size_t most);
/* The nomination that stands in the way of another for this person in this programme; 0 if none. */
uint64_t mtr_find_once(struct mtr_txn *txn, uint32_t person_id, uint32_t programme_id);
/* The next free id of a type, from 1. */
uint64_t mtr_next_id(struct mtr_txn *txn, Mtr__EntityType type);
/* Calls for each b of link (kind, a, b), in order; stops when the callback returns false. */
typedef bool (*mtr_link_fn)(void *context, uint64_t b);
void mtr_each_link(struct mtr_txn *txn, enum mtr_link_kind kind, uint64_t a, mtr_link_fn, void *context);
bool mtr_has_link(struct mtr_txn *txn, enum mtr_link_kind kind, uint64_t a, uint64_t b);
/* All nominations there ever were of a person, ascending; one look for each block of nominations of the register and
 * one for each found. */
void mtr_each_nomination_of(struct mtr_txn *txn, uint32_t person_id, mtr_link_fn, void *context);
/* Calls for the id of each entity of a type that there is or was, ascending; stops when the callback returns false. */
void mtr_each_entity(struct mtr_txn *txn, Mtr__EntityType type, mtr_link_fn, void *context);
bool mtr_is_nomination_of(struct mtr_txn *txn, uint32_t person_id, uint64_t nomination_id);

/* How a state counts; one row a state, used by index.c and the register alike. */
enum mtr_bucket {
	MTR_BUCKET_NONE = 0,    /* neither holds a seat nor waits */
	MTR_BUCKET_SEATED = 1,  /* holds a seat, can still be displaced or promoted into: ordered */
	MTR_BUCKET_WAITING = 2, /* ordered */
	MTR_BUCKET_SECURED = 3, /* holds a seat for good */
};
struct mtr_state_traits {
	enum mtr_bucket bucket;
	bool blocks; /* stands in the way of another nomination of the person to the programme */
};
struct mtr_state_traits mtr_state_traits(Mtr__State state);

/* Counts of one part (unit × programme), kept by apply. */
struct mtr_tally {
	uint32_t by_state[32];                               /* nominations by Mtr__State */
	uint32_t held;                                       /* SEATED and SECURED */
	uint32_t ever_decided, ever_summoned, ever_enrolled; /* with a decision, a class, past opening day */
	uint32_t seated_by_group[8], waiting_by_group[8];    /* by Mtr__PriorityGroup, buckets SEATED and WAITING */
};
void mtr_read_tally(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, struct mtr_tally *ret_tally);

/* Seats of the part by its ledger. */
uint32_t mtr_allocation_seats(const Mtr__Allocation *allocation);

/* The last of the seated or the first of the waiting by rank key; 0 if there is none. */
uint64_t mtr_order_last_seated(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id);
uint64_t mtr_order_first_waiting(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id);
/* How many of `bucket` rank before `rank_key`. Costs the lesser distance to an end of its priority group. */
uint32_t mtr_order_count_before(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, enum mtr_bucket bucket,
				struct mtr_bytes rank_key);
/* Nominations of `bucket` in order; stops when the callback returns false. */
void mtr_each_ordered(struct mtr_txn *txn, uint32_t programme_id, uint32_t unit_id, enum mtr_bucket bucket, mtr_link_fn,
		      void *context);

/* True if there is, or was once, such a row. */
bool mtr_is_known(struct mtr_txn *txn, Mtr__EntityType type, uint64_t id);

/* In first_unacknowledged: nothing comes from this outbox any more. */
#define MTR_OUTBOX_CLOSED UINT64_MAX

/* Where the newest record with a checkpoint is, and its time; all zeros without one. */
struct mtr_checkpoint_place {
	uint64_t revision, at;
};
void mtr_read_checkpoint(struct mtr_txn *txn, struct mtr_checkpoint_place *ret_place);

struct mtr_outbox_state {
	uint32_t principal_id; /* 0: unknown outbox */
	uint64_t last_sequence;
	uint64_t first_unacknowledged;
	uint8_t entry_hash[MTR_HASH_BYTES];
};
static inline bool mtr_outbox_is_closed(const struct mtr_outbox_state *outbox)
{
	return outbox->first_unacknowledged == MTR_OUTBOX_CLOSED;
}
void mtr_read_outbox(struct mtr_txn *txn, const uint8_t outbox[MTR_OUTBOX_BYTES], struct mtr_outbox_state *ret_state);
/* Revision of the record that consumed this sequence; 0 if forgotten or never. */
uint64_t mtr_read_dedup(struct mtr_txn *txn, const uint8_t outbox[MTR_OUTBOX_BYTES], uint64_t sequence,
			uint8_t ret_entry_hash[MTR_HASH_BYTES]);

#endif
