/* The plan at a glance: a line and a bar for each programme. */
#ifndef DEMO_PLAN_TABLE_H
#define DEMO_PLAN_TABLE_H

#include <jansson.h>

/* Of the rows of `quota show --plan`. */
void plan_table(const json_t *programmes);

#endif
