/* The cells of a row. */
#include "contract/date.h"
#include "contract/text.h"
#include "import/import_file.h"
#include "output/csv_write.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/plain.h"
#include "words/vocabulary.h"
#include "words/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool mtr_import_has(const struct mtr_import *import, int field)
{
	return mtr_header_column(&import->header, field) >= 0;
}

char *mtr_import_option(const struct mtr_import *import, const char *name)
{
	const char *text = mtr_text_of(&import->call->arguments, name);
	return mtr_must_text(import->arena, text ? text : "");
}

bool mtr_row_problem(struct mtr_import *import, struct mtr_import_row *row, int field, const char *sentence)
{
	int column = field > 0 ? mtr_header_column(&import->header, field) : -1;

	if (row->problem)
		return false;
	row->problem = column < 0 ? sentence
				  : mtr_must_print(import->arena, _("column “%s”: %s"), import->header.names[column],
						   sentence);
	return false;
}

bool mtr_row_error(struct mtr_import *import, struct mtr_import_row *row, int field, Mtr__ErrorCode code,
		   const char *found)
{
	Mtr__Error error = MTR__ERROR__INIT;
	int column = field > 0 ? mtr_header_column(&import->header, field) : -1;

	error.code = code;
	error.found = mtr_must_text(import->arena, found);
	if (column >= 0)
		error.field = mtr_must_text(import->arena, import->header.names[column]);
	return mtr_row_problem(import, row, 0, mtr_words_error(import->arena, &error));
}

void mtr_row_remark(struct mtr_import *import, struct mtr_import_row *row, const char *remark)
{
	(void)import;
	if (row->remarks->size > 0)
		mtr_growing_text(row->remarks, "; ");
	mtr_growing_text(row->remarks, remark);
}

/* The guard that keeps a spreadsheet from taking the cell for a formula isn't part of it. */
static const char *without_guard(const char *text)
{
	return text[0] == '\'' && mtr_csv_is_formula(text + 1) ? text + 1 : text;
}

const char *mtr_row_text(struct mtr_import *import, struct mtr_import_row *row, int field)
{
	int column = mtr_header_column(&import->header, field);
	unsigned repairs = 0;

	if (column < 0 || (size_t)column >= row->count)
		return "";
	if (row->texts[column])
		return row->texts[column];
	int error = mtr_text_repair(import->arena, without_guard(row->raw[column]), 0, &row->texts[column], &repairs);
	if (error == -EILSEQ) {
		mtr_row_error(import, row, field, MTR__ERROR_CODE__ERROR_CODE_FIELD_NOT_UTF8, "");
		return NULL;
	}
	mtr_must(error ? NULL : import->arena);
	row->repairs |= repairs;
	return row->texts[column];
}

const char *mtr_row_name(struct mtr_import *import, struct mtr_import_row *row, int field)
{
	const char *text = mtr_row_text(import, row, field);

	if (!text || !mtr_looks_legacy(import->arena, text))
		return text;
	mtr_row_problem(import, row, field,
			mtr_must_print(import->arena, _("“%s” looks like TCVN3 or VNI; convert it to Unicode."), text));
	return NULL;
}

bool mtr_row_date(struct mtr_import *import, struct mtr_import_row *row, int field, uint32_t *place)
{
	const char *text = mtr_row_text(import, row, field);

	if (!text)
		return false;
	if (!*text || mtr_date_parse(text, place))
		return true;
	return mtr_row_problem(
		import, row, field,
		mtr_must_print(import->arena, _("“%s” is not a date of the calendar; write dd/mm/yyyy."), text));
}

bool mtr_row_number(struct mtr_import *import, struct mtr_import_row *row, int field, uint64_t most, uint64_t *place)
{
	const char *text = mtr_row_text(import, row, field);
	char *end;

	if (!text || !*text)
		return text != NULL;
	errno = 0;
	unsigned long long number = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : 0;
	if (!isdigit((unsigned char)text[0]) || *end)
		return mtr_row_problem(import, row, field,
				       mtr_must_print(import->arena, _("“%s” is not a whole number."), text));
	if (errno || number > most)
		return mtr_row_problem(import, row, field,
				       mtr_must_print(import->arena,
						      _("%s is out of range; it must be from %lld to %lld."), text, 0LL,
						      (long long)most));
	*place = number;
	return true;
}

bool mtr_row_yes_no(struct mtr_import *import, struct mtr_import_row *row, int field, protobuf_c_boolean *place)
{
	static const char *const yes[] = {"yes", "co", "x", "1", "true", "du", "day du"};
	static const char *const no[] = {"no", "khong", "0", "false", "thieu"};
	const char *text = mtr_row_text(import, row, field);

	if (!text || !*text)
		return text != NULL;
	const char *plain = mtr_plain(import->arena, text);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		if (strcmp(plain, yes[i]) == 0) {
			*place = true;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		if (strcmp(plain, no[i]) == 0) {
			*place = false;
			return true;
		}
	}
	return mtr_row_problem(import, row, field,
			       mtr_must_print(import->arena, _("“%s” is neither yes nor no."), text));
}

