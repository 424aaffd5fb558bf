#include "contract/date.h"

#define MS_A_DAY (24u * 60u * 60u * 1000u)
#define MS_AHEAD_OF_UTC (7u * 60u * 60u * 1000u)

static uint32_t month_of(uint32_t date)
{
	return date / 100 % 100;
}

static uint32_t day_of(uint32_t date)
{
	return date % 100;
}

static uint32_t make(uint32_t year, uint32_t month, uint32_t day)
{
	return year * 10000 + month * 100 + day;
}

static bool leap(uint32_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t days_in_month(uint32_t year, uint32_t month)
{
	static const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && leap(year) ? 1u : 0u);
}

uint32_t mtr_date_year(uint32_t date)
{
	return date / 10000;
}

bool mtr_date_valid(uint32_t date, bool partial)
{
	uint32_t year = mtr_date_year(date), month = month_of(date), day = day_of(date);

	if (year < MTR_YEAR_MIN || year > MTR_YEAR_MAX || month > 12)
		return false;
	if (month == 0)
		return partial && day == 0;
	if (day == 0)
		return partial;
	return day <= days_in_month(year, month);
}

bool mtr_date_is_after(uint32_t date, uint32_t day)
{
	if (month_of(date) == 0)
		return mtr_date_year(date) > mtr_date_year(day);
	if (day_of(date) == 0)
		return date / 100 > day / 100;
	return date > day;
}

/* The algorithm counts years from March, so that the leap day is a year's last. */
int32_t mtr_date_day_number(uint32_t date)
{
	int32_t month = (int32_t)month_of(date), day = (int32_t)day_of(date);
	int32_t year = (int32_t)mtr_date_year(date) - (month <= 2);
	int32_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

static uint32_t from_day_number(int32_t number)
{
	uint32_t days = (uint32_t)(number + 719468), era = days / 146097, day_of_era = days % 146097;
	uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	uint32_t shifted = (5 * day_of_year + 2) / 153;
	uint32_t month = shifted < 10 ? shifted + 3 : shifted - 9;

	return make(era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1);
}

uint32_t mtr_date_add_days(uint32_t date, int32_t days)
{
	int64_t number = (int64_t)mtr_date_day_number(date) + days;

	if (number < mtr_date_day_number(make(MTR_YEAR_MIN, 1, 1)) ||
	    number > mtr_date_day_number(make(MTR_YEAR_MAX, 12, 31)))
		return 0;
	return from_day_number((int32_t)number);
}

uint32_t mtr_date_of_ms(uint64_t ms)
{
	uint32_t last = make(MTR_YEAR_MAX, 12, 31);
	uint64_t day = ms / MS_A_DAY + (ms % MS_A_DAY + MS_AHEAD_OF_UTC) / MS_A_DAY;

	if (day > (uint64_t)mtr_date_day_number(last))
		return last;
	return from_day_number((int32_t)day);
}

bool mtr_date_start_ms(uint32_t date, uint64_t *ret_ms)
{
	int32_t number = mtr_date_valid(date, false) ? mtr_date_day_number(date) : 0;

	if (number <= 0)
		return false;
	*ret_ms = (uint64_t)number * MS_A_DAY - MS_AHEAD_OF_UTC;
	return true;
}

bool mtr_date_end_ms(uint32_t date, uint64_t *ret_ms)
{
	if (!mtr_date_start_ms(date, ret_ms))
		return false;
	*ret_ms += MS_A_DAY - 1;
	return true;
}

uint32_t mtr_age_by_year(uint32_t birth, uint32_t day)
{
	uint32_t born = mtr_date_year(birth), now = mtr_date_year(day);

	return born < now ? now - born : 0;
}

uint32_t mtr_age_at(uint32_t birth, uint32_t day)
{
	uint32_t years = mtr_age_by_year(birth, day);

	return years > 0 && birth % 10000 > day % 10000 ? years - 1 : years;
}

bool mtr_date_overlap(uint32_t x_from, uint32_t x_to, uint32_t y_from, uint32_t y_to)
{
	return x_from && x_to && y_from && y_to && x_from <= y_to && y_from <= x_to;
}
