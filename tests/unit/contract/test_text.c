#include "contract/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>

#define OK MTR__ERROR_CODE__ERROR_CODE_NONE
#define MISSING MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING
#define TOO_LONG MTR__ERROR_CODE__ERROR_CODE_FIELD_TOO_LONG
#define NOT_UTF8 MTR__ERROR_CODE__ERROR_CODE_FIELD_NOT_UTF8
#define NOT_NFC MTR__ERROR_CODE__ERROR_CODE_FIELD_NOT_NFC
#define LOOKALIKE MTR__ERROR_CODE__ERROR_CODE_FIELD_LOOKALIKE
#define CHARACTER MTR__ERROR_CODE__ERROR_CODE_FIELD_CHARACTER

struct check {
	const char *text;
	unsigned flags;
	Mtr__ErrorCode wanted;
};

static void run_checks(const struct check *checks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		Mtr__ErrorCode found = mtr_text_check(checks[i].text, 40, checks[i].flags);

		if (found != checks[i].wanted)
			fail_msg("row %zu: found %d, wanted %d", i, (int)found, (int)checks[i].wanted);
	}
}

#define RUN(checks) run_checks(checks, sizeof(checks) / sizeof *(checks))

static void good_text_passes(void **state)
{
	static const struct check checks[] = {
		{"", 0, OK},
		{"Nguyễn Văn Đức", MTR_TEXT_REQUIRED, OK},
		{"Đặng Thị Ngọc Ửng", MTR_TEXT_REQUIRED, OK},
		{"103-KH/TU", MTR_TEXT_REQUIRED, OK},
		{"first\nsecond", MTR_TEXT_LINES, OK},
		{"\xF0\x9F\x93\x9C", 0, OK}, /* beyond the basic plane */
	};

	(void)state;
	RUN(checks);
}

static void required_text_is_neither_empty_nor_blank(void **state)
{
	static const struct check checks[] = {
		{"", MTR_TEXT_REQUIRED, MISSING},
		{"   ", MTR_TEXT_REQUIRED, MISSING},
		{" \n ", MTR_TEXT_REQUIRED | MTR_TEXT_LINES, MISSING},
		{"   ", 0, OK},
	};

	(void)state;
	RUN(checks);
}

static void broken_utf8_is_refused(void **state)
{
	static const struct check checks[] = {
		{"a\x80", 0, NOT_UTF8},
		{"\xBF", 0, NOT_UTF8},
		{"\xC0\xAF", 0, NOT_UTF8}, /* overlong slash */
		{"\xC1\x81", 0, NOT_UTF8},
		{"\xE0\x80\xAF", 0, NOT_UTF8},
		{"\xE0\x9F\xBF", 0, NOT_UTF8},
		{"\xF0\x80\x80\xAF", 0, NOT_UTF8},
		{"\xF0\x8F\xBF\xBF", 0, NOT_UTF8},
		{"\xED\xA0\x80", 0, NOT_UTF8}, /* surrogates */
		{"\xED\xBF\xBF", 0, NOT_UTF8},
		{"\xED\xA0\x80\xED\xB0\x80", 0, NOT_UTF8},
		{"\xF4\x90\x80\x80", 0, NOT_UTF8}, /* U+110000 */
		{"\xF5\x80\x80\x80", 0, NOT_UTF8},
		{"\xFF", 0, NOT_UTF8},
		{"\xC3", 0, NOT_UTF8}, /* cut short */
		{"\xE1\xBA", 0, NOT_UTF8},
		{"\xF0\x9F\x93", 0, NOT_UTF8},
		{"\xE1\xBA\x41", 0, NOT_UTF8},
		{"Nguy\xD4n", 0, NOT_UTF8}, /* TCVN3 */
		{"\x01\xFF", 0, NOT_UTF8},  /* before the other findings */
	};

	(void)state;
	RUN(checks);
}

