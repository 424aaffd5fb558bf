#include "engine/record_fields.h"

#include <errno.h>
#include <string.h>

static size_t varint_bytes(uint64_t value)
{
	size_t count = 1;

	for (; value >= 0x80; value >>= 7)
		count++;
	return count;
}

static uint8_t *put_varint(uint8_t *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

/* Numbers in more bytes than needed are refused: the digest doesn't cover how they are written. */
static bool take_varint(struct mtr_bytes *rest, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < rest->size && i < 10; i++) {
		uint8_t byte = rest->data[i];

		if ((byte == 0 && i > 0) || (i == 9 && byte > 1))
			return false;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80)) {
			*ret_value = value;
			*rest = (struct mtr_bytes){rest->data + i + 1, rest->size - i - 1};
			return true;
		}
	}
	return false;
}

size_t mtr_field_bytes(size_t size)
{
	return 1 + varint_bytes(size) + size;
}

uint8_t *mtr_field_put(uint8_t *at, uint8_t tag, const void *bytes, size_t size)
{
	*at++ = tag;
	at = put_varint(at, size);
	if (size)
		memcpy(at, bytes, size);
	return at + size;
}

int mtr_field_take(struct mtr_bytes *rest, uint8_t tag, struct mtr_bytes *ret_value)
{
	struct mtr_bytes after = *rest;
	uint64_t size;

	if (rest->size == 0 || *rest->data != tag)
		return 0;
	after.data++;
	after.size--;
	if (!take_varint(&after, &size) || size > after.size)
		return -EBADMSG;
	*ret_value = (struct mtr_bytes){after.data, (size_t)size};
	*rest = (struct mtr_bytes){after.data + size, after.size - (size_t)size};
	return 1;
}

size_t mtr_number_bytes(uint64_t value)
{
	return value ? 1 + varint_bytes(value) : 0;
}

uint8_t *mtr_number_put(uint8_t *at, uint8_t tag, uint64_t value)
{
	if (value == 0)
		return at;
	*at++ = tag;
	return put_varint(at, value);
}

bool mtr_number_take(struct mtr_bytes *rest, uint8_t tag, uint64_t most, uint64_t *ret_value)
{
	struct mtr_bytes after = *rest;
	uint64_t value = 0;

	if (rest->size && *rest->data == tag) {
		after.data++;
		after.size--;
		if (!take_varint(&after, &value) || value == 0 || value > most)
			return false;
	}
	*rest = after;
	*ret_value = value;
	return true;
}
