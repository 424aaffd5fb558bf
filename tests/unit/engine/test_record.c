#include "unit/engine/journal.h"

#include <sodium.h>

struct sample {
	struct mtr_arena *arena;
	struct mtr_bytes record;
	uint8_t digest[MTR_HASH_BYTES];
};

static const char command[] = "the command's bytes", answer[] = "the answer's bytes", first[] = "first effect",
		  second[] = "second effect";

static struct mtr_bytes as_bytes(const char *text)
{
	return (struct mtr_bytes){(const uint8_t *)text, strlen(text)};
}

static int build(struct sample *sample)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	const struct mtr_bytes effects[] = {as_bytes(first), as_bytes(second)};
	const struct mtr_record_parts parts = {
		.header = &header, .command = as_bytes(command), .answer = as_bytes(answer), effects, 2};

	header.revision = 7;
	header.at = 1234567;
	return mtr_record_build(sample->arena, &parts, &sample->record, sample->digest);
}

static int set_up(void **state)
{
	struct sample *sample = calloc(1, sizeof *sample);

	sample->arena = mtr_arena_new(8u * 1024u * 1024u);
	*state = sample;
	return build(sample);
}

static int tear_down(void **state)
{
	struct sample *sample = *state;

	mtr_arena_free(&sample->arena);
	free(sample);
	return 0;
}

static void parts_come_back(void **state)
{
	struct sample *sample = *state;
	struct mtr_record_view view;
	struct mtr_bytes effect;
	Mtr__Record *record = mtr__record__unpack(NULL, sample->record.size, sample->record.data);

	assert_non_null(record);
	assert_int_equal(record->n_salts, 4);
	assert_int_equal(record->header->at, 1234567);
	assert_memory_equal(record->effects[1].data, second, strlen(second));
	mtr__record__free_unpacked(record, NULL);
	assert_int_equal(mtr_record_read(sample->record.data, sample->record.size, &view), 0);
	assert_int_equal(view.answer.size, strlen(answer));
	assert_memory_equal(view.answer.data, answer, view.answer.size);
	assert_true(mtr_record_next_effect(&view, &effect));
	assert_memory_equal(effect.data, first, effect.size);
	assert_true(mtr_record_next_effect(&view, &effect));
	assert_memory_equal(effect.data, second, effect.size);
	assert_false(mtr_record_next_effect(&view, &effect));
}

static void add_leaf(crypto_generichash_state *digest, const ProtobufCBinaryData *salt, const ProtobufCBinaryData *leaf)
{
	uint8_t both[256], hash[MTR_HASH_BYTES];

	memcpy(both, salt->data, salt->len);
	memcpy(both + salt->len, leaf->data, leaf->len);
	crypto_generichash(hash, sizeof hash, both, salt->len + leaf->len, NULL, 0);
	crypto_generichash_update(digest, hash, sizeof hash);
}

static void digest_is_as_defined(void **state)
{
	struct sample *sample = *state;
	Mtr__Record *record = mtr__record__unpack(NULL, sample->record.size, sample->record.data);
	uint8_t header[256], digest[MTR_HASH_BYTES];
	crypto_generichash_state all;

	crypto_generichash_init(&all, NULL, 0, sizeof digest);
	crypto_generichash_update(&all, header, mtr__record_header__pack(record->header, header));
	add_leaf(&all, &record->salts[0], &record->command);
	add_leaf(&all, &record->salts[1], &record->answer);
	add_leaf(&all, &record->salts[2], &record->effects[0]);
	add_leaf(&all, &record->salts[3], &record->effects[1]);
	crypto_generichash_final(&all, digest, sizeof digest);
	assert_memory_equal(digest, sample->digest, sizeof digest);
	mtr__record__free_unpacked(record, NULL);
}

static void every_flipped_byte_is_found(void **state)
{
	struct sample *sample = *state;
	uint8_t *copy = mtr_arena_copy(sample->arena, sample->record.data, sample->record.size);
	uint8_t digest[MTR_HASH_BYTES];

	assert_int_equal(mtr_record_digest(copy, sample->record.size, digest), 0);
	assert_memory_equal(digest, sample->digest, sizeof digest);
	for (size_t i = 0; i < sample->record.size; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			copy[i] ^= (uint8_t)(1u << bit);
			if (mtr_record_digest(copy, sample->record.size, digest) == 0)
				assert_memory_not_equal(digest, sample->digest, sizeof digest);
			copy[i] ^= (uint8_t)(1u << bit);
		}
	}
}

