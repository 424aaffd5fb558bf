/* Records of the journal (journal.proto): built from what a command led to, digested, chained.
 *
 * record digest = BLAKE2b-256(packed header ‖ H(salt‖leaf) ...), H = BLAKE2b-256; the leaves are the command, the
 * answer and each packed effect, in this order. Digests are taken of the bytes as they lie in the record, never of
 * bytes packed again; a record with anything the digest wouldn't cover is refused. */
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
 * 0, -ENOMEM, or -EMSGSIZE when it would be larger than MTR_RECORD_MAX or has too many effects. */
int mtr_record_build(struct mtr_arena *arena, const struct mtr_record_parts *parts, struct mtr_bytes *ret_record,
		     uint8_t ret_digest[MTR_HASH_BYTES]);

/* A packed Record's parts; all point into the record. */
struct mtr_record_view {
	struct mtr_bytes header, command, answer;
	struct mtr_bytes salts;   /* the fields with the salts, as they lie there */
	struct mtr_bytes effects; /* the fields with the packed effects, as they lie there */
	size_t effect_count;
};

/* 0, or -EBADMSG when the bytes aren't a Record in the form that mtr_record_build writes. */
int mtr_record_read(const uint8_t *record, size_t size, struct mtr_record_view *ret_view);

/* Takes the next packed Effect off `view->effects`; false when there is none left. */
bool mtr_record_next_effect(struct mtr_record_view *view, struct mtr_bytes *ret_effect);

/* The digest of a packed Record. 0, or -EBADMSG as mtr_record_read. */
int mtr_record_digest(const uint8_t *record, size_t size, uint8_t ret_digest[MTR_HASH_BYTES]);

/* Advances the chain: chain_n = BLAKE2b-256(chain_{n-1} ‖ digest_n). */
void mtr_chain_extend(uint8_t chain[MTR_HASH_BYTES], const uint8_t digest[MTR_HASH_BYTES]);

#endif
