/* Protobuf fields as records have them: one way to write each, so that no two records of the same contents differ. */
#ifndef MTR_ENGINE_RECORD_FIELDS_H
#define MTR_ENGINE_RECORD_FIELDS_H

#include "contract/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tag bytes of fields 1 to 15. */
#define MTR_TAG_BYTES(field) ((uint8_t)((field) << 3 | 2))
#define MTR_TAG_NUMBER(field) ((uint8_t)((field) << 3))

/* Field numbers of Record. */
enum mtr_record_tag {
	MTR_RECORD_HEADER = MTR_TAG_BYTES(1),
	MTR_RECORD_SALT = MTR_TAG_BYTES(2),
	MTR_RECORD_COMMAND = MTR_TAG_BYTES(3),
	MTR_RECORD_ANSWER = MTR_TAG_BYTES(4),
	MTR_RECORD_EFFECT = MTR_TAG_BYTES(5),
	MTR_RECORD_REDACTED = MTR_TAG_BYTES(6),
};

/* What a field of so many bytes takes. */
size_t mtr_field_bytes(size_t size);
/* Writes it and returns where the next one goes. */
uint8_t *mtr_field_put(uint8_t *at, uint8_t tag, const void *bytes, size_t size);
/* Takes a field off `rest` if it has this tag: 1 if so, 0 if it has another or none is left, -EBADMSG. */
int mtr_field_take(struct mtr_bytes *rest, uint8_t tag, struct mtr_bytes *ret_value);

/* The same for a number, which isn't written when it is 0. */
size_t mtr_number_bytes(uint64_t value);
uint8_t *mtr_number_put(uint8_t *at, uint8_t tag, uint64_t value);
/* False when what has this tag isn't a number up to `most` in the shortest form. */
bool mtr_number_take(struct mtr_bytes *rest, uint8_t tag, uint64_t most, uint64_t *ret_value);

#endif
