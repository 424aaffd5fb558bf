/* The only writer of the register: puts a record's effects into the rows and all that follows from them.
 * The same for live commands, replay at start, rebuild and followers; runs no rule. */
#ifndef MTR_STORE_APPLY_H
#define MTR_STORE_APPLY_H

#include "matricula/v1/journal.pb-c.h"
#include "store/schema.h"
#include "store/store.h"

/* One row's new bytes, or its end. Memory is the caller's. */
struct mtr_effect {
	struct mtr_home home;
	Mtr__EntityType type;
	uint64_t id;
	struct mtr_bytes row;  /* packed entity; size 0 for a tombstone */
	const char *tombstone; /* reason; NULL for a row */
	/* Its bytes were taken out of the journal (row is empty then): it only stands where it stood, until the row of
	 * the redaction takes its place. */
	bool redacted;
};

/* Applies the record with this header at the next revision, and records that the chain stands at `chain_after`.
 * Each entity at most once in `effects`; ordinals are their places. Also takes up the entry of the outbox (dedup,
 * hash, first unacknowledged) when the header names one, and drops dedup rows below first_unacknowledged (at most
 * MTR_IN_FLIGHT_MAX a record). Errors stay in the transaction; CORRUPT when the header's revision isn't the next. */
void mtr_apply(struct mtr_txn *txn, const Mtr__RecordHeader *header, const struct mtr_effect *effects, size_t count,
	       const uint8_t chain_after[MTR_HASH_BYTES]);

/* The same from a packed Record, for replay and for what the register writes itself: takes up its statement too. */
void mtr_apply_record(struct mtr_txn *txn, const uint8_t *record, size_t size,
		      const uint8_t chain_after[MTR_HASH_BYTES]);

#endif
