#include "unit/reader/world.h"
#include "unit/store/incarnation_record.h"

/* The register goes on as `incarnation`, on record. */
static void restore(struct fixture *f, uint64_t former, uint64_t incarnation)
{
	uint8_t chain[MTR_HASH_BYTES] = {1}, key[MTR_KEY_BYTES] = {2}, signature[MTR_SIGNATURE_BYTES] = {3};
	Mtr__Incarnation statement = MTR__INCARNATION__INIT;
	struct mtr_bytes bytes;
	struct mtr_txn txn;

	statement.former = former;
	statement.incarnation = incarnation;
	statement.public_key = (ProtobufCBinaryData){sizeof key, key};
	statement.signature = (ProtobufCBinaryData){sizeof signature, signature};
	bytes = incarnation_record(f, &statement, 0, 0);
	mtr_txn_begin_write(&txn, f->store);
	mtr_apply_record(&txn, bytes.data, bytes.size, chain);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	f->revision++;
}

static const Mtr__Answer *incarnations(struct world *world, uint32_t principal_id)
{
	Mtr__Incarnations asked = MTR__INCARNATIONS__INIT;
	Mtr__Query query = MTR__QUERY__INIT;

	query.body_case = MTR__QUERY__BODY_INCARNATIONS;
	query.incarnations = &asked;
	return ask(world, principal_id, &query);
}

static void everybody_may_know_of_every_restore(void **state)
{
	static const uint32_t all[] = {CLERK_A, ORGANISER, TEACHER, AUDITOR, OPERATOR};
	struct world *world = *state;
	const Mtr__Answer *answer = incarnations(world, CLERK_A);

	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_INCARNATIONS);
	assert_int_equal(answer->incarnations->n_statements, 0);
	restore(world->f, 5, 500);
	restore(world->f, 500, 50);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		answer = incarnations(world, all[i]);
		assert_int_equal(answer->body_case, MTR__ANSWER__BODY_INCARNATIONS);
		assert_int_equal(answer->incarnations->n_statements, 2);
		const Mtr__Incarnation *first = answer->incarnations->statements[0],
				       *second = answer->incarnations->statements[1];

		assert_int_equal(first->former, 5);
		assert_int_equal(first->incarnation, 500);
		assert_int_equal(first->signature.len, MTR_SIGNATURE_BYTES);
		assert_int_equal(first->signature.data[0], 3);
		assert_int_equal(second->former, 500);
		assert_int_equal(second->incarnation, 50);
		assert_string_equal(second->reason, "the disk failed");
	}
	expect_error(incarnations(world, REVOKED), ERROR(REVOKED), "");
}

/* As many as there may be, each as long as it may be, still fit an answer. */
static void all_of_them_fit(void **state)
{
	struct world *world = *state;

	for (uint64_t i = 1; i <= MTR_INCARNATIONS_MAX; i++)
		restore(world->f, i, i + 1);
	assert_int_equal(incarnations(world, CLERK_A)->incarnations->n_statements, MTR_INCARNATIONS_MAX);
	assert_true(MTR_INCARNATIONS_MAX * (MTR_TEXT_MAX + 256u) < MTR_REPLY_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(everybody_may_know_of_every_restore),
		WORLD_TEST(all_of_them_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
