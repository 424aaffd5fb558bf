#include "engine/record.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

/* Field numbers of Record, as tags of length-delimited fields. */
enum tag {
	TAG_HEADER = 1 << 3 | 2,
	TAG_SALT = 2 << 3 | 2,
	TAG_COMMAND = 3 << 3 | 2,
	TAG_ANSWER = 4 << 3 | 2,
	TAG_EFFECT = 5 << 3 | 2,
};

#define SALTS_MAX (MTR_EFFECTS_MAX + 2u)
#define SALT_FIELD_BYTES (2u + MTR_SALT_BYTES)

static size_t length_bytes(size_t size)
{
	size_t count = 1;

	for (; size >= 0x80; size >>= 7)
		count++;
	return count;
}

static size_t field_bytes(size_t size)
{
	return 1 + length_bytes(size) + size;
}

static uint8_t *put_field(uint8_t *at, enum tag tag, const void *bytes, size_t size)
{
	size_t rest = size;

	*at++ = (uint8_t)tag;
	for (; rest >= 0x80; rest >>= 7)
		*at++ = (uint8_t)(rest | 0x80);
	*at++ = (uint8_t)rest;
	if (size)
		memcpy(at, bytes, size);
	return at + size;
}

/* Takes a field off `rest` if it has this tag: 1 if so, 0 if it has another or none is left, -EBADMSG. Lengths in
 * more bytes than needed are refused: the digest doesn't cover how a length is written. */
static int take_field(struct mtr_bytes *rest, enum tag tag, struct mtr_bytes *ret_value)
{
	size_t size = 0;

	if (rest->size == 0 || *rest->data != (uint8_t)tag)
		return 0;
	const uint8_t *at = rest->data + 1, *end = rest->data + rest->size;

	for (unsigned shift = 0;; shift += 7) {
		if (at == end || shift > 21)
			return -EBADMSG;
		size |= (size_t)(*at & 0x7f) << shift;
		if (*at == 0 && shift > 0)
			return -EBADMSG;
		if (!(*at++ & 0x80))
			break;
	}
	if (size > (size_t)(end - at))
		return -EBADMSG;
	*ret_value = (struct mtr_bytes){at, size};
	*rest = (struct mtr_bytes){at + size, (size_t)(end - at) - size};
	return 1;
}

/* Takes all fields of this tag; proto3 doesn't write a single empty one, so that form is refused. */
static int take_single(struct mtr_bytes *rest, enum tag tag, struct mtr_bytes *ret_value)
{
	struct mtr_bytes value = {NULL, 0};
	int taken = take_field(rest, tag, &value);

	if (taken < 0 || (taken > 0 && value.size == 0))
		return -EBADMSG;
	*ret_value = value;
	return 0;
}

static int take_repeated(struct mtr_bytes *rest, enum tag tag, size_t exact, size_t most, struct mtr_bytes *ret_fields,
			 size_t *ret_count)
{
	const uint8_t *start = rest->data;
	struct mtr_bytes value;
	size_t count = 0;
	int taken;

	while ((taken = take_field(rest, tag, &value)) > 0) {
		if (++count > most || (exact && value.size != exact))
			return -EBADMSG;
	}
	if (taken < 0)
		return taken;
	*ret_fields = (struct mtr_bytes){start, (size_t)(rest->data - start)};
	*ret_count = count;
	return 0;
}

int mtr_record_read(const uint8_t *record, size_t size, struct mtr_record_view *ret_view)
{
	struct mtr_bytes rest = {record, size};
	struct mtr_record_view view = {0};
	size_t salt_count;

	if (size > MTR_RECORD_MAX || take_field(&rest, TAG_HEADER, &view.header) != 1 ||
	    take_repeated(&rest, TAG_SALT, MTR_SALT_BYTES, SALTS_MAX, &view.salts, &salt_count) < 0 ||
	    take_single(&rest, TAG_COMMAND, &view.command) < 0 || take_single(&rest, TAG_ANSWER, &view.answer) < 0 ||
	    take_repeated(&rest, TAG_EFFECT, 0, MTR_EFFECTS_MAX, &view.effects, &view.effect_count) < 0)
		return -EBADMSG;
	if (rest.size || salt_count != view.effect_count + 2)
		return -EBADMSG;
	*ret_view = view;
	return 0;
}

