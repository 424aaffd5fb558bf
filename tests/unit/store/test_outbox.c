#include "unit/store/fixture.h"

static const uint8_t outbox[MTR_OUTBOX_BYTES] = {1, 2, 3};

static enum mtr_store_error take(struct fixture *f, uint64_t sequence, uint64_t first_unacknowledged)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	uint8_t chain[MTR_HASH_BYTES] = {0}, hash[MTR_HASH_BYTES] = {(uint8_t)sequence, (uint8_t)(sequence >> 8)};
	uint8_t name[MTR_OUTBOX_BYTES];
	struct mtr_txn txn;
	enum mtr_store_error error;

	memcpy(name, outbox, sizeof name);
	header.revision = f->revision + 1;
	header.at = header.revision * 1000;
	header.principal_id = 9;
	header.outbox = (ProtobufCBinaryData){sizeof name, name};
	header.sequence = sequence;
	header.first_unacknowledged = first_unacknowledged;
	header.entry_hash = (ProtobufCBinaryData){sizeof hash, hash};
	mtr_txn_begin_write(&txn, f->store);
	mtr_apply(&txn, &header, NULL, 0, chain);
	error = mtr_txn_commit(&txn);
	f->revision += !error;
	return error;
}

static uint64_t revision_of(struct fixture *f, uint64_t sequence)
{
	uint8_t hash[MTR_HASH_BYTES];
	struct mtr_txn txn;
	uint64_t revision;

	mtr_txn_begin_read(&txn, f->store);
	revision = mtr_read_dedup(&txn, outbox, sequence, hash);
	if (revision)
		assert_int_equal(hash[0] | hash[1] << 8, (int)sequence);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	return revision;
}

static uint64_t remembered(struct fixture *f)
{
	struct mtr_txn txn;
	uint64_t count;

	mtr_txn_begin_read(&txn, f->store);
	count = mtr_txn_count(&txn, MTR_TABLE_DEDUP);
	mtr_txn_abort(&txn);
	return count;
}

static void an_unknown_outbox_is_empty(void **state)
{
	struct fixture *f = *state;
	struct mtr_outbox_state found;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	mtr_read_outbox(&txn, outbox, &found);
	mtr_txn_abort(&txn);
	assert_int_equal(found.principal_id, 0);
	assert_int_equal(revision_of(f, 1), 0);
}

static void entries_are_remembered_until_acknowledged(void **state)
{
	struct fixture *f = *state;
	struct mtr_outbox_state found;
	struct mtr_txn txn;

	fixture_apply(f, NULL, 0);
	for (uint64_t sequence = 1; sequence <= 5; sequence++)
		assert_int_equal(take(f, sequence, 1), MTR_STORE_OK);
	assert_int_equal(revision_of(f, 1), 2);
	assert_int_equal(revision_of(f, 5), 6);
	assert_int_equal(take(f, 6, 4), MTR_STORE_OK);
	assert_int_equal(revision_of(f, 3), 0);
	assert_int_equal(revision_of(f, 4), 5);
	/* An older figure, sent before and arriving after, changes nothing. */
	assert_int_equal(take(f, 7, 2), MTR_STORE_OK);
	mtr_txn_begin_read(&txn, f->store);
	mtr_read_outbox(&txn, outbox, &found);
	mtr_txn_abort(&txn);
	assert_int_equal(found.principal_id, 9);
	assert_int_equal(found.last_sequence, 7);
	assert_int_equal(found.first_unacknowledged, 4);
	assert_int_equal(found.entry_hash[0], 7);
	fixture_check(f);
}

static void a_record_forgets_a_bounded_number(void **state)
{
	struct fixture *f = *state;
	const uint64_t many = MTR_IN_FLIGHT_MAX + 50;

	for (uint64_t sequence = 1; sequence <= many; sequence++)
		assert_int_equal(take(f, sequence, 1), MTR_STORE_OK);
	assert_int_equal(remembered(f), many);
	assert_int_equal(take(f, many + 1, many + 1), MTR_STORE_OK);
	assert_int_equal(remembered(f), 51);
	assert_int_equal(take(f, many + 2, many + 1), MTR_STORE_OK);
	assert_int_equal(remembered(f), 2);
}

static void a_sequence_is_taken_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(take(f, 1, 1), MTR_STORE_OK);
	assert_int_equal(take(f, 1, 1), MTR_STORE_CORRUPT);
	assert_int_equal(take(f, 0, 1), MTR_STORE_CORRUPT);
}

static Mtr__Effect packed_effect(const struct mtr_effect *effect, Mtr__Home *home)
{
	Mtr__Effect message = MTR__EFFECT__INIT;

	mtr__home__init(home);
	home->kind = (Mtr__HomeKind)effect->home.kind;
	home->a = effect->home.a;
	home->b = effect->home.b;
	message.home = home;
	message.type = effect->type;
	message.id = effect->id;
	message.row = (ProtobufCBinaryData){effect->row.size, (uint8_t *)(uintptr_t)effect->row.data};
	return message;
}

static enum mtr_store_error replay(struct fixture *f, const uint8_t *bytes, size_t size)
{
	const uint8_t chain[MTR_HASH_BYTES] = {3};
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, f->store);
	mtr_apply_record(&txn, bytes, size, chain);
	return mtr_txn_commit(&txn);
}

/* The same effects, given and packed into a record, leave the same register. */
static void replay_comes_out_the_same(void **state)
{
	struct fixture *f = *state, *other;
	void *made = NULL;
	const struct mtr_effect row = person_row(f, 1, "Võ Thị Sáu", "089180000001", 5);
	uint8_t chain[MTR_HASH_BYTES] = {3}, first[MTR_TABLES][MTR_HASH_BYTES], second[MTR_TABLES][MTR_HASH_BYTES];
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	Mtr__Record record = MTR__RECORD__INIT;
	Mtr__Home home;
	Mtr__Effect effect = packed_effect(&row, &home);
	const struct mtr_bytes packed = fixture_pack(f, &effect.base);
	ProtobufCBinaryData effects[] = {{packed.size, (uint8_t *)(uintptr_t)packed.data}};
	struct mtr_bytes bytes;
	struct mtr_txn txn;

	fixture_setup(&made);
	other = made;
	header.revision = 1;
	header.at = 10;
	record.header = &header;
	record.effects = effects;
	record.n_effects = 1;
	bytes = fixture_pack(f, &record.base);
	for (size_t size = 0; size < bytes.size; size += 7)
		assert_int_equal(replay(other, bytes.data, size), MTR_STORE_CORRUPT);
	assert_int_equal(replay(other, bytes.data, bytes.size), MTR_STORE_OK);
	mtr_txn_begin_write(&txn, f->store);
	mtr_apply(&txn, &header, &row, 1, chain);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	mtr_txn_begin_read(&txn, f->store);
	mtr_table_digests(&txn, first);
	mtr_txn_abort(&txn);
	mtr_txn_begin_read(&txn, other->store);
	mtr_table_digests(&txn, second);
	mtr_txn_abort(&txn);
	assert_memory_equal(first, second, sizeof first);
	fixture_check(other);
	fixture_teardown(&made);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(an_unknown_outbox_is_empty),        STORE_TEST(entries_are_remembered_until_acknowledged),
		STORE_TEST(a_record_forgets_a_bounded_number), STORE_TEST(a_sequence_is_taken_once),
		STORE_TEST(replay_comes_out_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
