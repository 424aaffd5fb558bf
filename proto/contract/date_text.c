#include "contract/date.h"

#include <stdio.h>
#include <string.h>

struct number {
	uint32_t value;
	uint32_t digits;
};

/* Up to three numbers parted by one and the same mark; 0 when `text` is anything else. */
static uint32_t split(const char *text, struct number numbers[3], char *ret_mark)
{
	uint32_t count = 0;
	char mark = 0;

	for (;;) {
		struct number number = {0};

		for (; *text >= '0' && *text <= '9' && number.digits <= 4; text++, number.digits++)
			number.value = number.value * 10 + (uint32_t)(*text - '0');
		if (number.digits == 0 || number.digits > 4)
			return 0;
		numbers[count++] = number;
		if (*text == 0)
			break;
		if (count == 3 || (*text != '/' && *text != '-') || (mark && *text != mark))
			return 0;
		mark = *text++;
	}
	*ret_mark = mark;
	return count;
}

bool mtr_date_parse(const char *text, uint32_t *ret_date)
{
	struct number numbers[3], day = {0}, month = {0}, year;
	char mark;
	uint32_t count = split(text, numbers, &mark);

	if (count == 0)
		return false;
	if (mark == '-') { /* ISO 8601: two digits each */
		year = numbers[0];
		month = numbers[1];
		day = count == 3 ? numbers[2] : day;
		if (month.digits != 2 || (count == 3 && day.digits != 2))
			return false;
	} else {
		year = numbers[count - 1];
		month = count >= 2 ? numbers[count - 2] : month;
		day = count == 3 ? numbers[0] : day;
		if (month.digits > 2 || day.digits > 2)
			return false;
	}
	if (year.digits != 4 || (count >= 2 && month.value == 0) || (count == 3 && day.value == 0))
		return false;

	uint32_t date = year.value * 10000 + month.value * 100 + day.value;

	if (month.value > 12 || day.value > 31 || !mtr_date_valid(date, true))
		return false;
	*ret_date = date;
	return true;
}

const char *mtr_date_format(uint32_t date, char text[MTR_DATE_TEXT])
{
	uint32_t year = date / 10000 % 10000, month = date / 100 % 100, day = date % 100;

	if (!mtr_date_valid(date, true))
		text[0] = 0;
	else if (month == 0)
		snprintf(text, MTR_DATE_TEXT, "%04u", year);
	else if (day == 0)
		snprintf(text, MTR_DATE_TEXT, "%02u/%04u", month, year);
	else
		snprintf(text, MTR_DATE_TEXT, "%02u/%02u/%04u", day, month, year);
	return text;
}

const char *mtr_date_format_iso(uint32_t date, char text[MTR_DATE_TEXT])
{
	uint32_t year = date / 10000 % 10000, month = date / 100 % 100, day = date % 100;

	if (!mtr_date_valid(date, true))
		text[0] = 0;
	else if (month == 0)
		snprintf(text, MTR_DATE_TEXT, "%04u", year);
	else if (day == 0)
		snprintf(text, MTR_DATE_TEXT, "%04u-%02u", year, month);
	else
		snprintf(text, MTR_DATE_TEXT, "%04u-%02u-%02u", year, month, day);
	return text;
}
