/* Records of the journal (journal.proto): built from what a command led to, digested, chained.
 *
 * record digest = BLAKE2b-256(packed header ‖ H(salt‖leaf) ...), H = BLAKE2b-256; the leaves are the command, the
 * answer and each packed effect, in this order. Digests are taken of the bytes as they lie in the record, never of
 * bytes packed again; a record with anything the digest wouldn't cover is refused.
 *
 * A leaf may be redacted: it and its salt are gone, its hash has taken their place, and the digest is the same. Where
 * the row of a redacted effect stood is told too, and isn't covered by the digest: a register built from records with
 * another place would have another digest. */
#ifndef MTR_ENGINE_RECORD_H
#define MTR_ENGINE_RECORD_H

#include "contract/arena.h"
#include "contract/bytes.h"
#include "contract/limits.h"
#include "matricula/v1/journal.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mtr_record_parts {
	const Mtr__RecordHeader *header;
	struct mtr_bytes command;        /* packed Command; may be empty */
	struct mtr_bytes answer;         /* packed Answer; may be empty */
	const struct mtr_bytes *effects; /* packed Effects, at most MTR_EFFECTS_MAX */
	size_t effect_count;
};

/* Packs a Record with fresh random salts into the arena and tells its digest.
 * 0, -ENOMEM, -EMSGSIZE when it would be larger than MTR_RECORD_MAX or has too many effects, or -EBADMSG with an effect
 * of no bytes. */
int mtr_record_build(struct mtr_arena *arena, const struct mtr_record_parts *parts, struct mtr_bytes *ret_record,
		     uint8_t ret_digest[MTR_HASH_BYTES]);

/* Numbers of a record's leaves. */
#define MTR_LEAF_COMMAND 0u
#define MTR_LEAF_ANSWER 1u
#define MTR_LEAF_EFFECTS 2u /* the first effect's */
#define MTR_LEAVES_MAX (MTR_LEAF_EFFECTS + MTR_EFFECTS_MAX)

/* A packed Record's parts; all point into the record. */
struct mtr_record_view {
	struct mtr_bytes header, command, answer;
	bool command_redacted, answer_redacted; /* then they are empty */
	size_t effect_count;                    /* that come yet, redacted ones too */
	struct mtr_bytes redacted;              /* for mtr_record_next_redacted */
	size_t redacted_count;
	/* Fields as they lie there, for the functions below. */
	struct mtr_bytes salts, effects, redacted_effects;
	uint32_t next_leaf;
};

/* 0, or -EBADMSG when the bytes aren't a Record in the form that mtr_record_build and mtr_record_redact write. */
int mtr_record_read(const uint8_t *record, size_t size, struct mtr_record_view *ret_view);

/* Takes the next packed Effect, without data for a redacted one; false when there is none left. */
bool mtr_record_next_effect(struct mtr_record_view *view, struct mtr_bytes *ret_effect);

/* What is left of a leaf. */
struct mtr_redacted_leaf {
	uint32_t index;
	struct mtr_bytes hash; /* MTR_HASH_BYTES */
	/* Of an effect: whose row it was, and where it stood. */
	uint8_t home_kind, type;
	uint32_t home_a, home_b;
	uint64_t id;
};
/* Takes the next one off `redacted`, which is a view's at first; false when there is none left. */
bool mtr_record_next_redacted(struct mtr_bytes *redacted, struct mtr_redacted_leaf *ret_leaf);

/* Chooses leaves: an effect is a packed Effect. */
typedef bool (*mtr_leaf_fn)(void *context, uint32_t index, struct mtr_bytes leaf);

/* The same Record without the leaves for which `choose` says so, in the arena; those redacted before stay so.
 * *ret_count is how many it took out; with 0 of them *ret_record is the record as it was.
 * 0, -ENOMEM, or -EBADMSG when it can't be read or a row has no place. */
int mtr_record_redact(struct mtr_arena *arena, struct mtr_bytes record, mtr_leaf_fn choose, void *context,
		      struct mtr_bytes *ret_record, size_t *ret_count);

/* BLAKE2b-256(salt ‖ leaf). */
void mtr_leaf_hash(struct mtr_bytes salt, struct mtr_bytes leaf, uint8_t ret_hash[MTR_HASH_BYTES]);

/* The digest of a packed Record. 0, or -EBADMSG as mtr_record_read. */
int mtr_record_digest(const uint8_t *record, size_t size, uint8_t ret_digest[MTR_HASH_BYTES]);

/* Advances the chain: chain_n = BLAKE2b-256(chain_{n-1} ‖ digest_n). */
void mtr_chain_extend(uint8_t chain[MTR_HASH_BYTES], const uint8_t digest[MTR_HASH_BYTES]);

#endif
