/* An input that is a list: of requests, records, rows, answers, whatever the target takes one after the other.
 *
 *	each: kind u8 · who u8 · length u16 big-endian · so many bytes
 *
 * Any bytes are such a list; the last parcel ends with the input. */
#ifndef MTR_FUZZ_PARCELS_H
#define MTR_FUZZ_PARCELS_H

#include "contract/bytes.h"

#include <protobuf-c/protobuf-c.h>

#define FUZZ_PARCELS_MAX 64u
#define FUZZ_PARCEL_HEAD 4u
#define FUZZ_BODY_MAX UINT16_MAX

struct fuzz_parcel {
	uint8_t kind, who; /* their meaning is the target's */
	struct mtr_bytes body;
};

/* The first FUZZ_PARCELS_MAX parcels; their bodies lie in `data`. Returns how many. */
size_t fuzz_parcels_read(const uint8_t *data, size_t size, struct fuzz_parcel ret_parcels[FUZZ_PARCELS_MAX]);

/* Bytes written: whole parcels, as many as fit. */
size_t fuzz_parcels_write(const struct fuzz_parcel *parcels, size_t count, uint8_t *ret_data, size_t most);

/* Of the target: what message the body of such a parcel should be; NULL when it is none. For the mutator. */
const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind);

#endif
