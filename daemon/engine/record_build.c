#include "engine/record.h"

#include "engine/record_fields.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

static size_t packed_size(const struct mtr_record_parts *parts, size_t header_size)
{
	size_t size = mtr_field_bytes(header_size) + (parts->effect_count + 2) * (2u + MTR_SALT_BYTES);

	size += parts->command.size ? mtr_field_bytes(parts->command.size) : 0;
	size += parts->answer.size ? mtr_field_bytes(parts->answer.size) : 0;
	for (size_t i = 0; i < parts->effect_count; i++)
		size += mtr_field_bytes(parts->effects[i].size);
	return size;
}

static uint8_t *put_salts(uint8_t *at, size_t count)
{
	uint8_t salts[MTR_LEAVES_MAX * MTR_SALT_BYTES];

	randombytes_buf(salts, count * MTR_SALT_BYTES);
	for (size_t i = 0; i < count; i++)
		at = mtr_field_put(at, MTR_RECORD_SALT, salts + i * MTR_SALT_BYTES, MTR_SALT_BYTES);
	return at;
}

int mtr_record_build(struct mtr_arena *arena, const struct mtr_record_parts *parts, struct mtr_bytes *ret_record,
		     uint8_t ret_digest[MTR_HASH_BYTES])
{
	size_t header_size = mtr__record_header__get_packed_size(parts->header);

	if (parts->effect_count > MTR_EFFECTS_MAX)
		return -EMSGSIZE;
	size_t size = packed_size(parts, header_size);

	if (size > MTR_RECORD_MAX)
		return -EMSGSIZE;
	uint8_t *header = mtr_arena_alloc(arena, header_size);
	uint8_t *record = mtr_arena_alloc(arena, size);

	if (!header || !record)
		return -ENOMEM;
	mtr__record_header__pack(parts->header, header);
	uint8_t *at = mtr_field_put(record, MTR_RECORD_HEADER, header, header_size);

	at = put_salts(at, parts->effect_count + 2);
	if (parts->command.size)
		at = mtr_field_put(at, MTR_RECORD_COMMAND, parts->command.data, parts->command.size);
	if (parts->answer.size)
		at = mtr_field_put(at, MTR_RECORD_ANSWER, parts->answer.data, parts->answer.size);
	for (size_t i = 0; i < parts->effect_count; i++)
		at = mtr_field_put(at, MTR_RECORD_EFFECT, parts->effects[i].data, parts->effects[i].size);
	int error = mtr_record_digest(record, size, ret_digest);

	if (error == 0)
		*ret_record = (struct mtr_bytes){record, size};
	return error;
}
