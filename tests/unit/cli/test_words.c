#include "contract/commands.h"
#include "contract/errors.h"
#include "matricula/matricula.h"
#include "matricula/v1/commands.pb-c.h"
#include "program/i18n.h"
#include "words/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct mtr_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = mtr_arena_new(16u << 20);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	mtr_arena_free(&arena);
	return 0;
}

/* Every value of every enumeration the messages hold has a label, and the Vietnamese one is another. */
static void check_vocabulary(const ProtobufCEnumDescriptor *words)
{
	for (unsigned i = 0; i < words->n_values; i++) {
		int value = words->values[i].value;
		if (value == 0)
			continue;
		mtr_language_use(MTR_LANGUAGE_ENGLISH, NULL);
		const char *english = mtr_arena_text(arena, mtr_words_value(arena, words, value));
		mtr_language_use(MTR_LANGUAGE_VIETNAMESE, NULL);
		const char *vietnamese = mtr_words_value(arena, words, value);
		if (strcmp(english, vietnamese) == 0 || !*english)
			fail_msg("%s has no words", words->values[i].name);
	}
}

static bool has_words(const ProtobufCEnumDescriptor *words)
{
	const ProtobufCEnumDescriptor *known;

	for (size_t n = 0; (known = mtr_words_vocabulary(n)); n++) {
		if (known == words)
			return true;
	}
	return false;
}

/* What the register writes itself nobody is asked to correct. */
static bool is_record(const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field)
{
	const struct mtr_command_info *info = mtr_command_by_tag(field->id);

	return message == &mtr__command__descriptor && info && !info->roles;
}

/* Walks all messages that can be reached from one. */
static void visit(const ProtobufCMessageDescriptor *message, const ProtobufCMessageDescriptor **seen, size_t *count,
		  bool fields_named)
{
	for (size_t i = 0; i < *count; i++) {
		if (seen[i] == message)
			return;
	}
	assert_true(*count < 128);
	seen[(*count)++] = message;
	for (unsigned i = 0; i < message->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->fields[i];
		/* An error's code has sentences (below), and homes are never shown. */
		if (field->type == PROTOBUF_C_TYPE_ENUM && field->descriptor != &mtr__error_code__descriptor &&
		    field->descriptor != &mtr__home_kind__descriptor) {
			if (!has_words(field->descriptor))
				fail_msg("%s.%s has no words", message->name, field->name);
			check_vocabulary(field->descriptor);
		}
		if (fields_named && message != &mtr__command__descriptor && field->type != PROTOBUF_C_TYPE_MESSAGE &&
		    !mtr_words_field_known(field->name) && strstr(field->name, "_id") == NULL)
			fail_msg("the field %s.%s has no name", message->name, field->name);
		if (field->type == PROTOBUF_C_TYPE_MESSAGE && !is_record(message, field))
			visit(field->descriptor, seen, count, fields_named);
	}
}

static void test_values(void **state)
{
	const ProtobufCMessageDescriptor *seen[128];
	size_t count = 0;

	(void)state;
	visit(&mtr__answer__descriptor, seen, &count, false);
	visit(&mtr__nomination__descriptor, seen, &count, false);
	visit(&mtr__class__descriptor, seen, &count, false);
	visit(&mtr__programme__descriptor, seen, &count, false);
	visit(&mtr__ledger_entry__descriptor, seen, &count, false);
}

static void test_fields(void **state)
{
	const ProtobufCMessageDescriptor *seen[128];
	size_t count = 0;

	(void)state;
	visit(&mtr__command__descriptor, seen, &count, true);
	mtr_language_use(MTR_LANGUAGE_ENGLISH, NULL);
	assert_string_equal(mtr_words_field(arena, "propose.person.citizen_number"), "citizen number");
	assert_string_equal(mtr_words_field(arena, "put_letter.number"), "number of the letter");
	assert_string_equal(mtr_words_field(arena, "decide.approved_ids.3"), "those approved, item 4");
	assert_string_equal(mtr_words_field(arena, "put_person.held.0.unit_code"), "unit, item 1");
	assert_string_equal(mtr_words_field(arena, "something.new"), "new");
	assert_string_equal(mtr_words_field(arena, ""), "");
}

