#include "common/histogram.h"

static unsigned step_of(uint64_t ns)
{
	if (ns < BENCH_STEPS)
		return (unsigned)ns;
	unsigned top = 63u - (unsigned)__builtin_clzll(ns);

	return (top - 5) * BENCH_STEPS + (unsigned)(ns >> (top - 6)) - BENCH_STEPS;
}

static uint64_t least_of(unsigned step)
{
	if (step < BENCH_STEPS)
		return step;
	return (uint64_t)(step % BENCH_STEPS + BENCH_STEPS) << (step / BENCH_STEPS - 1);
}

void histogram_add(struct histogram *histogram, uint64_t ns)
{
	histogram->counts[step_of(ns)]++;
	histogram->total++;
	if (ns > histogram->largest)
		histogram->largest = ns;
}

double histogram_us(const struct histogram *histogram, double quantile)
{
	uint64_t wanted = (uint64_t)(quantile * (double)histogram->total), seen = 0;

	for (unsigned step = 0; step < 64u * BENCH_STEPS; step++) {
		seen += histogram->counts[step];
		if (seen > wanted)
			return (double)least_of(step) / 1e3;
	}
	return (double)histogram->largest / 1e3;
}
