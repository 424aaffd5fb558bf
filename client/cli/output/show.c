#include "output/show.h"
#include "contract/date.h"
#include "program/must.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS 86400000u
/* UTC+7 all year. */
#define OFFSET_MS (7u * 3600000u)

const char *mtr_show_time(struct mtr_arena *arena, uint64_t ms)
{
	char day[MTR_DATE_TEXT];

	if (ms == 0)
		return "";
	unsigned minutes = (unsigned)((ms + OFFSET_MS) % DAY_MS / 60000);
	return mtr_must_print(arena, "%s %02u:%02u", mtr_date_format(mtr_date_of_ms(ms), day), minutes / 60,
			      minutes % 60);
}

const char *mtr_show_time_iso(struct mtr_arena *arena, uint64_t ms)
{
	char day[MTR_DATE_TEXT];
	uint32_t utc_date = mtr_date_of_ms(ms);

	if (ms == 0)
		return "";
	/* From 17:00 UTC on it is already the next day there. */
	if (ms % DAY_MS >= DAY_MS - OFFSET_MS)
		utc_date = mtr_date_add_days(utc_date, -1);
	unsigned of_day = (unsigned)(ms % DAY_MS);
	return mtr_must_print(arena, "%sT%02u:%02u:%02u.%03uZ", mtr_date_format_iso(utc_date, day), of_day / 3600000,
			      of_day / 60000 % 60, of_day / 1000 % 60, of_day % 1000);
}

const char *mtr_show_money(struct mtr_arena *arena, uint64_t dong)
{
	char digits[24];
	int size = snprintf(digits, sizeof digits, "%" PRIu64, dong);
	char *text = mtr_must_alloc(arena, sizeof digits + 8);
	char *out = text;

	for (int i = 0; i < size; i++) {
		if (i > 0 && (size - i) % 3 == 0)
			*out++ = '.';
		*out++ = digits[i];
	}
	*out = '\0';
	return text;
}