static void test_errors(void **state)
{
	size_t count;
	const struct mtr_error_info *table = mtr_error_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		Mtr__Error error = MTR__ERROR__INIT;
		error.code = table[i].code;
		assert_true(mtr_words_error_known(table[i].code));
		mtr_language_use(MTR_LANGUAGE_ENGLISH, NULL);
		const char *english = mtr_words_error(arena, &error);
		mtr_language_use(MTR_LANGUAGE_VIETNAMESE, NULL);
		const char *vietnamese = mtr_words_error(arena, &error);
		assert_string_not_equal(english, vietnamese);
		assert_null(strchr(english, '{'));
		assert_null(strchr(vietnamese, '{'));
	}
	Mtr__Error unknown = MTR__ERROR__INIT;
	unknown.code = (Mtr__ErrorCode)9999;
	mtr_language_use(MTR_LANGUAGE_ENGLISH, NULL);
	assert_non_null(strstr(mtr_words_error(arena, &unknown), "9999"));
}

static void test_client_errors(void **state)
{
	(void)state;
	for (int error = 0; error < 64; error++) {
		const char *name = mtr_arena_text(arena, mtr_client_error_name(error));
		if (strcmp(name, "UNKNOWN") == 0)
			continue;
		mtr_language_use(MTR_LANGUAGE_VIETNAMESE, NULL);
		if (strcmp(mtr_words_client_error(error), name) == 0)
			fail_msg("the client's error %s has no words", name);
	}
}

static void test_steps(void **state)
{
	size_t count;
	const struct mtr_command_info *commands = mtr_command_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (!mtr_words_step(commands[i].name))
			fail_msg("the command %s has no words", commands[i].name);
	}
}

static void test_standing(void **state)
{
	struct mtr_standing standing = {.state = MTR__STATE__STATE_WAITING, .waiting_position = 2};

	(void)state;
	mtr_language_use(MTR_LANGUAGE_VIETNAMESE, NULL);
	assert_string_equal(mtr_words_standing(arena, &standing), "Chờ chỉ tiêu, thứ 2");
	standing = (struct mtr_standing){.state = MTR__STATE__STATE_SEATED};
	assert_string_equal(mtr_words_standing(arena, &standing), "Trong chỉ tiêu");
	standing.frozen = true;
	assert_string_equal(mtr_words_standing(arena, &standing), "Đã chốt danh sách");
	standing = (struct mtr_standing){.state = MTR__STATE__STATE_COMPLETED,
					 .kind = MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING};
	assert_string_equal(mtr_words_standing(arena, &standing), "Tốt nghiệp");
	standing.kind = MTR__PROGRAMME_KIND__PROGRAMME_KIND_REFRESHER;
	assert_string_equal(mtr_words_standing(arena, &standing), "Hoàn thành");
}

static void test_machine(void **state)
{
	static const struct {
		const char *machine, *words;
		bool time;
	} cases[] = {
		{"STATE_WAITING", "Chờ chỉ tiêu", false},
		{"2025-03-20", "20/03/2025", false},
		{"18..40", "từ 18 đến 40", false},
		{"..40", "nhiều nhất 40", false},
		{"DEGREE_BACHELOR..", "ít nhất đại học", false},
		{"SCHEME_THEORY:3", "lý luận chính trị 3", false},
		{"2024:GRADE_GOOD,2025:GRADE_EXCELLENT",
		 "2024: hoàn thành tốt nhiệm vụ, 2025: hoàn thành xuất sắc nhiệm vụ", false},
		{"2024:,2025:GRADE_GOOD", "2024: không có, 2025: hoàn thành tốt nhiệm vụ", false},
		{"ghi chú:", "ghi chú:", false},
		{"PARTY_MEMBERSHIP_PROBATIONARY", "đảng viên dự bị", false},
		{"true", "có", false},
		{"decide approve", "quyết định cử", false},
		{"1742454300000", "20/03/2025 14:05", true},
		{"HU-TN", "HU-TN", false},
		{"", "", false},
	};

	(void)state;
	mtr_language_use(MTR_LANGUAGE_VIETNAMESE, NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(mtr_words_machine(arena, cases[i].machine, cases[i].time), cases[i].words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),        cmocka_unit_test(test_fields), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_client_errors), cmocka_unit_test(test_steps),  cmocka_unit_test(test_standing),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
