/* The messages of rows. */
#ifndef MTR_FUZZ_SHAPES_H
#define MTR_FUZZ_SHAPES_H

#include <protobuf-c/protobuf-c.h>

#define FUZZ_ROW_SHAPES 14u

/* Of an entity type, from 1; NULL for a number that is none. */
const ProtobufCMessageDescriptor *fuzz_row_shape(unsigned type);

#endif
