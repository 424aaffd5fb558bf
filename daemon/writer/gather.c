#include "writer/gather.h"

#include "engine/big_endian.h"
#include "engine/record.h"

#include <assert.h>
#include <stdlib.h>

bool mtr_gather_init(struct mtr_gather *gather, const struct mtr_chain_point *point)
{
	*gather = (struct mtr_gather){.bytes = malloc(MTR_BATCH_BYTES_MAX)};
	gather->batch = (struct mtr_batch){.before = *point, .after = *point, .records = gather->bytes};
	return gather->bytes;
}

void mtr_gather_free(struct mtr_gather *gather)
{
	free(gather->bytes);
	*gather = (struct mtr_gather){0};
}

bool mtr_gather_has_room(const struct mtr_gather *gather)
{
	return gather->batch.size + 4 + MTR_RECORD_MAX <= MTR_BATCH_BYTES_MAX;
}

void mtr_gather_add(struct mtr_gather *gather, const uint8_t *record, size_t size, const uint8_t digest[MTR_HASH_BYTES])
{
	uint8_t *at = gather->bytes + gather->batch.size;

	assert(size <= MTR_RECORD_MAX && mtr_gather_has_room(gather));
	mtr_store_be32(&at, (uint32_t)size);
	mtr_store_octets(&at, record, size);
	gather->batch.size += size + 4;
	gather->batch.count++;
	gather->batch.after.revision++;
	mtr_chain_extend(gather->batch.after.chain, digest);
}

void mtr_gather_next(struct mtr_gather *gather)
{
	gather->batch.before = gather->batch.after;
	gather->batch.size = 0;
	gather->batch.count = 0;
}
