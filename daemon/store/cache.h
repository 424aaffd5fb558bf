/* What write transactions have read or written and are asked for again and again: values of the small tables, and rows
 * that many decisions read and few change, unpacked.
 *
 * Only the write transaction looks here, and all it puts and deletes passes through here (txn.c), so that what is found
 * is what LMDB would give. From one transaction to the next it is kept only if the one before was committed and nobody
 * else has written since; what an aborted one leaves is forgotten. There are no nested transactions.
 *
 * Memory is given back only when a transaction begins: what was found can be read until its transaction ends. */
#ifndef MTR_STORE_CACHE_H
#define MTR_STORE_CACHE_H

#include "contract/arena.h"
#include "store/store.h"

struct mtr_cache;

/* NULL without memory. */
struct mtr_cache *mtr_cache_new(void);
void mtr_cache_free(struct mtr_cache **cache);

/* The write transaction LMDB counts as `txn_id` begins, or has been committed. */
void mtr_cache_begin(struct mtr_cache *cache, uint64_t txn_id);
void mtr_cache_committed(struct mtr_cache *cache, uint64_t txn_id);

/* Values. The bytes found are good until the next write to that key. What isn't worth keeping isn't kept, and what
 * finds no room is read from LMDB again. */
bool mtr_cache_get(const struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key,
		   struct mtr_bytes *ret_value);
void mtr_cache_keep(struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key, struct mtr_bytes value);

/* Rows, by their key in the table of entities. A row costs what it takes in an arena when it is unpacked. NULL: it
 * isn't here; or it doesn't unpack, or there is no room. */
const ProtobufCMessage *mtr_cache_row(const struct mtr_cache *cache, struct mtr_bytes key, size_t *ret_cost);
const ProtobufCMessage *mtr_cache_unpack(struct mtr_cache *cache, struct mtr_bytes key,
					 const ProtobufCMessageDescriptor *descriptor, struct mtr_bytes row,
					 size_t *ret_cost);

/* Value and row of this key are about to change. */
void mtr_cache_drop(struct mtr_cache *cache, enum mtr_table table, struct mtr_bytes key);

#endif