/* Random bytes with many that are nearly right: what ICU can't read is refused, and nothing else. */
static void utf8_is_what_icu_takes_for_it(void **state)
{
	static const uint8_t leads[] = {0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
					0xEC, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF, 0x90, 0x9F};
	uint32_t seed = 1;
	int refused = 0;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		char text[8] = "";
		UChar wide[16];
		UErrorCode error = U_ZERO_ERROR;

		for (int i = 0; i < 5; i++) {
			seed = seed * 1103515245 + 12345;
			text[i] = (char)leads[(seed >> 16) % sizeof leads];
		}
		u_strFromUTF8(wide, 16, NULL, text, -1, &error);
		assert_int_equal(mtr_text_check(text, 40, 0) == NOT_UTF8, U_FAILURE(error));
		refused += U_FAILURE(error) != 0;
	}
	assert_in_range(refused, 1000, 199900);
}

static void characters_that_do_not_belong_are_refused(void **state)
{
	static const struct check checks[] = {
		{"a\nb", 0, CHARACTER},
		{"a\rb", MTR_TEXT_LINES, CHARACTER},
		{"a\tb", MTR_TEXT_LINES, CHARACTER},
		{"a\x1B[31m", 0, CHARACTER},
		{"a\x7F", 0, CHARACTER},
		{"a\xC2\x85", 0, CHARACTER}, /* next line */
		{"\xEF\xBB\xBF"
		 "a",
		 0, CHARACTER}, /* byte order mark */
		{"a\xE2\x80\x8B"
		 "b",
		 0, CHARACTER}, /* zero width space */
		{"a\xE2\x80\xAE"
		 "b",
		 0, CHARACTER}, /* right-to-left override */
		{"a\xE2\x80\xA8"
		 "b",
		 0, CHARACTER}, /* line separator */
		{"a\xC2\xAD"
		 "b",
		 0, CHARACTER},                      /* soft hyphen */
		{"a\xEE\x80\x80", 0, CHARACTER},     /* private use */
		{"a\xEF\xBF\xBE", 0, CHARACTER},     /* non-character */
		{"a\xF4\x8F\xBF\xBF", 0, CHARACTER}, /* U+10FFFF */
		{"\xC3\x90\x01", 0, CHARACTER},      /* before the look-alike */
	};

	(void)state;
	RUN(checks);
}

static void lookalikes_and_other_forms_are_refused(void **state)
{
	static const struct check checks[] = {
		{"\xC3\x90\xE1\xBB\xA9"
		 "c",
		 0, LOOKALIKE}, /* Ðức */
		{"\xC3\xB0", 0, LOOKALIKE},
		{"e\xCC\x82", 0, NOT_NFC},        /* e, circumflex */
		{"\xC3\xAA\xCC\x83", 0, NOT_NFC}, /* ê, tilde */
		{"o\xCC\x9B\xCC\x80", 0, NOT_NFC},
		{"q\xCC\x83", 0, OK},         /* has no composed form */
		{"\xE2\x84\xAB", 0, NOT_NFC}, /* Angstrom sign */
		{"\xC3\x90"
		 "e\xCC\x82",
		 0, LOOKALIKE},
	};

	(void)state;
	RUN(checks);
}

static void length_counts_bytes(void **state)
{
	char text[MTR_TEXT_MAX + 2];

	(void)state;
	assert_int_equal(mtr_text_check("Đức", 6, 0), OK);
	assert_int_equal(mtr_text_check("Đức", 5, 0), TOO_LONG);
	assert_int_equal(mtr_text_check("a", 0, 0), TOO_LONG);
	assert_int_equal(mtr_text_check("", 0, 0), OK);
	memset(text, 'a', sizeof text);
	text[MTR_TEXT_MAX] = 0;
	assert_int_equal(mtr_text_check(text, MTR_TEXT_MAX, 0), OK);
	text[MTR_TEXT_MAX] = 'a';
	text[MTR_TEXT_MAX + 1] = 0;
	assert_int_equal(mtr_text_check(text, MTR_TEXT_MAX, 0), TOO_LONG);
	assert_int_equal(mtr_text_check(text, SIZE_MAX, 0), TOO_LONG);
	for (size_t i = 0; i + 1 < MTR_TEXT_MAX; i += 2)
		memcpy(text + i, "\xC3\xAA", 2);
	text[MTR_TEXT_MAX] = 0;
	assert_int_equal(mtr_text_check(text, MTR_TEXT_MAX, 0), OK);
}

