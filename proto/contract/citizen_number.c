#include "contract/citizen_number.h"

#include "contract/date.h"

#include <string.h>

#define PLACE_MAX 96u

static uint32_t digits(const char *text, size_t count)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value * 10 + (uint32_t)(text[i] - '0');
	return value;
}

Mtr__Sex mtr_citizen_number_sex(const char *number)
{
	return digits(number + 3, 1) % 2 ? MTR__SEX__SEX_FEMALE : MTR__SEX__SEX_MALE;
}

uint32_t mtr_citizen_number_birth_year(const char *number)
{
	return 1900 + 100 * (digits(number + 3, 1) / 2) + digits(number + 4, 2);
}

Mtr__ErrorCode mtr_citizen_number_check(const char *number, Mtr__Sex sex, uint32_t birth)
{
	if (strnlen(number, MTR_CITIZEN_NUMBER_DIGITS + 1) != MTR_CITIZEN_NUMBER_DIGITS)
		return MTR__ERROR_CODE__ERROR_CODE_CITIZEN_NUMBER_LENGTH;
	for (size_t i = 0; i < MTR_CITIZEN_NUMBER_DIGITS; i++)
		if (number[i] < '0' || number[i] > '9')
			return MTR__ERROR_CODE__ERROR_CODE_CITIZEN_NUMBER_DIGITS;
	if (digits(number, 3) == 0 || digits(number, 3) > PLACE_MAX)
		return MTR__ERROR_CODE__ERROR_CODE_CITIZEN_NUMBER_PLACE;
	if (sex != MTR__SEX__SEX_UNSPECIFIED && sex != mtr_citizen_number_sex(number))
		return MTR__ERROR_CODE__ERROR_CODE_CITIZEN_NUMBER_SEX;
	if (birth != 0 && mtr_date_year(birth) != mtr_citizen_number_birth_year(number))
		return MTR__ERROR_CODE__ERROR_CODE_CITIZEN_NUMBER_BIRTH;
	return MTR__ERROR_CODE__ERROR_CODE_NONE;
}
