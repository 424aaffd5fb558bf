/* clang-format off */
/* The bytes of an outbox on disk. All numbers are big-endian.
 *
 * table     key             value
 * meta      "format"        u32: 1
 *           "outbox"        16 random bytes
 *           "key"           32: the public key it belongs to
 *           "next"          u64: sequence of the entry to be written next
 *           "hash"          32: entry hash of the last entry written
 *           "unanswered"    u64: first entry without a final answer
 *           "halted"        packed Answer that forbids sending; absent if none did
 *           "sent"          u64: every entry below has left over a link at least once; absent: none
 *           "exported"      u64: every entry below is in some bundle; absent: none
 *           "backed up"     u64: revision of the register up to which it is known to be backed up; absent: none
 *           "incarnations"  u64 each: of the register, as this desk met them; the last is the present one; absent: none
 *           "recovery key"  32: as told at the first contact; signs the incarnations to come; absent: none was told
 *           "stated at"     u64: time in the newest statement of a restore that was accepted; absent: none was
 *           "base"          u64: entry s is entry s - base to the register; absent: 0. It rises when the outbox begins
 *                           anew because a restore lost entries that this desk had let go of
 *           "former end"    u64: one above the last entry that has a former answer; absent: none has
 *           "lost"          u64 · u64: the first and the last entry lost like that; absent: none was
 * entries   sequence u64    enqueued at u64 · previous hash 32 · entry hash 32 · packed Command
 * answers   sequence u64    answered at u64 · revision u64 · packed Answer; no row if the disk was full
 * attempts  sequence u64    attempts u32 · the register's error code u32 · tried at u64 · error of this library u32: of
 *                           an unanswered entry; one of the two errors is 0
 * refusals  sequence u64    dealt with at u64, 0: not yet: of an entry that was answered with an error, or otherwise
 *                           than before a restore
 * receipts  sequence u64    32: the register's proof of the answer; absent if it gave none
 * former    sequence u64    outbox 16 · sequence there u64 · previous hash 32 · revision u64 · receipt 32, zeros: none ·
 *                           packed Answer, empty: it wasn't kept: before the register was restored
 *
 * Times are ms since 1970 by this machine's clock. */
/* clang-format on */
#ifndef MTR_CLIENT_OUTBOX_LAYOUT_H
#define MTR_CLIENT_OUTBOX_LAYOUT_H

#include "contract/bytes.h"
#include "contract/limits.h"
#include "disk.h"
#include "outbox.h"

#include <stdint.h>

#define MTR_OUTBOX_FORMAT 1u

#define MTR_ENTRY_PREVIOUS 8u
#define MTR_ENTRY_HASH (MTR_ENTRY_PREVIOUS + MTR_HASH_BYTES)
#define MTR_ENTRY_COMMAND (MTR_ENTRY_HASH + MTR_HASH_BYTES)
#define MTR_ANSWER_REVISION 8u
#define MTR_ANSWER_BYTES 16u
#define MTR_ATTEMPTS_CODE 4u
#define MTR_ATTEMPTS_TIME 8u
#define MTR_ATTEMPTS_ERROR 16u
#define MTR_ATTEMPTS_BYTES 20u

static inline void mtr_store_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline void mtr_store_u64(uint8_t *at, uint64_t value)
{
	mtr_store_u32(at, (uint32_t)(value >> 32));
	mtr_store_u32(at + 4, (uint32_t)value);
}

static inline uint32_t mtr_load_u32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t mtr_load_u64(const uint8_t *at)
{
	return (uint64_t)mtr_load_u32(at) << 32 | mtr_load_u32(at + 4);
}

#define MTR_RECEIPT_BYTES MTR_HASH_BYTES
#define MTR_FORMER_SEQUENCE MTR_OUTBOX_BYTES
#define MTR_FORMER_PREVIOUS (MTR_FORMER_SEQUENCE + 8u)
#define MTR_FORMER_REVISION (MTR_FORMER_PREVIOUS + MTR_HASH_BYTES)
#define MTR_FORMER_RECEIPT (MTR_FORMER_REVISION + 8u)
#define MTR_FORMER_ANSWER (MTR_FORMER_RECEIPT + MTR_RECEIPT_BYTES)

struct mtr_outbox {
	struct mtr_disk *disk;
	int lock; /* file descriptor while this process is the one that sends; else -1 */
};

/* All of these return LMDB codes; MDB_CORRUPTED when a value isn't `size` bytes long. Values lie in the map. */
int mtr_meta_bytes(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, struct mtr_bytes *ret_value);
int mtr_meta_sized(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, size_t size,
		   const uint8_t **ret_value);
int mtr_meta_u64(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t *ret_value);
/* 0 when it is absent. */
int mtr_meta_number(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t *ret_value);
int mtr_meta_put(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, struct mtr_bytes value);
int mtr_meta_put_u64(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t value);
/* Writes it unless what is there is as high. */
int mtr_meta_raise(const struct mtr_outbox *outbox, MDB_txn *txn, const char *name, uint64_t value);

/* The outbox's own row `sequence` of a table; MDB_NOTFOUND, MDB_CORRUPTED when it is shorter than `least`. */
int mtr_row_find(const struct mtr_outbox *outbox, MDB_txn *txn, enum mtr_disk_table table, uint64_t sequence,
		 size_t least, struct mtr_bytes *ret_row);
/* 0 also when it isn't there. */
int mtr_row_drop(const struct mtr_outbox *outbox, MDB_txn *txn, enum mtr_disk_table table, uint64_t sequence);

/* A row of entries; its bytes lie in the map. False when it isn't one, or doesn't match its hash, which those from
 * before `base` aren't asked for: they are never sent again. */
bool mtr_outbox_read_entry(MDB_val key, MDB_val value, uint64_t base, struct mtr_outbox_entry *ret_entry);
/* A row of former; its bytes lie in the map. */
bool mtr_outbox_read_former(struct mtr_bytes row, struct mtr_outbox_former *ret_former);

/* In a write transaction, as of mtr_disk_write. */
int mtr_outbox_read_state(const struct mtr_outbox *outbox, MDB_txn *txn, struct mtr_outbox_state *ret_state);

#endif