bool mtr_record_next_effect(struct mtr_record_view *view, struct mtr_bytes *ret_effect)
{
	if (take_field(&view->effects, TAG_EFFECT, ret_effect) != 1)
		return false;
	view->effect_count--;
	return true;
}

static void hash_leaf(crypto_generichash_state *digest, struct mtr_bytes *salts, struct mtr_bytes leaf)
{
	uint8_t hash[MTR_HASH_BYTES];
	struct mtr_bytes salt = {NULL, 0};
	crypto_generichash_state state;

	(void)take_field(salts, TAG_SALT, &salt);
	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	crypto_generichash_update(&state, salt.data, salt.size);
	crypto_generichash_update(&state, leaf.data, leaf.size);
	crypto_generichash_final(&state, hash, sizeof hash);
	crypto_generichash_update(digest, hash, sizeof hash);
}

int mtr_record_digest(const uint8_t *record, size_t size, uint8_t ret_digest[MTR_HASH_BYTES])
{
	struct mtr_record_view view;
	struct mtr_bytes effect;
	crypto_generichash_state digest;
	int error = mtr_record_read(record, size, &view);

	if (error < 0)
		return error;
	crypto_generichash_init(&digest, NULL, 0, MTR_HASH_BYTES);
	crypto_generichash_update(&digest, view.header.data, view.header.size);
	hash_leaf(&digest, &view.salts, view.command);
	hash_leaf(&digest, &view.salts, view.answer);
	while (mtr_record_next_effect(&view, &effect))
		hash_leaf(&digest, &view.salts, effect);
	crypto_generichash_final(&digest, ret_digest, MTR_HASH_BYTES);
	return 0;
}

void mtr_chain_extend(uint8_t chain[MTR_HASH_BYTES], const uint8_t digest[MTR_HASH_BYTES])
{
	uint8_t both[2 * MTR_HASH_BYTES];

	memcpy(both, chain, MTR_HASH_BYTES);
	memcpy(both + MTR_HASH_BYTES, digest, MTR_HASH_BYTES);
	crypto_generichash(chain, MTR_HASH_BYTES, both, sizeof both, NULL, 0);
}

static size_t packed_size(const struct mtr_record_parts *parts, size_t header_size)
{
	size_t size = field_bytes(header_size) + (parts->effect_count + 2) * SALT_FIELD_BYTES;

	size += parts->command.size ? field_bytes(parts->command.size) : 0;
	size += parts->answer.size ? field_bytes(parts->answer.size) : 0;
	for (size_t i = 0; i < parts->effect_count; i++)
		size += field_bytes(parts->effects[i].size);
	return size;
}

static uint8_t *put_salts(uint8_t *at, size_t count)
{
	uint8_t salts[SALTS_MAX * MTR_SALT_BYTES];

	randombytes_buf(salts, count * MTR_SALT_BYTES);
	for (size_t i = 0; i < count; i++)
		at = put_field(at, TAG_SALT, salts + i * MTR_SALT_BYTES, MTR_SALT_BYTES);
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
	uint8_t *at = put_field(record, TAG_HEADER, header, header_size);

	at = put_salts(at, parts->effect_count + 2);
	if (parts->command.size)
		at = put_field(at, TAG_COMMAND, parts->command.data, parts->command.size);
	if (parts->answer.size)
		at = put_field(at, TAG_ANSWER, parts->answer.data, parts->answer.size);
	for (size_t i = 0; i < parts->effect_count; i++)
		at = put_field(at, TAG_EFFECT, parts->effects[i].data, parts->effects[i].size);
	int error = mtr_record_digest(record, size, ret_digest);

	if (error == 0)
		*ret_record = (struct mtr_bytes){record, size};
	return error;
}
