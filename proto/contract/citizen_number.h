/* The citizen number (số định danh cá nhân, CCCD). Its structure is that of Thông tư 59/2021/TT-BCA:
 *
 *   001 0 75 123456
 *   |   | |  random
 *   |   | last two digits of the year of birth
 *   |   century and sex: 0 male, 1 female 1900-1999; 2, 3 2000-2099; … 8, 9 2300-2399
 *   place where the birth was registered: 001 to 096, of the 63 provinces of the time
 *
 * There is no check digit. It is text, never a number: leading zeros count. */
#ifndef MTR_CONTRACT_CITIZEN_NUMBER_H
#define MTR_CONTRACT_CITIZEN_NUMBER_H

#include "matricula/v1/errors.pb-c.h"

#include <stdint.h>

#define MTR_CITIZEN_NUMBER_DIGITS 12u

/* Checks the number, and that it agrees with what is known of its holder: `sex` may be unspecified; of `birth` only
 * the year counts, 0 is not known. ERROR_CODE_NONE, or CITIZEN_NUMBER_LENGTH (not 12 bytes), _DIGITS, _PLACE, _SEX,
 * _BIRTH, in this order. */
Mtr__ErrorCode mtr_citizen_number_check(const char *number, Mtr__Sex sex, uint32_t birth);

/* What a number that passed the check says. */
Mtr__Sex mtr_citizen_number_sex(const char *number);
uint32_t mtr_citizen_number_birth_year(const char *number);

#endif
