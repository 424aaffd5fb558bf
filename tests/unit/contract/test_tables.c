#include "contract/commands.h"
#include "contract/errors.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/queries.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define PREFIX "ERROR_CODE_"

static void every_error_code_has_a_row(void **state)
{
	const ProtobufCEnumDescriptor *descriptor = &mtr__error_code__descriptor;
	size_t count;

	(void)state;
	mtr_error_table(&count);
	assert_int_equal(count, descriptor->n_values - 1);
	for (unsigned i = 0; i < descriptor->n_values; i++) {
		const ProtobufCEnumValue *value = &descriptor->values[i];
		const struct mtr_error_info *info = mtr_error_info((Mtr__ErrorCode)value->value);

		if (value->value == MTR__ERROR_CODE__ERROR_CODE_NONE) {
			assert_null(info);
			continue;
		}
		assert_non_null(info);
		assert_int_equal(info->code, value->value);
		assert_string_equal(info->name, value->name + strlen(PREFIX));
		assert_string_equal(mtr_error_name(info->code), info->name);
	}
}

static void classes_are_as_the_protocol_says(void **state)
{
	size_t count, retry = 0, halt = 0;
	const struct mtr_error_info *table = mtr_error_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		retry += table[i].kind == MTR_ERROR_RETRY;
		halt += table[i].kind == MTR_ERROR_HALT;
	}
	assert_int_equal(retry, 11);
	assert_int_equal(halt, 9);
	assert_int_equal(mtr_error_class(MTR__ERROR_CODE__ERROR_CODE_BUSY), MTR_ERROR_RETRY);
	assert_int_equal(mtr_error_class(MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP), MTR_ERROR_RETRY);
	assert_int_equal(mtr_error_class(MTR__ERROR_CODE__ERROR_CODE_REVOKED), MTR_ERROR_RETRY);
	assert_int_equal(mtr_error_class(MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED), MTR_ERROR_HALT);
	assert_int_equal(mtr_error_class(MTR__ERROR_CODE__ERROR_CODE_MALFORMED), MTR_ERROR_HALT);
	assert_int_equal(mtr_error_class(MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_COMMAND), MTR_ERROR_FINAL);
	assert_int_equal(mtr_error_class(MTR__ERROR_CODE__ERROR_CODE_SEATS_OVER_LEFT), MTR_ERROR_FINAL);
}

static void codes_of_another_version_are_unknown(void **state)
{
	static const int codes[] = {-1, 15, 19, 27, 29, 59, 79, 103, 109, 1000000, INT32_MAX, INT32_MIN};

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		assert_null(mtr_error_info((Mtr__ErrorCode)codes[i]));
		assert_string_equal(mtr_error_name((Mtr__ErrorCode)codes[i]), "UNKNOWN");
		assert_int_equal(mtr_error_class((Mtr__ErrorCode)codes[i]), MTR_ERROR_HALT);
	}
}

struct half {
	const ProtobufCMessageDescriptor *message;
	const struct mtr_command_info *table;
	size_t count;
	const struct mtr_command_info *(*by_tag)(uint32_t tag);
	const struct mtr_command_info *(*by_name)(const char *name);
};

/* What the register writes itself: has a name, and nobody may send it. */
static bool is_record(const struct half *half, const ProtobufCFieldDescriptor *field)
{
	const struct mtr_command_info *info = half->by_tag(field->id);

	if (!info || info->roles)
		return false;
	assert_ptr_equal(half->message, &mtr__command__descriptor);
	assert_string_equal(info->name, field->name);
	assert_null(half->by_name(field->name));
	return true;
}

/* Every member of the oneof "body" has its row, in order, and there are no others. */
static void check_half(const struct half *half)
{
	size_t row = 0;

	for (unsigned i = 0; i < half->message->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &half->message->fields[i];

		if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) || is_record(half, field))
			continue;
		assert_true(row < half->count);
		assert_int_equal(half->table[row].tag, field->id);
		assert_string_equal(half->table[row].name, field->name);
		assert_ptr_equal(half->by_tag(field->id), &half->table[row]);
		assert_ptr_equal(half->by_name(field->name), &half->table[row]);
		assert_int_not_equal(half->table[row].roles, 0);
		row++;
	}
	assert_int_equal(row, half->count);
	assert_null(half->by_tag(0));
	assert_null(half->by_tag(half->table[0].tag - 1));
	assert_null(half->by_tag(half->table[half->count - 1].tag + 1));
	assert_null(half->by_tag(UINT32_MAX));
	assert_null(half->by_name(NULL));
	assert_null(half->by_name(""));
	assert_null(half->by_name("Propose"));
}

static void tables_hold_what_the_messages_hold(void **state)
{
	struct half commands = {&mtr__command__descriptor, NULL, 0, mtr_command_by_tag, mtr_command_by_name};
	struct half queries = {&mtr__query__descriptor, NULL, 0, mtr_query_by_tag, mtr_query_by_name};

	(void)state;
	commands.table = mtr_command_table(&commands.count);
	queries.table = mtr_query_table(&queries.count);
	check_half(&commands);
	check_half(&queries);
}

static const char *who_may(const char *command, char text[8])
{
	static const char letters[] = "?NOASUP"; /* nominator, organiser, approver, school, auditor, operator */
	const struct mtr_command_info *info = mtr_command_by_name(command);
	size_t size = 0;

	assert_non_null(info);
	for (unsigned role = MTR__ROLE__ROLE_NOMINATOR; role <= MTR__ROLE__ROLE_OPERATOR; role++)
		if (mtr_command_allows(info, (Mtr__Role)role))
			text[size++] = letters[role];
	text[size] = 0;
	return text;
}

static void roles_are_those_of_the_rules(void **state)
{
	static const struct {
		const char *command, *roles;
	} rows[] = {
		{"put_unit", "P"},    {"dissolve_unit", "P"}, {"put_principal", "P"},    {"revoke_principal", "P"},
		{"put_title", "O"},   {"put_person", "NO"},   {"put_plan", "O"},         {"put_programme", "O"},
		{"allocate", "O"},    {"transfer", "O"},      {"register_demand", "N"},  {"return_seats", "NO"},
		{"put_letter", "N"},  {"propose", "N"},       {"withdraw", "N"},         {"substitute", "N"},
		{"settle_late", "O"}, {"vet", "O"},           {"freeze", "O"},           {"decide", "A"},
		{"forward", "O"},     {"open_class", "OS"},   {"summon", "OS"},          {"enrol", "S"},
		{"close_class", "S"}, {"redact", "P"},        {"close_outbox", "NOASP"}, {"end_reconciliation", "P"},
	};
	char text[8];
	size_t count;

	(void)state;
	mtr_command_table(&count);
	assert_int_equal(count, sizeof rows / sizeof *rows);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(who_may(rows[i].command, text), rows[i].roles);
}

static void nobody_without_a_role_may_anything(void **state)
{
	static const int roles[] = {0, 7, 31, 32, 33, -1, INT32_MAX};
	size_t count;
	const struct mtr_command_info *table = mtr_command_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < sizeof roles / sizeof *roles; j++)
			assert_false(mtr_command_allows(&table[i], (Mtr__Role)roles[j]));
		assert_false(mtr_command_allows(&table[i], MTR__ROLE__ROLE_AUDITOR));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_code_has_a_row),
		cmocka_unit_test(classes_are_as_the_protocol_says),
		cmocka_unit_test(codes_of_another_version_are_unknown),
		cmocka_unit_test(tables_hold_what_the_messages_hold),
		cmocka_unit_test(roles_are_those_of_the_rules),
		cmocka_unit_test(nobody_without_a_role_may_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
