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
 * entries   sequence u64    enqueued at u64 · previous hash 32 · entry hash 32 · packed Command
 * answers   sequence u64    answered at u64 · revision u64 · packed Answer; no row if the disk was full
 * attempts  sequence u64    attempts u32 · the register's error code u32 · tried at u64 · error of this library u32: of
 *                           an unanswered entry; one of the two errors is 0
 * refusals  sequence u64    dealt with at u64, 0: not yet: of an entry that was answered with an error
 *
 * Times are ms since 1970 by this machine's clock. */
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

struct mtr_outbox {
	struct mtr_disk *disk;
	uint8_t id[MTR_OUTBOX_BYTES];
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

/* A row of entries; its bytes lie in the map. False when it isn't one, or doesn't match its hash. */
bool mtr_outbox_read_entry(MDB_val key, MDB_val value, struct mtr_outbox_entry *ret_entry);

#endif
