#include "contract/incarnation.h"
#include "contract/incarnation_file.h"
#include "contract/lines.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CHAIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define FILE_OF(former, incarnation, chain, reason)                                                                    \
	("matricula-incarnation 1\nformer " former "\nincarnation " incarnation "\nfork-revision 3\nfork-chain " chain \
	 "\nold-head 0\nat 1700000000000\nreason " reason "\n")
#define REQUEST                                                                                                        \
	"matricula-incarnation 1\nformer 18446744073709551615\nincarnation 2\nfork-revision 3\nfork-chain " CHAIN      \
	"\nold-head 0\nat 1700000000000\nreason Ổ đĩa hỏng, khôi phục\n"

static struct mtr_arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = mtr_arena_new(1u << 20);
	return arena ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	mtr_arena_free(&arena);
	return 0;
}

static Mtr__Incarnation *parse(const char *text)
{
	return mtr_incarnation_parse(arena, text, strlen(text));
}

static void a_request_is_read_and_written(void **state)
{
	const Mtr__Incarnation *statement = parse(REQUEST);
	char text[MTR_INCARNATION_FILE_MAX];

	(void)state;
	assert_non_null(statement);
	assert_true(statement->former == UINT64_MAX);
	assert_int_equal(statement->fork_revision, 3);
	assert_int_equal(statement->fork_chain.data[31], 0xff);
	assert_string_equal(statement->reason, "Ổ đĩa hỏng, khôi phục");
	assert_int_equal(statement->signature.len, 0);
	assert_int_equal(mtr_incarnation_print(statement, text), strlen(REQUEST));
	assert_string_equal(text, REQUEST);
}

static void a_signature_travels_with_it(void **state)
{
	Mtr__Incarnation *statement = parse(REQUEST);
	uint8_t signature[MTR_SIGNATURE_BYTES];
	char text[MTR_INCARNATION_FILE_MAX];
	struct mtr_key_pair pair;

	(void)state;
	assert_non_null(statement);
	assert_true(mtr_signing_pair_make(&pair));
	mtr_incarnation_sign(statement, &pair, signature);
	statement->public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, pair.public_key};
	statement->signature = (ProtobufCBinaryData){sizeof signature, signature};
	const size_t size = mtr_incarnation_print(statement, text);
	Mtr__Incarnation *again = mtr_incarnation_parse(arena, text, size);

	assert_non_null(again);
	assert_true(mtr_incarnation_signed(again, pair.public_key));
	/* Every byte of the file matters. */
	for (size_t i = 0; i < size; i++) {
		text[i] ^= 1;
		again = mtr_incarnation_parse(arena, text, size);
		assert_true(!again || !mtr_incarnation_signed(again, pair.public_key));
		text[i] ^= 1;
	}
	for (size_t cut = 0; cut < size; cut++) {
		again = mtr_incarnation_parse(arena, text, cut);
		assert_true(!again || !again->signature.len);
	}
}

static void what_is_no_statement_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"matricula-incarnation 2\n",
		REQUEST "\n",
		REQUEST "more\n",
		REQUEST "public-key xyz\nsignature 00\n",
		FILE_OF("1", "1", CHAIN, "x"),
		FILE_OF("1", "2", CHAIN, ""),
		FILE_OF("1", "2", CHAIN, "a\x1b[2Jb"),
		FILE_OF("18446744073709551616", "2", CHAIN, "x"),
		FILE_OF("01", "2", CHAIN, "x"),
		FILE_OF("-1", "2", CHAIN, "x"),
		FILE_OF("", "2", CHAIN, "x"),
		FILE_OF("1", "2", "00", "x"),
	};
	char text[MTR_INCARNATION_FILE_MAX];
	int size = snprintf(text, sizeof text, "%s", REQUEST);

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (parse(wrong[i]))
			fail_msg("taken: %s", wrong[i]);
	memset(text + size - 1, 'x', MTR_TEXT_MAX);
	text[(size_t)size - 1 + MTR_TEXT_MAX] = '\n';
	assert_null(mtr_incarnation_parse(arena, text, (size_t)size + MTR_TEXT_MAX));
}

static void after_a_failure_nothing_is_taken(void **state)
{
	struct mtr_lines lines = mtr_lines_of("a 1 00ff b\nlast\n", 16);
	char token[2] = "?";
	uint8_t bytes[2] = {7, 7};

	(void)state;
	assert_true(mtr_lines_next_is(&lines, "a"));
	assert_false(mtr_lines_next_is(&lines, "a 1 00ff b\nlast\nmore"));
	assert_true(mtr_lines_word(&lines, "a"));
	assert_int_equal(mtr_lines_number(&lines), 1);
	assert_true(mtr_lines_hex(&lines, bytes, 2));
	assert_int_equal(bytes[1], 0xff);
	assert_true(mtr_lines_token(&lines, token, sizeof token));
	assert_string_equal(token, "b");
	assert_false(mtr_lines_token(&lines, token, sizeof token));
	assert_string_equal(token, "b");
	assert_false(mtr_lines_word(&lines, "last"));
	assert_int_equal(mtr_lines_number(&lines), 0);
	assert_false(mtr_lines_hex(&lines, bytes, 2));
	assert_false(mtr_lines_rest(&lines, token, sizeof token));
	assert_false(mtr_lines_done(&lines));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read_and_written),
		cmocka_unit_test(a_signature_travels_with_it),
		cmocka_unit_test(what_is_no_statement_is_refused),
		cmocka_unit_test(after_a_failure_nothing_is_taken),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
