/* The grammar of codes, by which people name units, titles, plans, programmes and classes: 2 to 32 of A-Z, 0-9 and
 * hyphens, neither first nor last a hyphen. */
#ifndef MTR_CONTRACT_CODE_H
#define MTR_CONTRACT_CODE_H

#include "matricula/v1/errors.pb-c.h"

/* ERROR_CODE_NONE, FIELD_MISSING (empty), FIELD_TOO_LONG or FIELD_FORMAT. */
Mtr__ErrorCode mtr_code_check(const char *code);

#endif
