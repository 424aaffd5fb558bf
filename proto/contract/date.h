/* Dates as the register keeps them: uint32 in the decimal form yyyymmdd; 0 is "not given". Month and day, or the day,
 * may be 00 where a document gives no more (a partial date). Days are those of Asia/Ho_Chi_Minh, which is UTC+7
 * all year. */
#ifndef MTR_CONTRACT_DATE_H
#define MTR_CONTRACT_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MTR_YEAR_MIN 1900u
#define MTR_YEAR_MAX 2199u
#define MTR_DATE_TEXT 11 /* "31/12/2025" and its terminating zero */

/* A day of the calendar between the years above; with `partial` also yyyymm00 and yyyy0000. 0 isn't valid. */
bool mtr_date_valid(uint32_t date, bool partial);

/* True if the date, as far as it is known, lies wholly after `day`. */
bool mtr_date_is_after(uint32_t date, uint32_t day);

/* Reads dd/mm/yyyy (also d/m/yyyy), mm/yyyy, yyyy, yyyy-mm-dd, yyyy-mm; nothing before or after it.
 * False, and the output untouched, when it is none of these or no valid (partial) date. */
bool mtr_date_parse(const char *text, uint32_t *ret_date);

/* "20/03/2025", "03/2025" or "2025"; "" for 0 or an invalid date. Returns `text`. */
const char *mtr_date_format(uint32_t date, char text[MTR_DATE_TEXT]);
/* "2025-03-20", "2025-03" or "2025"; "" for 0 or an invalid date. Returns `text`. */
const char *mtr_date_format_iso(uint32_t date, char text[MTR_DATE_TEXT]);

/* The day at a time in ms since 1970 UTC; the last day of MTR_YEAR_MAX for times beyond it. */
uint32_t mtr_date_of_ms(uint64_t ms);
/* First and last ms of a day. False, and the output untouched, when it isn't a full valid date from 1970-01-02 on. */
bool mtr_date_start_ms(uint32_t date, uint64_t *ret_ms);
bool mtr_date_end_ms(uint32_t date, uint64_t *ret_ms);

/* 0 for date 0. */
uint32_t mtr_date_year(uint32_t date);

/* Whole years, 0 when the birth lies after. By year: years between the two years. At a date: completed years; a
 * month or day of birth that isn't known counts as the first. `birth` and `day` are valid, `day` full. */
uint32_t mtr_age_by_year(uint32_t birth, uint32_t day);
uint32_t mtr_age_at(uint32_t birth, uint32_t day);

/* Days since 1970-01-01 of a full valid date; earlier ones are negative. */
int32_t mtr_date_day_number(uint32_t date);
/* The date so many days later (or earlier); 0 beyond the years above. `date` is full and valid. */
uint32_t mtr_date_add_days(uint32_t date, int32_t days);

/* True if the days from..to (inclusive) have one in common. A date of 0 isn't known: then it is false. */
bool mtr_date_overlap(uint32_t x_from, uint32_t x_to, uint32_t y_from, uint32_t y_to);

#endif
