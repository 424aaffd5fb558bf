#include "contract/code.h"

#include "contract/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool allowed(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

Mtr__ErrorCode mtr_code_check(const char *code)
{
	size_t size = strnlen(code, MTR_CODE_MAX + 1);

	if (size == 0)
		return MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING;
	if (size > MTR_CODE_MAX)
		return MTR__ERROR_CODE__ERROR_CODE_FIELD_TOO_LONG;
	if (size < 2 || code[0] == '-' || code[size - 1] == '-')
		return MTR__ERROR_CODE__ERROR_CODE_FIELD_FORMAT;
	for (size_t i = 0; i < size; i++)
		if (!allowed(code[i]))
			return MTR__ERROR_CODE__ERROR_CODE_FIELD_FORMAT;
	return MTR__ERROR_CODE__ERROR_CODE_NONE;
}
