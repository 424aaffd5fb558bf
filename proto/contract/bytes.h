/* A run of bytes that belongs to somebody else. */
#ifndef MTR_CONTRACT_BYTES_H
#define MTR_CONTRACT_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct mtr_bytes {
	const uint8_t *data;
	size_t size;
};

#endif
