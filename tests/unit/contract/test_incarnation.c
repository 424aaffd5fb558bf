#include "contract/incarnation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

struct signed_statement {
	struct mtr_key_pair signer;
	Mtr__Incarnation statement;
	uint8_t chain[MTR_HASH_BYTES], public_key[MTR_KEY_BYTES], signature[MTR_SIGNATURE_BYTES];
	char reason[MTR_TEXT_MAX + 2];
};

static void make(struct signed_statement *made)
{
	assert_true(mtr_signing_pair_make(&made->signer));
	memset(made->chain, 7, sizeof made->chain);
	memcpy(made->public_key, made->signer.public_key, sizeof made->public_key);
	strcpy(made->reason, "the disk failed");
	mtr__incarnation__init(&made->statement);
	made->statement.former = 1;
	made->statement.incarnation = 2;
	made->statement.fork_revision = 3;
	made->statement.fork_chain = (ProtobufCBinaryData){sizeof made->chain, made->chain};
	made->statement.old_head = 4;
	made->statement.reason = made->reason;
	made->statement.at = 5;
	made->statement.public_key = (ProtobufCBinaryData){sizeof made->public_key, made->public_key};
	made->statement.signature = (ProtobufCBinaryData){sizeof made->signature, made->signature};
	mtr_incarnation_sign(&made->statement, &made->signer, made->signature);
}

static void a_statement_is_its_signers(void **state)
{
	struct signed_statement made, other;

	(void)state;
	make(&made);
	make(&other);
	assert_true(mtr_incarnation_signed(&made.statement, made.signer.public_key));
	assert_false(mtr_incarnation_signed(&made.statement, other.signer.public_key));
	/* Named is one, signed has another. */
	memcpy(made.public_key, other.public_key, sizeof made.public_key);
	assert_false(mtr_incarnation_signed(&made.statement, made.signer.public_key));
	assert_false(mtr_incarnation_signed(&made.statement, other.signer.public_key));
}

static void what_is_signed_is_fixed(void **state)
{
	/* By hand: domain, former, incarnation, fork, chain, old head, length, reason, at. */
	struct signed_statement made;
	uint8_t text[16 + 24 + 32 + 8 + 4 + 15 + 8] = "MTR-INCARNATION1";

	(void)state;
	make(&made);
	text[23] = 1;
	text[31] = 2;
	text[39] = 3;
	memset(text + 40, 7, 32);
	text[79] = 4;
	text[83] = 15;
	memcpy(text + 84, "the disk failed", 15);
	text[106] = 5;
	assert_int_equal(crypto_sign_verify_detached(made.signature, text, sizeof text, made.public_key), 0);
}

static void every_field_is_signed(void **state)
{
	struct signed_statement made;
	const uint8_t *key = made.signer.public_key;

	(void)state;
	make(&made);
	uint64_t *const numbers[] = {&made.statement.former, &made.statement.incarnation, &made.statement.fork_revision,
				     &made.statement.old_head, &made.statement.at};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		*numbers[i] += 16;
		assert_false(mtr_incarnation_signed(&made.statement, key));
		*numbers[i] -= 16;
	}
	made.chain[31] ^= 1;
	assert_false(mtr_incarnation_signed(&made.statement, key));
	made.chain[31] ^= 1;
	made.reason[0] ^= 1;
	assert_false(mtr_incarnation_signed(&made.statement, key));
	made.reason[0] ^= 1;
	made.signature[0] ^= 1;
	assert_false(mtr_incarnation_signed(&made.statement, key));
	made.signature[0] ^= 1;
	made.statement.signature.len--;
	assert_false(mtr_incarnation_signed(&made.statement, key));
	made.statement.signature.len++;
	made.statement.public_key.len--;
	assert_false(mtr_incarnation_signed(&made.statement, key));
	made.statement.public_key.len++;
	assert_true(mtr_incarnation_signed(&made.statement, key));
}

static void an_incomplete_statement_is_none(void **state)
{
	struct signed_statement made;
	Mtr__Incarnation *statement = &made.statement;

	(void)state;
	make(&made);
	assert_true(mtr_incarnation_complete(statement));
	statement->incarnation = statement->former;
	assert_false(mtr_incarnation_complete(statement));
	statement->incarnation = 0;
	assert_false(mtr_incarnation_complete(statement));
	make(&made);
	statement->former = 0;
	assert_false(mtr_incarnation_complete(statement));
	make(&made);
	statement->fork_revision = 0;
	assert_false(mtr_incarnation_complete(statement));
	make(&made);
	statement->fork_chain.len = 31;
	assert_false(mtr_incarnation_complete(statement));
	make(&made);
	memset(made.reason, 'x', MTR_TEXT_MAX);
	made.reason[MTR_TEXT_MAX] = '\0';
	assert_true(mtr_incarnation_complete(statement));
	mtr_incarnation_sign(statement, &made.signer, made.signature);
	assert_true(mtr_incarnation_signed(statement, made.public_key));
	made.reason[MTR_TEXT_MAX] = 'x';
	made.reason[MTR_TEXT_MAX + 1] = '\0';
	assert_false(mtr_incarnation_complete(statement));
	assert_false(mtr_incarnation_signed(statement, made.public_key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_is_its_signers),
		cmocka_unit_test(what_is_signed_is_fixed),
		cmocka_unit_test(every_field_is_signed),
		cmocka_unit_test(an_incomplete_statement_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
