/* The minimal daemon's frames: fixed bytes, no protobuf. */
#ifndef BENCH_MINIMAL_WIRE_H
#define BENCH_MINIMAL_WIRE_H

#include <stdint.h>

struct minimal_request {
	uint8_t tag[8];
	uint8_t person[16];
	uint8_t unit[4];
	uint8_t text[172]; /* 200 bytes in all */
};

enum minimal_result {
	MINIMAL_ACCEPTED,
	MINIMAL_DUPLICATE,
	MINIMAL_SPENT,
};

struct minimal_answer {
	uint8_t tag[8]; /* the request's */
	uint8_t result; /* enum minimal_result */
	uint8_t pad[7];
	uint8_t id[8], limit[8], used[8], rest[8];
};

#endif