static void every_cut_is_found(void **state)
{
	struct sample *sample = *state;
	uint8_t digest[MTR_HASH_BYTES];

	for (size_t size = 0; size < sample->record.size; size++) {
		uint8_t *cut = malloc(size ? size : 1);

		memcpy(cut, sample->record.data, size);
		if (mtr_record_digest(cut, size, digest) == 0)
			assert_memory_not_equal(digest, sample->digest, sizeof digest);
		free(cut);
	}
}

static void salts_are_fresh(void **state)
{
	struct sample *sample = *state;
	uint8_t digest[MTR_HASH_BYTES];

	memcpy(digest, sample->digest, sizeof digest);
	assert_int_equal(build(sample), 0);
	assert_memory_not_equal(digest, sample->digest, sizeof digest);
}

static void what_the_digest_does_not_cover_is_refused(void **state)
{
	struct sample *sample = *state;
	size_t size = sample->record.size;
	uint8_t *copy = mtr_arena_alloc(sample->arena, size + 3);
	struct mtr_record_view view;

	memcpy(copy, sample->record.data, size);
	memcpy(copy + size, "\x3a\x01x", 3); /* an unknown field */
	assert_int_equal(mtr_record_read(copy, size + 3, &view), -EBADMSG);
	memcpy(copy + size, "\x32\x01x", 3); /* a redacted leaf that isn't one */
	assert_int_equal(mtr_record_read(copy, size + 3, &view), -EBADMSG);
	memcpy(copy + size, "\x2a\x01x", 3); /* an effect without a salt */
	assert_int_equal(mtr_record_read(copy, size + 3, &view), -EBADMSG);
	/* The header's length in two bytes instead of one. */
	copy[0] = sample->record.data[0];
	copy[1] = sample->record.data[1] | 0x80;
	copy[2] = 0;
	memcpy(copy + 3, sample->record.data + 2, size - 2);
	assert_int_equal(mtr_record_read(copy, size + 1, &view), -EBADMSG);

	const Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	const struct mtr_bytes none = {NULL, 0};
	const struct mtr_record_parts parts = {.header = &header, .effects = &none, .effect_count = 1};
	uint8_t digest[MTR_HASH_BYTES];

	/* An effect of nothing, which would be gone when something else is redacted. */
	assert_int_equal(mtr_record_build(sample->arena, &parts, &sample->record, digest), -EBADMSG);
}

static void bounds_hold(void **state)
{
	struct sample *sample = *state;
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	uint8_t *large = mtr_arena_alloc(sample->arena, MTR_RECORD_MAX), digest[MTR_HASH_BYTES];
	struct mtr_bytes effects[MTR_EFFECTS_MAX + 1];
	struct mtr_record_parts parts = {.header = &header, .command = {large, MTR_RECORD_MAX}};
	struct mtr_bytes record;

	for (size_t i = 0; i <= MTR_EFFECTS_MAX; i++)
		effects[i] = as_bytes(first);
	assert_int_equal(mtr_record_build(sample->arena, &parts, &record, digest), -EMSGSIZE);
	parts = (struct mtr_record_parts){.header = &header, .effects = effects, .effect_count = MTR_EFFECTS_MAX + 1};
	assert_int_equal(mtr_record_build(sample->arena, &parts, &record, digest), -EMSGSIZE);
	parts.effect_count = MTR_EFFECTS_MAX;
	assert_int_equal(mtr_record_build(sample->arena, &parts, &record, digest), 0);
	struct mtr_arena *small = mtr_arena_new(64);

	assert_int_equal(mtr_record_build(small, &parts, &record, digest), -ENOMEM);
	mtr_arena_free(&small);
}

static void chain_is_as_defined(void **state)
{
	struct sample *sample = *state;
	uint8_t chain[MTR_HASH_BYTES] = {0}, both[2 * MTR_HASH_BYTES] = {0}, expected[MTR_HASH_BYTES];

	memcpy(both + MTR_HASH_BYTES, sample->digest, MTR_HASH_BYTES);
	crypto_generichash(expected, sizeof expected, both, sizeof both, NULL, 0);
	mtr_chain_extend(chain, sample->digest);
	assert_memory_equal(chain, expected, sizeof chain);
}

static struct mtr_bytes pack_effect(struct sample *sample, uint64_t id)
{
	Mtr__Home home = MTR__HOME__INIT;
	Mtr__Effect effect = MTR__EFFECT__INIT;
	uint8_t row[] = "somebody's name and number";

	home.kind = MTR__HOME_KIND__HOME_KIND_PEOPLE;
	home.a = 300;
	effect.home = &home;
	effect.type = MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON;
	effect.id = id;
	effect.row = (ProtobufCBinaryData){sizeof row, row};
	uint8_t *bytes = mtr_arena_alloc(sample->arena, 128);

	return (struct mtr_bytes){bytes, mtr__effect__pack(&effect, bytes)};
}