static void repairs_what_lists_bring_along(void **state)
{
	static const struct {
		const char *text;
		unsigned flags;
		const char *wanted;
		unsigned repairs;
	} rows[] = {
		{"", 0, "", 0},
		{"Nguyễn Văn A", 0, "Nguyễn Văn A", 0},
		{"\xEF\xBB\xBFHọ tên", 0, "Họ tên", MTR_REPAIR_BYTE_ORDER_MARK},
		{"a\xEF\xBB\xBF"
		 "b",
		 0, "ab", MTR_REPAIR_INVISIBLE},
		{"Nguye\xCC\x82\xCC\x83n", 0, "Nguyễn", MTR_REPAIR_COMPOSED},
		{"\xC3\x90\xE1\xBB\xA9"
		 "c \xC3\xB0i",
		 0, "Đức đi", MTR_REPAIR_LOOKALIKE},
		{"  a   b ", 0, "a b", MTR_REPAIR_SPACES},
		{" a", 0, "a", MTR_REPAIR_SPACES},
		{"a ", 0, "a", MTR_REPAIR_SPACES},
		{"a\tb", 0, "a b", MTR_REPAIR_SPACES},
		{"a\xC2\xA0"
		 "b",
		 0, "a b", MTR_REPAIR_SPACES},
		{"a\r\nb", 0, "a b", MTR_REPAIR_SPACES},
		{"a\r\nb\n", MTR_TEXT_LINES, "a\nb", MTR_REPAIR_SPACES},
		{"\n\n a \n b", MTR_TEXT_LINES, "a\nb", MTR_REPAIR_SPACES},
		{"a\nb", MTR_TEXT_LINES, "a\nb", 0},
		{"a\xE2\x80\x8B"
		 "b",
		 0, "ab", MTR_REPAIR_INVISIBLE},
		{" \t ", 0, "", MTR_REPAIR_SPACES},
		{"\xEF\xBB\xBF", 0, "", MTR_REPAIR_BYTE_ORDER_MARK},
		{"\xEF\xBB\xBF  \xC3\x90o\xCC\x82ng", 0, "Đông",
		 MTR_REPAIR_BYTE_ORDER_MARK | MTR_REPAIR_SPACES | MTR_REPAIR_LOOKALIKE | MTR_REPAIR_COMPOSED},
		{"a\x01", 0, "a\x01", 0}, /* nobody knows what was meant: the check refuses it */
	};
	struct mtr_arena *arena = mtr_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = NULL;
		unsigned repairs = 99;

		assert_int_equal(mtr_text_repair(arena, rows[i].text, rows[i].flags, &text, &repairs), 0);
		assert_string_equal(text, rows[i].wanted);
		assert_int_equal(repairs, rows[i].repairs);
	}
	mtr_arena_free(&arena);
}

static void what_cannot_be_mended_is_said(void **state)
{
	struct mtr_arena *arena = mtr_arena_new(1 << 20), *small = mtr_arena_new(64);
	char *big = malloc(70000);
	const char *text = "untouched";
	unsigned repairs = 99;

	(void)state;
	assert_int_equal(mtr_text_repair(arena, "Nguy\xD4n", 0, &text, &repairs), -EILSEQ);
	assert_int_equal(mtr_text_repair(arena, "a\xED\xA0\x80", 0, &text, &repairs), -EILSEQ);
	assert_int_equal(mtr_text_repair(small, "a long name for a small arena, too long for it", 0, &text, &repairs),
			 -ENOMEM);
	memset(big, 'a', 70000);
	big[69999] = 0;
	assert_int_equal(mtr_text_repair(arena, big, 0, &text, &repairs), -E2BIG);
	assert_string_equal(text, "untouched");
	assert_int_equal(repairs, 99);
	big[65536] = 0;
	assert_int_equal(mtr_text_repair(arena, big, 0, &text, &repairs), 0);
	assert_int_equal(strlen(text), 65536);
	free(big);
	mtr_arena_free(&arena);
	mtr_arena_free(&small);
}

