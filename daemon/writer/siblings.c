#include "writer/siblings.h"

void mtr_siblings_flushed(struct mtr_siblings *siblings, uint64_t took_us, uint32_t answered, uint32_t queued)
{
	siblings->flush_us = took_us;
	siblings->expected = answered + queued;
}

uint64_t mtr_siblings_wait_us(const struct mtr_siblings *siblings, uint32_t gathered, uint64_t waited_us)
{
	const uint64_t part = siblings->flush_us / MTR_SIBLINGS_PART;
	const uint64_t most = part < MTR_SIBLINGS_MOST_US ? part : MTR_SIBLINGS_MOST_US;

	if (siblings->flush_us < MTR_SLOW_FLUSH_US || gathered >= siblings->expected || waited_us >= most)
		return 0;
	return most - waited_us;
}
