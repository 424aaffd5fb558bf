#include "engine/record.h"

#include "engine/record_fields.h"

#include <errno.h>
#include <string.h>

/* Number, hash, home, type and id, with their tags and lengths. */
#define REDACTED_MAX 96u

struct redacting {
	struct mtr_arena *arena;
	mtr_leaf_fn choose;
	void *context;
	struct mtr_record_view rest;
	uint8_t *salts, *command, *answer, *effects, *redacted; /* where the next of each goes */
	struct mtr_bytes kept_salts, kept_command, kept_answer, kept_effects, kept_redacted;
	uint32_t index;
	size_t count;
};

static bool begin_part(struct mtr_arena *arena, size_t size, uint8_t **ret_at, struct mtr_bytes *ret_part)
{
	*ret_at = mtr_arena_alloc(arena, size);
	*ret_part = (struct mtr_bytes){*ret_at, 0};
	return *ret_at;
}

static bool begin(struct redacting *r, size_t size)
{
	const size_t leaves = r->rest.effect_count + MTR_LEAF_EFFECTS;

	return begin_part(r->arena, size, &r->salts, &r->kept_salts) &&
	       begin_part(r->arena, size, &r->command, &r->kept_command) &&
	       begin_part(r->arena, size, &r->answer, &r->kept_answer) &&
	       begin_part(r->arena, size, &r->effects, &r->kept_effects) &&
	       begin_part(r->arena, leaves * (REDACTED_MAX + 3), &r->redacted, &r->kept_redacted);
}

static void put(uint8_t **at, struct mtr_bytes *part, enum mtr_record_tag tag, struct mtr_bytes value)
{
	*at = mtr_field_put(*at, (uint8_t)tag, value.data, value.size);
	part->size = (size_t)(*at - part->data);
}

/* Everything of an effect but its row. */
static uint8_t *put_place(uint8_t *at, const Mtr__Effect *effect)
{
	uint8_t home[32], *end = home;

	end = mtr_number_put(end, MTR_TAG_NUMBER(1), (uint64_t)effect->home->kind);
	end = mtr_number_put(end, MTR_TAG_NUMBER(2), effect->home->a);
	end = mtr_number_put(end, MTR_TAG_NUMBER(3), effect->home->b);
	at = mtr_field_put(at, MTR_TAG_BYTES(3), home, (size_t)(end - home));
	at = mtr_number_put(at, MTR_TAG_NUMBER(4), (uint64_t)effect->type);
	return mtr_number_put(at, MTR_TAG_NUMBER(5), effect->id);
}

static int take_out(struct redacting *r, struct mtr_bytes salt, struct mtr_bytes leaf)
{
	uint8_t bytes[REDACTED_MAX], hash[MTR_HASH_BYTES], *at;

	mtr_leaf_hash(salt, leaf, hash);
	at = mtr_number_put(bytes, MTR_TAG_NUMBER(1), r->index);
	at = mtr_field_put(at, MTR_TAG_BYTES(2), hash, sizeof hash);
	if (r->index >= MTR_LEAF_EFFECTS) {
		const Mtr__Effect *effect = mtr__effect__unpack(mtr_arena_allocator(r->arena), leaf.size, leaf.data);

		if (!effect)
			return mtr_arena_exhausted(r->arena) ? -ENOMEM : -EBADMSG;
		if (!effect->home || !effect->id || (unsigned)effect->type - 1 >= UINT8_MAX ||
		    (unsigned)effect->home->kind > UINT8_MAX)
			return -EBADMSG;
		at = put_place(at, effect);
	}
	put(&r->redacted, &r->kept_redacted, MTR_RECORD_REDACTED, (struct mtr_bytes){bytes, (size_t)(at - bytes)});
	put(&r->salts, &r->kept_salts, MTR_RECORD_SALT, (struct mtr_bytes){NULL, 0});
	r->count++;
	return 0;
}

/* One leaf with its salt: goes over to the new record, as it is or without its contents. */
static int pass(struct redacting *r, uint8_t **at, struct mtr_bytes *part, enum mtr_record_tag tag,
		struct mtr_bytes leaf)
{
	struct mtr_bytes salt = {NULL, 0}, former;
	int error = 0;

	(void)mtr_field_take(&r->rest.salts, MTR_RECORD_SALT, &salt);
	if (salt.size == 0) {
		(void)mtr_field_take(&r->rest.redacted, MTR_RECORD_REDACTED, &former);
		put(&r->redacted, &r->kept_redacted, MTR_RECORD_REDACTED, former);
		put(&r->salts, &r->kept_salts, MTR_RECORD_SALT, salt);
	} else if (leaf.size && r->choose(r->context, r->index, leaf)) {
		error = take_out(r, salt, leaf);
	} else {
		put(&r->salts, &r->kept_salts, MTR_RECORD_SALT, salt);
		if (leaf.size)
			put(at, part, tag, leaf);
	}
	r->index++;
	return error;
}

static int join(const struct redacting *r, struct mtr_bytes *ret_record)
{
	const struct mtr_bytes parts[] = {r->kept_salts, r->kept_command, r->kept_answer, r->kept_effects,
					  r->kept_redacted};
	size_t size = mtr_field_bytes(r->rest.header.size);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		size += parts[i].size;
	uint8_t *record = size <= MTR_RECORD_MAX ? mtr_arena_alloc(r->arena, size) : NULL;

	if (!record)
		return size <= MTR_RECORD_MAX ? -ENOMEM : -EBADMSG;
	uint8_t *at = mtr_field_put(record, MTR_RECORD_HEADER, r->rest.header.data, r->rest.header.size);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].size)
			memcpy(at, parts[i].data, parts[i].size);
		at += parts[i].size;
	}
	*ret_record = (struct mtr_bytes){record, size};
	return 0;
}

int mtr_record_redact(struct mtr_arena *arena, struct mtr_bytes record, mtr_leaf_fn choose, void *context,
		      struct mtr_bytes *ret_record, size_t *ret_count)
{
	struct redacting r = {.arena = arena, .choose = choose, .context = context};
	struct mtr_bytes effect, made;
	int error = mtr_record_read(record.data, record.size, &r.rest);

	if (error < 0)
		return error;
	if (!begin(&r, record.size))
		return -ENOMEM;
	error = pass(&r, &r.command, &r.kept_command, MTR_RECORD_COMMAND, r.rest.command);
	if (error == 0)
		error = pass(&r, &r.answer, &r.kept_answer, MTR_RECORD_ANSWER, r.rest.answer);
	while (error == 0 && mtr_record_next_effect(&r.rest, &effect))
		error = pass(&r, &r.effects, &r.kept_effects, MTR_RECORD_EFFECT, effect);
	if (error == 0 && r.count == 0)
		made = record;
	else if (error == 0)
		error = join(&r, &made);
	if (error == 0) {
		*ret_record = made;
		*ret_count = r.count;
	}
	return error;
}
