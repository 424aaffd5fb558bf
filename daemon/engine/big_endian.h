/* Integers in the journal's files: big-endian, read and written at a cursor that steps on. */
#ifndef MTR_ENGINE_BIG_ENDIAN_H
#define MTR_ENGINE_BIG_ENDIAN_H

#include <stdint.h>
#include <string.h>

static inline void mtr_store_be32(uint8_t **at, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*(*at)++ = (uint8_t)(value >> shift);
}

static inline void mtr_store_be64(uint8_t **at, uint64_t value)
{
	mtr_store_be32(at, (uint32_t)(value >> 32));
	mtr_store_be32(at, (uint32_t)value);
}

static inline void mtr_store_octets(uint8_t **at, const void *bytes, size_t size)
{
	memcpy(*at, bytes, size);
	*at += size;
}

static inline uint32_t mtr_load_be32(const uint8_t **at)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | *(*at)++;
	return value;
}

static inline uint64_t mtr_load_be64(const uint8_t **at)
{
	uint64_t high = mtr_load_be32(at);

	return high << 32 | mtr_load_be32(at);
}

static inline void mtr_load_octets(const uint8_t **at, void *ret_bytes, size_t size)
{
	memcpy(ret_bytes, *at, size);
	*at += size;
}

#endif
