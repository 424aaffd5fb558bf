/* Protobuf written from its end to its beginning: when a message's length is written, what it holds lies behind it
 * already, so nothing is measured beforehand, and nothing moved afterwards. Fields written in falling order come out in
 * rising order, as protobuf-c packs them; like it, these leave out a number that is 0 where the name says "number".
 *
 * Each takes the place behind which there are bytes already, and returns where its own begin. The caller has seen to
 * the room. */
#ifndef MTR_CONTRACT_BACKWARD_H
#define MTR_CONTRACT_BACKWARD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The most that a field takes: one with a number, and one with a number of 32 bits, or around a value. */
#define MTR_BACK_U64 11u
#define MTR_BACK_U32 6u

/* Tags of fields 1 to 15. */
#define MTR_BACK_NUMBER(field) ((uint8_t)((field) << 3))
#define MTR_BACK_BYTES(field) ((uint8_t)((field) << 3 | 2))

static inline uint8_t *mtr_back_varint(uint8_t *at, uint64_t value)
{
	uint8_t *begin = at - 1;

	for (uint64_t rest = value >> 7; rest; rest >>= 7)
		begin--;
	for (at = begin; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at = (uint8_t)value;
	return begin;
}

static inline uint8_t *mtr_back_number(uint8_t *at, unsigned field, uint64_t value)
{
	if (!value)
		return at;
	at = mtr_back_varint(at, value);
	*--at = MTR_BACK_NUMBER(field);
	return at;
}

/* The head of a field whose value lies at `at` and ends where `end` is. */
static inline uint8_t *mtr_back_head(uint8_t *at, unsigned field, const uint8_t *end)
{
	at = mtr_back_varint(at, (uint64_t)(end - at));
	*--at = MTR_BACK_BYTES(field);
	return at;
}

/* Written without bytes too. */
static inline uint8_t *mtr_back_bytes(uint8_t *at, unsigned field, const void *bytes, size_t size)
{
	const uint8_t *end = at;

	at -= size;
	if (size)
		memcpy(at, bytes, size);
	return mtr_back_head(at, field, end);
}

#endif
