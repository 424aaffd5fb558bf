#include "parcels.h"

#include "input.h"

#include <string.h>

size_t fuzz_parcels_read(const uint8_t *data, size_t size, struct fuzz_parcel ret_parcels[FUZZ_PARCELS_MAX])
{
	struct fuzz_input input = fuzz_input_of((struct mtr_bytes){data, size});
	size_t count = 0;

	while (fuzz_left(&input) && count < FUZZ_PARCELS_MAX) {
		struct fuzz_parcel *parcel = &ret_parcels[count++];

		parcel->kind = fuzz_u8(&input);
		parcel->who = fuzz_u8(&input);
		parcel->body = fuzz_take(&input, fuzz_u16(&input));
	}
	return count;
}

size_t fuzz_parcels_write(const struct fuzz_parcel *parcels, size_t count, uint8_t *ret_data, size_t most)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		const struct fuzz_parcel *parcel = &parcels[i];

		if (parcel->body.size > FUZZ_BODY_MAX || most - size < FUZZ_PARCEL_HEAD + parcel->body.size)
			break;
		ret_data[size++] = parcel->kind;
		ret_data[size++] = parcel->who;
		ret_data[size++] = (uint8_t)(parcel->body.size >> 8);
		ret_data[size++] = (uint8_t)parcel->body.size;
		if (parcel->body.size)
			memcpy(ret_data + size, parcel->body.data, parcel->body.size);
		size += parcel->body.size;
	}
	return size;
}
