#include "contract/errors.h"

#define ROW(name, kind)                                                                                                \
	{                                                                                                              \
		MTR__ERROR_CODE__ERROR_CODE_##name, #name, MTR_ERROR_##kind                                            \
	}

/* In order of code: found by bisection. */
static const struct mtr_error_info table[] = {
	ROW(MALFORMED, HALT),
	ROW(TOO_LARGE, HALT),
	ROW(UNKNOWN_REQUEST, HALT),
	ROW(UNKNOWN_COMMAND, FINAL),
	ROW(VERSION_UNSUPPORTED, RETRY),
	ROW(HELLO_REQUIRED, RETRY),
	ROW(NOT_REGISTERED, RETRY),
	ROW(REVOKED, RETRY),
	ROW(BUSY, RETRY),
	ROW(STOPPING, RETRY),
	ROW(AHEAD_OF_REGISTER, RETRY),
	ROW(CURSOR_INVALID, HALT),
	ROW(TIMED_OUT, RETRY),
	ROW(STORAGE_FULL, RETRY),
	ROW(SEQUENCE_GAP, RETRY),
	ROW(SEQUENCE_CONTENTS, HALT),
	ROW(OUTBOX_OUTDATED, HALT),
	ROW(OUTBOX_FORKED, HALT),
	ROW(OUTBOX_FOREIGN, HALT),
	ROW(RECONCILING, RETRY),
	ROW(OUTBOX_CLOSED, HALT),
	ROW(ROLE_REFUSED, FINAL),
	ROW(OUT_OF_SCOPE, FINAL),
	ROW(NOT_MANAGING_BODY, FINAL),
	ROW(FIELD_MISSING, FINAL),
	ROW(FIELD_TOO_LONG, FINAL),
	ROW(FIELD_NOT_UTF8, FINAL),
	ROW(FIELD_NOT_NFC, FINAL),
	ROW(FIELD_LOOKALIKE, FINAL),
	ROW(FIELD_CHARACTER, FINAL),
	ROW(FIELD_FORMAT, FINAL),
	ROW(FIELD_RANGE, FINAL),
	ROW(FIELD_VALUE, FINAL),
	ROW(TOO_MANY_ITEMS, FINAL),
	ROW(DATE_INVALID, FINAL),
	ROW(DATE_FUTURE, FINAL),
	ROW(CITIZEN_NUMBER_LENGTH, FINAL),
	ROW(CITIZEN_NUMBER_DIGITS, FINAL),
	ROW(CITIZEN_NUMBER_PLACE, FINAL),
	ROW(CITIZEN_NUMBER_SEX, FINAL),
	ROW(CITIZEN_NUMBER_BIRTH, FINAL),
	ROW(CITIZEN_NUMBER_TAKEN, FINAL),
	ROW(PARTICULARS_DIFFER, FINAL),
	ROW(UNKNOWN_UNIT, FINAL),
	ROW(UNKNOWN_PROGRAMME, FINAL),
	ROW(UNKNOWN_PLAN, FINAL),
	ROW(UNKNOWN_TITLE, FINAL),
	ROW(UNKNOWN_PERSON, FINAL),
	ROW(AMBIGUOUS_PERSON, FINAL),
	ROW(UNKNOWN_NOMINATION, FINAL),
	ROW(UNKNOWN_LETTER, FINAL),
	ROW(UNKNOWN_CLASS, FINAL),
	ROW(UNKNOWN_PRINCIPAL, FINAL),
	ROW(CODE_TAKEN, FINAL),
	ROW(KEY_TAKEN, FINAL),
	ROW(UNIT_CYCLE, FINAL),
	ROW(UNIT_DISSOLVED, FINAL),
	ROW(UNIT_IN_USE, FINAL),
	ROW(LAST_OPERATOR, FINAL),
	ROW(WINDOW_NOT_OPEN, FINAL),
	ROW(WINDOW_CLOSED, FINAL),
	ROW(NOT_ELIGIBLE, FINAL),
	ROW(ALREADY_NOMINATED, FINAL),
	ROW(ALREADY_NOMINATED_ELSEWHERE, FINAL),
	ROW(STANDARD_ALREADY_HELD, FINAL),
	ROW(SEATS_OVER_PROGRAMME, FINAL),
	ROW(SEATS_OVER_LEFT, FINAL),
	ROW(LIST_FROZEN, FINAL),
	ROW(LIST_NOT_FROZEN, FINAL),
	ROW(LETTER_REQUIRED, FINAL),
	ROW(TRANSITION_REFUSED, FINAL),
	ROW(SUPPLEMENTARY_REQUIRED, FINAL),
	ROW(APPROVAL_REQUIRED, FINAL),
	ROW(CLASS_FULL, FINAL),
	ROW(CLASS_CLOSED, FINAL),
	ROW(WRONG_PROGRAMME, FINAL),
	ROW(NOT_VETTED, FINAL),
	ROW(DOCUMENT_REQUIRED, FINAL),
	ROW(SESSION_CONFLICT, FINAL),
	ROW(PERSON_REDACTED, FINAL),
	ROW(NOMINATION_OPEN, FINAL),
	ROW(ANSWER_REDACTED, FINAL),
	ROW(NOT_RECONCILING, FINAL),
};

#define ROWS (sizeof table / sizeof *table)

const struct mtr_error_info *mtr_error_info(Mtr__ErrorCode code)
{
	size_t low = 0, high = ROWS;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table[middle].code == code)
			return &table[middle];
		if (table[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *mtr_error_name(Mtr__ErrorCode code)
{
	const struct mtr_error_info *info = mtr_error_info(code);

	return info ? info->name : "UNKNOWN";
}

enum mtr_error_class mtr_error_class(Mtr__ErrorCode code)
{
	const struct mtr_error_info *info = mtr_error_info(code);

	return info ? info->kind : MTR_ERROR_HALT;
}

const struct mtr_error_info *mtr_error_table(size_t *ret_count)
{
	*ret_count = ROWS;
	return table;
}
