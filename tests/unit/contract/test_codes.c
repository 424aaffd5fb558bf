#include "contract/citizen_number.h"
#include "contract/code.h"
#include "contract/entry_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <string.h>

#define NUMBER(name) MTR__ERROR_CODE__ERROR_CODE_CITIZEN_NUMBER_##name
#define OK MTR__ERROR_CODE__ERROR_CODE_NONE
#define MALE MTR__SEX__SEX_MALE
#define FEMALE MTR__SEX__SEX_FEMALE
#define ANY MTR__SEX__SEX_UNSPECIFIED

static void citizen_numbers(void **state)
{
	static const struct {
		const char *number;
		Mtr__Sex sex;
		uint32_t birth;
		Mtr__ErrorCode wanted;
	} rows[] = {
		{"089075000001", MALE, 19750320, OK},
		{"089075000001", ANY, 0, OK},
		{"089075000001", MALE, 19750000, OK},
		{"089175000001", FEMALE, 19750300, OK},
		{"001201123456", MALE, 20010101, OK},
		{"096301123456", FEMALE, 20010101, OK},
		{"001999123456", FEMALE, 23990101, OK},
		{"", ANY, 0, NUMBER(LENGTH)},
		{"08907500001", ANY, 0, NUMBER(LENGTH)},
		{"0890750000012", ANY, 0, NUMBER(LENGTH)},
		{"89075000001", ANY, 0, NUMBER(LENGTH)}, /* a spreadsheet dropped the zero */
		{"08907500000x", ANY, 0, NUMBER(DIGITS)},
		{"089 75000001", ANY, 0, NUMBER(DIGITS)},
		{"+89075000001", ANY, 0, NUMBER(DIGITS)},
		{"089\xEF\xBC\x91"
		 "75000",
		 ANY, 0, NUMBER(LENGTH)},
		{"\xEF\xBC\x91\xEF\xBC\x91\xEF\xBC\x91\xEF\xBC\x91", ANY, 0, NUMBER(DIGITS)}, /* full-width digits */
		{"000075000001", ANY, 0, NUMBER(PLACE)},
		{"097075000001", ANY, 0, NUMBER(PLACE)},
		{"999075000001", ANY, 0, NUMBER(PLACE)},
		{"089075000001", FEMALE, 19750320, NUMBER(SEX)},
		{"089175000001", MALE, 0, NUMBER(SEX)},
		{"089075000001", MALE, 19760000, NUMBER(BIRTH)},
		{"089275000001", MALE, 19750320, NUMBER(BIRTH)}, /* the century */
		{"089075000001", FEMALE, 19760000, NUMBER(SEX)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (mtr_citizen_number_check(rows[i].number, rows[i].sex, rows[i].birth) != rows[i].wanted)
			fail_msg("row %zu: %s", i, rows[i].number);
	assert_int_equal(mtr_citizen_number_sex("089175000001"), FEMALE);
	assert_int_equal(mtr_citizen_number_sex("089875000001"), MALE);
	assert_int_equal(mtr_citizen_number_birth_year("089075000001"), 1975);
	assert_int_equal(mtr_citizen_number_birth_year("089301000001"), 2001);
}

static void codes(void **state)
{
	static const char *const bad[] = {"A",    "-A", "A-",    "a1",  "A_B", "A B", "A.B", "AĐ",
					  "A\nB", "--", "A\xFF", "[A]", "@A",  "A/",  "A:",  "`A"};
	char longest[MTR_CODE_MAX + 2];

	(void)state;
	assert_int_equal(mtr_code_check("AN"), OK);
	assert_int_equal(mtr_code_check("TL-K12-2025"), OK);
	assert_int_equal(mtr_code_check("A--B"), OK);
	assert_int_equal(mtr_code_check("00"), OK);
	assert_int_equal(mtr_code_check(""), MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (mtr_code_check(bad[i]) != MTR__ERROR_CODE__ERROR_CODE_FIELD_FORMAT)
			fail_msg("\"%s\" passed", bad[i]);
	memset(longest, 'Z', sizeof longest);
	longest[MTR_CODE_MAX] = 0;
	assert_int_equal(mtr_code_check(longest), OK);
	longest[MTR_CODE_MAX] = 'Z';
	longest[MTR_CODE_MAX + 1] = 0;
	assert_int_equal(mtr_code_check(longest), MTR__ERROR_CODE__ERROR_CODE_FIELD_TOO_LONG);
}

static void entry_hashes(void **state)
{
	uint8_t input[MTR_HASH_BYTES + 8 + 3], wanted[MTR_HASH_BYTES], found[MTR_HASH_BYTES];

	(void)state;
	for (size_t i = 0; i < MTR_HASH_BYTES; i++)
		input[i] = (uint8_t)i;
	memcpy(input + MTR_HASH_BYTES,
	       "\x01\x02\x03\x04\x05\x06\x07\x08"
	       "abc",
	       11);
	crypto_generichash(wanted, sizeof wanted, input, sizeof input, NULL, 0);
	mtr_entry_hash(input, 0x0102030405060708, (struct mtr_bytes){input + MTR_HASH_BYTES + 8, 3}, found);
	assert_memory_equal(found, wanted, sizeof found);
	mtr_entry_hash(input, 0x0102030405060708, (struct mtr_bytes){NULL, 0}, found);
	crypto_generichash(wanted, sizeof wanted, input, MTR_HASH_BYTES + 8, NULL, 0);
	assert_memory_equal(found, wanted, sizeof found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(citizen_numbers),
		cmocka_unit_test(codes),
		cmocka_unit_test(entry_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
