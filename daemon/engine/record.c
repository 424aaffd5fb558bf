#include "engine/record.h"

#include "engine/record_fields.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

/* Takes all fields of this tag; proto3 doesn't write a single empty one, so that form is refused. */
static int take_single(struct mtr_bytes *rest, enum mtr_record_tag tag, struct mtr_bytes *ret_value)
{
	struct mtr_bytes value = {NULL, 0};
	int taken = mtr_field_take(rest, (uint8_t)tag, &value);

	if (taken < 0 || (taken > 0 && value.size == 0))
		return -EBADMSG;
	*ret_value = value;
	return 0;
}

static int take_repeated(struct mtr_bytes *rest, enum mtr_record_tag tag, bool (*size_fits)(size_t size), size_t most,
			 struct mtr_bytes *ret_fields, size_t *ret_count)
{
	const uint8_t *start = rest->data;
	struct mtr_bytes value;
	size_t count = 0;
	int taken;

	while ((taken = mtr_field_take(rest, (uint8_t)tag, &value)) > 0) {
		if (++count > most || !size_fits(value.size))
			return -EBADMSG;
	}
	if (taken < 0)
		return taken;
	*ret_fields = (struct mtr_bytes){start, (size_t)(rest->data - start)};
	*ret_count = count;
	return 0;
}

bool mtr_record_next_redacted(struct mtr_bytes *redacted, struct mtr_redacted_leaf *ret_leaf)
{
	struct mtr_redacted_leaf leaf = {0};
	struct mtr_bytes rest, home = {NULL, 0};
	uint64_t index, kind, a, b, type;

	if (mtr_field_take(redacted, MTR_RECORD_REDACTED, &rest) != 1 ||
	    !mtr_number_take(&rest, MTR_TAG_NUMBER(1), MTR_LEAVES_MAX - 1, &index) ||
	    mtr_field_take(&rest, MTR_TAG_BYTES(2), &leaf.hash) != 1 || leaf.hash.size != MTR_HASH_BYTES)
		return false;
	leaf.index = (uint32_t)index;
	if (index >= MTR_LEAF_EFFECTS) {
		if (mtr_field_take(&rest, MTR_TAG_BYTES(3), &home) != 1 ||
		    !mtr_number_take(&home, MTR_TAG_NUMBER(1), UINT8_MAX, &kind) ||
		    !mtr_number_take(&home, MTR_TAG_NUMBER(2), UINT32_MAX, &a) ||
		    !mtr_number_take(&home, MTR_TAG_NUMBER(3), UINT32_MAX, &b) || home.size ||
		    !mtr_number_take(&rest, MTR_TAG_NUMBER(4), UINT8_MAX, &type) ||
		    !mtr_number_take(&rest, MTR_TAG_NUMBER(5), UINT64_MAX, &leaf.id) || type == 0 || leaf.id == 0)
			return false;
		leaf.home_kind = (uint8_t)kind;
		leaf.home_a = (uint32_t)a;
		leaf.home_b = (uint32_t)b;
		leaf.type = (uint8_t)type;
	}
	if (rest.size)
		return false;
	*ret_leaf = leaf;
	return true;
}

/* The redacted leaves are in order, and exactly they have no salt. */
static bool check_redacted(const struct mtr_record_view *view, size_t leaves)
{
	struct mtr_bytes salts = view->salts, redacted = view->redacted, salt;
	struct mtr_redacted_leaf next = {.index = UINT32_MAX};

	if (redacted.size && !mtr_record_next_redacted(&redacted, &next))
		return false;
	for (uint32_t index = 0; index < leaves; index++) {
		bool gone = index == next.index;

		if (mtr_field_take(&salts, MTR_RECORD_SALT, &salt) != 1 || salt.size != (gone ? 0 : MTR_SALT_BYTES))
			return false;
		if (!gone)
			continue;
		next.index = UINT32_MAX;
		if (redacted.size && (!mtr_record_next_redacted(&redacted, &next) || next.index <= index))
			return false;
	}
	return salts.size == 0 && next.index == UINT32_MAX;
}

static bool salt_size_fits(size_t size)
{
	return size == 0 || size == MTR_SALT_BYTES;
}

/* None is without home, type and id. */
static bool effect_size_fits(size_t size)
{
	return size > 0;
}

static bool redacted_size_fits(size_t size)
{
	return size >= MTR_HASH_BYTES;
}

