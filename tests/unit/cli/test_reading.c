/* What people type: values, conditions, nearest words, text without accents. */
#include "commands/condition.h"
#include "matricula/v1/vocabulary.pb-c.h"
#include "output/show.h"
#include "program/arguments.h"
#include "program/i18n.h"
#include "program/path.h"
#include "program/plain.h"
#include "program/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct mtr_arena *arena;

static int setup(void **state)
{
	(void)state;
	mtr_language_use(MTR_LANGUAGE_ENGLISH, NULL);
	arena = mtr_arena_new(4u << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	mtr_arena_free(&arena);
	return 0;
}

static void test_values(void **state)
{
	static const struct {
		enum mtr_argument_type type;
		const char *text;
		bool good;
		uint64_t number;
	} cases[] = {
		{MTR_ARG_NUMBER, "1", true, 1},
		{MTR_ARG_NUMBER, "100000", true, 100000},
		{MTR_ARG_NUMBER, "100001", false, 0},
		{MTR_ARG_NUMBER, "0", false, 0},
		{MTR_ARG_NUMBER, "-1", false, 0},
		{MTR_ARG_NUMBER, "18446744073709551616", false, 0},
		{MTR_ARG_NUMBER, "1.000", false, 0},
		{MTR_ARG_NUMBER, "", false, 0},
		{MTR_ARG_ID, "18446744073709551615", true, UINT64_MAX},
		{MTR_ARG_ID, "0", false, 0},
		{MTR_ARG_DATE, "31/12/2025", true, 20251231},
		{MTR_ARG_DATE, "2025-12-31", true, 20251231},
		{MTR_ARG_DATE, "1975", true, 19750000},
		{MTR_ARG_DATE, "29/02/2023", false, 0},
		{MTR_ARG_TIME, "20/03/2025 14:05", true, UINT64_C(1742454300000)},
		{MTR_ARG_TIME, "20/03/2025", true, UINT64_C(1742403600000)},
		{MTR_ARG_TIME_END, "20/03/2025", true, UINT64_C(1742489999999)},
		{MTR_ARG_TIME, "20/03/2025 24:00", false, 0},
		{MTR_ARG_TIME, "20/03/2025 14", false, 0},
		{MTR_ARG_TIME, "03/2025", false, 0},
		{MTR_ARG_MONEY, "11.147.406.000", true, UINT64_C(11147406000)},
		{MTR_ARG_MONEY, "11147406000", true, UINT64_C(11147406000)},
		{MTR_ARG_MONEY, "11.14.000", false, 0},
		{MTR_ARG_MONEY, "1111.000", false, 0},
		{MTR_ARG_MONEY, "11.147.", false, 0},
		{MTR_ARG_MONEY, "12,5", false, 0},
		{MTR_ARG_MONEY, "-1", false, 0},
		{MTR_ARG_STANDARD, "theory:3", true, UINT64_C(1) << 32 | 3},
		{MTR_ARG_STANDARD, "theory:0", false, 0},
		{MTR_ARG_STANDARD, "theory", false, 0},
		{MTR_ARG_YES_NO, "có", true, 1},
		{MTR_ARG_YES_NO, "no", true, 0},
		{MTR_ARG_YES_NO, "maybe", false, 0},
		{MTR_ARG_CHOICE, "FEMALE", true, 2},
		{MTR_ARG_CHOICE, "femal", false, 0},
		{MTR_ARG_CODE, "hu-tn", true, 0},
		{MTR_ARG_CODE, "-hu", false, 0},
		{MTR_ARG_KEY, "too short", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct mtr_argument argument = {.name = "X",
						      .type = cases[i].type,
						      .minimum = 1,
						      .maximum = 100000,
						      .words = &mtr__sex__descriptor};
		struct mtr_value value;
		const char *problem = NULL;
		int error = mtr_value_parse(arena, &argument, cases[i].text, &value, &problem);
		if ((error == 0) != cases[i].good || (cases[i].good && value.number != cases[i].number))
			fail_msg("case %zu: “%s” gave %d", i, cases[i].text, error);
		assert_true(cases[i].good || problem);
	}
}

static void test_text_is_repaired(void **state)
{
	const struct mtr_argument argument = {.name = "--name", .type = MTR_ARG_TEXT};
	struct mtr_value value;
	const char *problem;

	(void)state;
	assert_int_equal(mtr_value_parse(arena, &argument, "  \xC3\x90inh  Va\xCC\x86n ", &value, &problem), 0);
	assert_string_equal(value.text, "Đinh Văn");
	assert_int_not_equal(mtr_value_parse(arena, &argument, "Nguy\xE3n", &value, &problem), 0);
}

/* What lists refuse, the command line refuses; only names: a remark may hold whatever it likes. */
static void test_names_of_old_encodings(void **state)
{
	static const char *const legacy[] = {"Nguyeãn Vaên Phaùt", "Lª V¨n B×nh", "TRAÀN THÒ BÌNH"};
	static const char *const fine[] = {"Nguyễn Văn Phát", "Lê Văn Bình", "TRẦN THỊ BÌNH", "Đỗ Oanh", "H'Hen Niê"};
	const struct mtr_argument name = {.name = "--name", .type = MTR_ARG_NAME};
	const struct mtr_argument text = {.name = "--reason", .type = MTR_ARG_TEXT};
	struct mtr_value value;
	const char *problem;

	(void)state;
	for (size_t i = 0; i < sizeof legacy / sizeof *legacy; i++) {
		assert_int_not_equal(mtr_value_parse(arena, &name, legacy[i], &value, &problem), 0);
		assert_non_null(strstr(problem, "looks like TCVN3 or VNI"));
		assert_int_equal(mtr_value_parse(arena, &text, legacy[i], &value, &problem), 0);
	}
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		assert_int_equal(mtr_value_parse(arena, &name, fine[i], &value, &problem), 0);
}

static void test_conditions(void **state)
{
	Mtr__Condition *condition;
	Mtr__PutProgramme__PutCondition *titles;
	const char *problem;

	(void)state;
	assert_true(mtr_condition_parse(arena,
					"age:maximum=40,maximum-offset=-5,offset-titles=bt-huyen+PCT-HUYEN,at=1/3/2021,"
					"sex=male,from=7/11/2013,instrument=5763-CV/BTCTW",
					&condition, &titles, &problem));
	assert_int_equal(condition->kind, MTR__CONDITION_KIND__CONDITION_KIND_AGE);
	assert_int_equal(condition->maximum, 40);
	assert_int_equal(condition->maximum_offset, -5);
	assert_int_equal(condition->age_date, 20210301);
	assert_true(condition->age_at_date);
	assert_int_equal(condition->valid_from, 20131107);
	assert_string_equal(condition->instrument, "5763-CV/BTCTW");
	assert_int_equal(titles->n_offset_codes, 2);
	assert_string_equal(titles->offset_codes[0], "BT-HUYEN");
	assert_true(
		mtr_condition_parse(arena, "category:values=official+civil-servant", &condition, &titles, &problem));
	assert_int_equal(condition->n_values, 2);
	assert_int_equal(condition->values[1], MTR__CATEGORY__CATEGORY_CIVIL_SERVANT);
	assert_true(mtr_condition_parse(arena, "standard:standard=theory:2", &condition, &titles, &problem));
	assert_int_equal(condition->standard->number, 2);
	assert_true(mtr_condition_parse(arena, "no-discipline", &condition, &titles, &problem));
	static const char *const wrong[] = {"ages:maximum=40",    "age:maximum",
					    "age:maximum=x",      "age:maxmum=4",
					    "degree:minimum=phd", "standard:standard=theory",
					    "age:from=31/2/2020", ""};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		problem = NULL;
		assert_false(mtr_condition_parse(arena, wrong[i], &condition, &titles, &problem));
		assert_non_null(problem);
	}
}

static void test_nearest(void **state)
{
	struct mtr_suggestion suggestion = mtr_suggestion_for("qouta");

	(void)state;
	assert_int_equal(mtr_word_distance("quota", "qouta"), 1);
	assert_int_equal(mtr_word_distance("", "abc"), 3);
	assert_int_equal(mtr_word_distance("Vet", "vet"), 0);
	mtr_suggestion_offer(&suggestion, "unit");
	assert_null(suggestion.best);
	mtr_suggestion_offer(&suggestion, "quota");
	assert_string_equal(suggestion.best, "quota");
	suggestion = mtr_suggestion_for("nom");
	mtr_suggestion_offer(&suggestion, "nomination");
	assert_string_equal(suggestion.best, "nomination");
}

static void test_plain(void **state)
{
	(void)state;
	assert_string_equal(mtr_plain(arena, "  Ngày, tháng   SINH (Đ/c) "), "ngay thang sinh d c");
	assert_string_equal(mtr_plain(arena, "Ho\xCC\xA3 te\xCC\x82n"), "ho ten");
	assert_string_equal(mtr_plain(arena, "\xFF"), "");
	assert_false(mtr_looks_legacy(arena, "Nguyễn Thị Hoà, Đắk Lắk, Ðinh Quý Ý"));
	assert_true(mtr_looks_legacy(arena, "Nguyeãn Vaên An"));
	assert_true(mtr_looks_legacy(arena, "NguyÔn V¨n An"));
	assert_true(mtr_looks_legacy(arena, "TrÇn ThÞ B×nh"));
}

static void test_show(void **state)
{
	(void)state;
	assert_string_equal(mtr_show_money(arena, 0), "0");
	assert_string_equal(mtr_show_money(arena, 999), "999");
	assert_string_equal(mtr_show_money(arena, UINT64_C(11147406000)), "11.147.406.000");
	assert_string_equal(mtr_show_time(arena, UINT64_C(1742454300000)), "20/03/2025 14:05");
	assert_string_equal(mtr_show_time_iso(arena, UINT64_C(1742454300123)), "2025-03-20T07:05:00.123Z");
	/* 17:00 UTC is midnight of the next day there. */
	assert_string_equal(mtr_show_time(arena, UINT64_C(1735664400000)), "01/01/2025 00:00");
	assert_string_equal(mtr_show_time_iso(arena, UINT64_C(1735664400000)), "2024-12-31T17:00:00.000Z");
	assert_string_equal(mtr_show_time_iso(arena, UINT64_C(1735664399999)), "2024-12-31T16:59:59.999Z");
	assert_string_equal(mtr_show_time(arena, 0), "");
}

static void test_paths(void **state)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__Decide decide = MTR__DECIDE__INIT;
	Mtr__Propose propose = MTR__PROPOSE__INIT;
	Mtr__PersonReference person = MTR__PERSON_REFERENCE__INIT;
	uint64_t ids[] = {7, 12};
	char number[] = "051075000123";

	(void)state;
	decide.n_approved_ids = 2;
	decide.approved_ids = ids;
	command.body_case = MTR__COMMAND__BODY_DECIDE;
	command.decide = &decide;
	assert_string_equal(mtr_path_value(arena, &command, "decide.approved_ids.1"), "12");
	assert_string_equal(mtr_path_value(arena, &command, "decide.approved_ids.2"), "");
	assert_string_equal(mtr_path_value(arena, &command, "decide.approved_ids"), "");
	assert_string_equal(mtr_path_value(arena, &command, "propose.person.citizen_number"), "");
	assert_string_equal(mtr_path_value(arena, &command, ""), "");
	assert_string_equal(mtr_path_value(arena, &command, "decide.nothing.0.x"), "");
	person.citizen_number = number;
	propose.person = &person;
	command.body_case = MTR__COMMAND__BODY_PROPOSE;
	command.propose = &propose;
	assert_string_equal(mtr_path_value(arena, &command, "propose.person.citizen_number"), number);
	assert_string_equal(mtr_path_value(arena, &command, "propose.person"), "");
	person.birth = 19750321;
	assert_string_equal(mtr_path_value(arena, &command, "propose.person.birth"), "1975-03-21");
	person.sex = MTR__SEX__SEX_FEMALE;
	assert_string_equal(mtr_path_value(arena, &command, "propose.person.sex"), "SEX_FEMALE");
	propose.person = NULL;
	assert_string_equal(mtr_path_value(arena, &command, "propose.person.citizen_number"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_text_is_repaired),
		cmocka_unit_test(test_names_of_old_encodings),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
