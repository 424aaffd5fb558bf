/* What the client answered with --output json, read back. */
#ifndef DEMO_ANSWER_H
#define DEMO_ANSWER_H

#include <jansson.h>
#include <stddef.h>

/* The rows of directory/name: one array, or several answers one after the other. Freed by json_decref. */
json_t *answer_read(const char *directory, const char *name);
/* A number of a row; 0 when it is null. A row without that key ends the program. */
long long answer_number(const json_t *row, const char *key);
/* A text of a row; "" when it is null. */
const char *answer_text(const json_t *row, const char *key);

__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

#endif
