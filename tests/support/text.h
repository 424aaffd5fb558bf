/* Literals as fields of messages. */
#ifndef TESTS_SUPPORT_TEXT_H
#define TESTS_SUPPORT_TEXT_H

#include <stdint.h>

/* protobuf-c has no const; packing only reads. */
static inline char *text(const char *literal)
{
	return (char *)(uintptr_t)literal;
}

#endif