/* A record of four leaves, its effects rows of people 5 and 7. */
static void build_rows(struct sample *sample)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	const struct mtr_bytes effects[] = {pack_effect(sample, 5), pack_effect(sample, 7)};
	const struct mtr_record_parts parts = {
		.header = &header, .command = as_bytes(command), .answer = as_bytes(answer), effects, 2};

	header.revision = 7;
	assert_int_equal(mtr_record_build(sample->arena, &parts, &sample->record, sample->digest), 0);
}

static bool in_set(void *context, uint32_t index, struct mtr_bytes leaf)
{
	assert_true(leaf.size > 0);
	return *(const unsigned *)context >> index & 1;
}

static struct mtr_bytes redact(struct sample *sample, struct mtr_bytes record, unsigned set, size_t expected)
{
	struct mtr_bytes redacted;
	size_t count;

	assert_int_equal(mtr_record_redact(sample->arena, record, in_set, &set, &redacted, &count), 0);
	assert_int_equal(count, expected);
	return redacted;
}

static void check_view(struct mtr_bytes record, unsigned set)
{
	struct mtr_record_view view;
	struct mtr_redacted_leaf leaf;
	struct mtr_bytes effect;

	assert_int_equal(mtr_record_read(record.data, record.size, &view), 0);
	assert_int_equal(view.command_redacted, set & 1);
	assert_int_equal(view.command.size, set & 1 ? 0 : strlen(command));
	assert_int_equal(view.answer_redacted, set >> 1 & 1);
	assert_int_equal(view.answer.size, set & 2 ? 0 : strlen(answer));
	assert_int_equal(view.redacted_count, __builtin_popcount(set));
	assert_int_equal(view.effect_count, 2);
	for (unsigned i = 2; i < 4; i++) {
		assert_true(mtr_record_next_effect(&view, &effect));
		assert_int_equal(effect.data == NULL, set >> i & 1);
	}
	assert_false(mtr_record_next_effect(&view, &effect));
	for (uint32_t i = 0; i < 4; i++) {
		if (!(set >> i & 1))
			continue;
		assert_true(mtr_record_next_redacted(&view.redacted, &leaf));
		assert_int_equal(leaf.index, i);
		assert_int_equal(leaf.id, i < 2 ? 0 : 3 + i + (i == 3));
		assert_int_equal(leaf.home_a, i < 2 ? 0 : 300);
	}
	assert_false(mtr_record_next_redacted(&view.redacted, &leaf));
}

static void whatever_is_redacted_leaves_the_digest_as_it_was(void **state)
{
	struct sample *sample = *state;
	uint8_t digest[MTR_HASH_BYTES];

	build_rows(sample);
	for (unsigned set = 0; set < 16; set++) {
		for (unsigned more = 0; more < 16; more++) {
			struct mtr_bytes once = redact(sample, sample->record, set, (size_t)__builtin_popcount(set));
			struct mtr_bytes twice =
				redact(sample, once, set | more, (size_t)__builtin_popcount(more & ~set));

			assert_int_equal(mtr_record_digest(twice.data, twice.size, digest), 0);
			assert_memory_equal(digest, sample->digest, sizeof digest);
			check_view(twice, set | more);
			if (((set | more) & 12) == 12)
				assert_null(memmem(twice.data, twice.size, "somebody", 8));
		}
		mtr_arena_reset(sample->arena);
		build_rows(sample);
	}
}

/* The place of a redacted row is the only thing that may change unnoticed. */
static void a_redacted_record_has_one_form(void **state)
{
	struct sample *sample = *state;
	uint8_t digest[MTR_HASH_BYTES];

	build_rows(sample);
	struct mtr_bytes record = redact(sample, sample->record, 7, 3);
	uint8_t *copy = mtr_arena_copy(sample->arena, record.data, record.size);
	size_t place = record.size - 10; /* home, type and id of the last leaf */

	for (size_t i = 0; i < place; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			copy[i] ^= (uint8_t)(1u << bit);
			if (mtr_record_digest(copy, record.size, digest) == 0)
				assert_memory_not_equal(digest, sample->digest, sizeof digest);
			copy[i] ^= (uint8_t)(1u << bit);
		}
	}
	for (size_t size = 0; size < record.size; size++)
		if (mtr_record_digest(copy, size, digest) == 0)
			assert_memory_not_equal(digest, sample->digest, sizeof digest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(parts_come_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(digest_is_as_defined, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_flipped_byte_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_cut_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(salts_are_fresh, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_the_digest_does_not_cover_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bounds_hold, set_up, tear_down),
		cmocka_unit_test_setup_teardown(chain_is_as_defined, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whatever_is_redacted_leaves_the_digest_as_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_redacted_record_has_one_form, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
