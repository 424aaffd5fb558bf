/* What the rows' numbers are called: fetched when the first name is asked for, kept for the call. */
#ifndef MTR_CLI_DIRECTORY_H
#define MTR_CLI_DIRECTORY_H

#include "matricula/v1/entities.pb-c.h"
#include "program/call.h"

#include <stdint.h>

void mtr_directory_free(struct mtr_directory **directory);

/* The row with this number; NULL for 0, one that isn't in scope, or when the list can't be had (which was said). */
const Mtr__Unit *mtr_directory_unit(struct mtr_call *call, uint32_t id);
const Mtr__Title *mtr_directory_title(struct mtr_call *call, uint32_t id);
const Mtr__Plan *mtr_directory_plan(struct mtr_call *call, uint32_t id);
const Mtr__Programme *mtr_directory_programme(struct mtr_call *call, uint32_t id);
const Mtr__Class *mtr_directory_class(struct mtr_call *call, uint32_t id);

/* The code of a row; "" for 0, "#7" for one that isn't known. */
const char *mtr_code_of_unit(struct mtr_call *call, uint32_t id);
const char *mtr_code_of_title(struct mtr_call *call, uint32_t id);
const char *mtr_code_of_plan(struct mtr_call *call, uint32_t id);
const char *mtr_code_of_programme(struct mtr_call *call, uint32_t id);
const char *mtr_code_of_class(struct mtr_call *call, uint32_t id);

/* The name of a unit or title, else as mtr_code_of_.... */
const char *mtr_name_of_unit(struct mtr_call *call, uint32_t id);
const char *mtr_name_of_title(struct mtr_call *call, uint32_t id);

/* The code of the unit or title with this plain (plain.h) name; NULL when there is none. *ret_certain is false when
 * there are several. */
const char *mtr_unit_by_name(struct mtr_call *call, const char *plain, bool *ret_certain);
const char *mtr_title_by_name(struct mtr_call *call, const char *plain, bool *ret_certain);

/* The row with this code; NULL when there is none in scope. MTR_EXIT_OK also then; else the list couldn't be had. */
int mtr_find_unit(struct mtr_call *call, const char *code, const Mtr__Unit **ret_unit);
int mtr_find_title(struct mtr_call *call, const char *code, const Mtr__Title **ret_title);
int mtr_find_plan(struct mtr_call *call, const char *code, const Mtr__Plan **ret_plan);
int mtr_find_programme(struct mtr_call *call, const char *code, const Mtr__Programme **ret_programme);

#endif