/* Labels are tried in the present language; tokens always. */
static bool find_word(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, const char *text, int *ret_value)
{
	const char *plain = mtr_plain(arena, text);
	const char *token = text;

	if (mtr_token_parse(words, token, ret_value))
		return true;
	for (unsigned i = 0; i < words->n_values; i++) {
		int value = words->values[i].value;
		if (value != 0 && strcmp(plain, mtr_plain(arena, mtr_words_value(arena, words, value))) == 0) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

/* What lists write for a value, besides its label: plain text, '|'-separated. */
static const struct {
	const ProtobufCEnumDescriptor *words;
	int value;
	const char *names;
} spoken[] = {
	{&mtr__sex__descriptor, MTR__SEX__SEX_MALE, "nam|m|ong"},
	{&mtr__sex__descriptor, MTR__SEX__SEX_FEMALE, "nu|f|ba"},
	{&mtr__degree__descriptor, MTR__DEGREE__DEGREE_SECONDARY_VOCATIONAL, "trung cap|tc"},
	{&mtr__degree__descriptor, MTR__DEGREE__DEGREE_COLLEGE, "cao dang|cd"},
	{&mtr__degree__descriptor, MTR__DEGREE__DEGREE_BACHELOR, "dai hoc|dh|cu nhan|ky su|bac si"},
	{&mtr__degree__descriptor, MTR__DEGREE__DEGREE_MASTER, "thac si|thac sy|ths"},
	{&mtr__degree__descriptor, MTR__DEGREE__DEGREE_DOCTOR, "tien si|tien sy|ts"},
	{&mtr__category__descriptor, MTR__CATEGORY__CATEGORY_OFFICIAL, "can bo"},
	{&mtr__category__descriptor, MTR__CATEGORY__CATEGORY_CIVIL_SERVANT, "cong chuc"},
	{&mtr__category__descriptor, MTR__CATEGORY__CATEGORY_PUBLIC_EMPLOYEE, "vien chuc"},
	{&mtr__category__descriptor, MTR__CATEGORY__CATEGORY_COMMUNE_WORKER,
	 "khong chuyen trach|nguoi hoat dong khong chuyen trach"},
	{&mtr__category__descriptor, MTR__CATEGORY__CATEGORY_ARMED_FORCES, "luc luong vu trang|quan doi|cong an"},
	{&mtr__category__descriptor, MTR__CATEGORY__CATEGORY_ENTERPRISE, "doanh nghiep"},
	{&mtr__party_membership__descriptor, MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_PROBATIONARY,
	 "du bi|dang vien du bi"},
	{&mtr__party_membership__descriptor, MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL,
	 "chinh thuc|dang vien chinh thuc|dang vien"},
	{&mtr__grade__descriptor, MTR__GRADE__GRADE_NOT_COMPLETED, "khong hoan thanh nhiem vu|khong hoan thanh"},
	{&mtr__grade__descriptor, MTR__GRADE__GRADE_COMPLETED, "hoan thanh nhiem vu|hoan thanh|htnv"},
	{&mtr__grade__descriptor, MTR__GRADE__GRADE_GOOD, "hoan thanh tot nhiem vu|hoan thanh tot|httnv|htt"},
	{&mtr__grade__descriptor, MTR__GRADE__GRADE_EXCELLENT,
	 "hoan thanh xuat sac nhiem vu|hoan thanh xuat sac|htxsnv|htxs"},
	{&mtr__programme_kind__descriptor, MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING, "dao tao"},
	{&mtr__programme_kind__descriptor, MTR__PROGRAMME_KIND__PROGRAMME_KIND_REFRESHER, "boi duong"},
	{&mtr__mode__descriptor, MTR__MODE__MODE_FULL_TIME, "tap trung"},
	{&mtr__mode__descriptor, MTR__MODE__MODE_PART_TIME, "khong tap trung|vua lam vua hoc"},
};

static bool find_spoken(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, const char *text, int *ret_value)
{
	const char *plain = mtr_plain(arena, text);

	for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++) {
		if (spoken[i].words == words && mtr_is_named(spoken[i].names, plain)) {
			*ret_value = spoken[i].value;
			return true;
		}
	}
	return false;
}

bool mtr_row_word(struct mtr_import *import, struct mtr_import_row *row, int field,
		  const ProtobufCEnumDescriptor *words, int *place)
{
	const char *text = mtr_row_text(import, row, field);

	if (!text || !*text)
		return text != NULL;
	if (find_word(import->arena, words, text, place) || find_spoken(import->arena, words, text, place))
		return true;
	return mtr_row_problem(import, row, field,
			       mtr_must_print(import->arena, _("there is no “%s”; it is one of: %s."), text,
					      mtr_tokens(import->arena, words, ", ")));
}