/* Passes over the redacted leaves before the effects and tells which they are. */
static void pass_first_redacted(struct mtr_record_view *view)
{
	struct mtr_redacted_leaf leaf;
	struct mtr_bytes rest = view->redacted;

	while (mtr_record_next_redacted(&rest, &leaf) && leaf.index < MTR_LEAF_EFFECTS) {
		view->command_redacted |= leaf.index == MTR_LEAF_COMMAND;
		view->answer_redacted |= leaf.index == MTR_LEAF_ANSWER;
		view->redacted_effects = rest;
	}
}

int mtr_record_read(const uint8_t *record, size_t size, struct mtr_record_view *ret_view)
{
	struct mtr_bytes rest = {record, size};
	struct mtr_record_view view = {.next_leaf = MTR_LEAF_EFFECTS};
	size_t salts, effects;

	if (size > MTR_RECORD_MAX || mtr_field_take(&rest, MTR_RECORD_HEADER, &view.header) != 1 ||
	    take_repeated(&rest, MTR_RECORD_SALT, salt_size_fits, MTR_LEAVES_MAX, &view.salts, &salts) < 0 ||
	    take_single(&rest, MTR_RECORD_COMMAND, &view.command) < 0 ||
	    take_single(&rest, MTR_RECORD_ANSWER, &view.answer) < 0 ||
	    take_repeated(&rest, MTR_RECORD_EFFECT, effect_size_fits, MTR_EFFECTS_MAX, &view.effects, &effects) < 0 ||
	    take_repeated(&rest, MTR_RECORD_REDACTED, redacted_size_fits, MTR_LEAVES_MAX, &view.redacted,
			  &view.redacted_count) < 0)
		return -EBADMSG;
	if (rest.size || salts < MTR_LEAF_EFFECTS || !check_redacted(&view, salts))
		return -EBADMSG;
	view.redacted_effects = view.redacted;
	pass_first_redacted(&view);
	view.effect_count = salts - MTR_LEAF_EFFECTS;
	if (effects + view.redacted_count - view.command_redacted - view.answer_redacted != view.effect_count ||
	    (view.command_redacted && view.command.size) || (view.answer_redacted && view.answer.size))
		return -EBADMSG;
	*ret_view = view;
	return 0;
}

bool mtr_record_next_effect(struct mtr_record_view *view, struct mtr_bytes *ret_effect)
{
	struct mtr_bytes after = view->redacted_effects;
	struct mtr_redacted_leaf leaf;

	if (view->effect_count == 0)
		return false;
	if (mtr_record_next_redacted(&after, &leaf) && leaf.index == view->next_leaf) {
		view->redacted_effects = after;
		*ret_effect = (struct mtr_bytes){NULL, 0};
	} else if (mtr_field_take(&view->effects, MTR_RECORD_EFFECT, ret_effect) != 1) {
		return false;
	}
	view->effect_count--;
	view->next_leaf++;
	return true;
}

void mtr_leaf_hash(struct mtr_bytes salt, struct mtr_bytes leaf, uint8_t ret_hash[MTR_HASH_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, MTR_HASH_BYTES);
	crypto_generichash_update(&state, salt.data, salt.size);
	crypto_generichash_update(&state, leaf.data, leaf.size);
	crypto_generichash_final(&state, ret_hash, MTR_HASH_BYTES);
}

/* Takes the next leaf's salt; a leaf without one was redacted, and its hash is what is left of it. */
static void digest_leaf(crypto_generichash_state *digest, struct mtr_record_view *rest, struct mtr_bytes leaf)
{
	uint8_t hash[MTR_HASH_BYTES];
	struct mtr_redacted_leaf redacted;
	struct mtr_bytes salt = {NULL, 0};

	(void)mtr_field_take(&rest->salts, MTR_RECORD_SALT, &salt);
	if (salt.size == 0 && mtr_record_next_redacted(&rest->redacted, &redacted)) {
		crypto_generichash_update(digest, redacted.hash.data, MTR_HASH_BYTES);
		return;
	}
	mtr_leaf_hash(salt, leaf, hash);
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
	digest_leaf(&digest, &view, view.command);
	digest_leaf(&digest, &view, view.answer);
	while (mtr_record_next_effect(&view, &effect))
		digest_leaf(&digest, &view, effect);
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
