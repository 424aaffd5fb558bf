/* CRC-32C (Castagnoli). Of our own because no library we link has it: zlib's CRC-32 is the weaker polynomial for
 * frames of this length, and a library for eight lines of loop would be one more to keep. */
#ifndef MTR_CONTRACT_CRC32C_H
#define MTR_CONTRACT_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Continues `crc` (0 at first) over `size` bytes; with the processor's instruction where it has one. */
uint32_t mtr_crc32c(uint32_t crc, const void *bytes, size_t size);
/* The same without it. */
uint32_t mtr_crc32c_by_tables(uint32_t crc, const void *bytes, size_t size);

#endif