/* Whatever the bytes: repaired text is a fixed point, and without control characters it passes the check. */
static void repaired_text_needs_no_repair(void **state)
{
	static const char *const pieces[] = {" ",
					     "a",
					     "e\xCC\x82",
					     "\xCC\x83",
					     "\xC3\x90",
					     "\xC3\xB0",
					     "\t",
					     "\n",
					     "\xEF\xBB\xBF",
					     "\xE2\x80\x8B",
					     "ệ",
					     "\xC2\xA0",
					     "\r",
					     "\xCC\xA3",
					     "Đ",
					     "\xE2\x84\xAB",
					     "\xE1\xBA\xA1"};
	struct mtr_arena *arena = mtr_arena_new(1 << 20);
	uint32_t seed = 12345;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[128] = "";
		const char *once, *twice;
		unsigned repairs, flags = round % 2 ? MTR_TEXT_LINES : 0;

		for (uint32_t i = 0, count = (seed >> 16) % 12; i < count; i++) {
			seed = seed * 1103515245 + 12345;
			strcat(text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
		}
		seed = seed * 1103515245 + 12345;
		mtr_arena_reset(arena);
		assert_int_equal(mtr_text_repair(arena, text, flags, &once, &repairs), 0);
		if (repairs == 0)
			assert_string_equal(once, text);
		assert_int_equal(mtr_text_check(once, MTR_TEXT_MAX, flags), OK);
		assert_int_equal(mtr_text_repair(arena, once, flags, &twice, &repairs), 0);
		assert_int_equal(repairs, 0);
		assert_string_equal(once, twice);
	}
	mtr_arena_free(&arena);
}

static void folding_is_for_matching(void **state)
{
	char out[64] = "untouched";

	(void)state;
	assert_true(mtr_text_fold("NGUYỄN Văn Đức", out, sizeof out));
	assert_string_equal(out, "nguyễn văn đức");
	assert_true(mtr_text_fold("", out, 1));
	assert_string_equal(out, "");
	strcpy(out, "untouched");
	assert_false(mtr_text_fold("abc", out, 3));
	assert_false(mtr_text_fold("a\xFF", out, sizeof out));
	assert_false(mtr_text_fold("", out, 0));
	assert_string_equal(out, "untouched");
	assert_true(mtr_text_fold("abc", out, 4));
	/* U+023A grows from two bytes to three. */
	assert_true(mtr_text_fold("\xC8\xBA\xC8\xBA", out, MTR_FOLDED_MAX(4)));
	assert_int_equal(strlen(out), 6);
	/* The dotless i of Turkish stays out of it. */
	setlocale(LC_ALL, "tr_TR.UTF-8");
	assert_true(mtr_text_fold("I", out, sizeof out));
	assert_string_equal(out, "i");
}

static void width_counts_columns(void **state)
{
	(void)state;
	assert_int_equal(mtr_text_width(""), 0);
	assert_int_equal(mtr_text_width("Nguyễn Văn Đức"), 14);
	assert_int_equal(mtr_text_width("Nguye\xCC\x82\xCC\x83n"), 6);
	assert_int_equal(mtr_text_width("\xE2\x80\x8B"), 0);
	assert_int_equal(mtr_text_width("越南"), 4);
	assert_int_equal(mtr_text_width("a\xFF"
					"b"),
			 3);
	assert_int_equal(mtr_text_width("\xE1\xBA"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_text_passes),
		cmocka_unit_test(required_text_is_neither_empty_nor_blank),
		cmocka_unit_test(broken_utf8_is_refused),
		cmocka_unit_test(utf8_is_what_icu_takes_for_it),
		cmocka_unit_test(characters_that_do_not_belong_are_refused),
		cmocka_unit_test(lookalikes_and_other_forms_are_refused),
		cmocka_unit_test(length_counts_bytes),
		cmocka_unit_test(repairs_what_lists_bring_along),
		cmocka_unit_test(what_cannot_be_mended_is_said),
		cmocka_unit_test(repaired_text_needs_no_repair),
		cmocka_unit_test(folding_is_for_matching),
		cmocka_unit_test(width_counts_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
