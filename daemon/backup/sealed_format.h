/* The head of a sealed file, for those who write and who read it. */
#ifndef MTR_BACKUP_SEALED_FORMAT_H
#define MTR_BACKUP_SEALED_FORMAT_H

#include "backup/sealed.h"
#include "engine/big_endian.h"

#include <sodium.h>

#define MTR_SEALED_MAGIC 0x4d545242u
#define MTR_SEALED_VERSION 1u
/* Up to the sealed key. */
#define MTR_SEALED_FIXED_BYTES 68u
#define MTR_SEALED_KEY_BYTES (crypto_secretstream_xchacha20poly1305_KEYBYTES + crypto_box_SEALBYTES)
#define MTR_SEALED_HEAD_BYTES                                                                                          \
	(MTR_SEALED_FIXED_BYTES + MTR_SEALED_KEY_BYTES + crypto_secretstream_xchacha20poly1305_HEADERBYTES)
#define MTR_SEALED_CHUNK_BYTES (MTR_SEALED_CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)

static inline void mtr_sealed_put_fixed(const struct mtr_sealed_head *head, uint8_t ret_bytes[MTR_SEALED_FIXED_BYTES])
{
	uint8_t *at = ret_bytes;

	mtr_store_be32(&at, MTR_SEALED_MAGIC);
	mtr_store_be32(&at, MTR_SEALED_VERSION);
	mtr_store_be32(&at, (uint32_t)head->kind);
	mtr_store_be64(&at, head->first);
	mtr_store_be64(&at, head->last);
	mtr_store_be64(&at, head->journal);
	mtr_store_octets(&at, head->recipient, MTR_KEY_BYTES);
}

#endif
