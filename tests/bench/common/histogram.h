/* Latencies: 64 powers of two of nanoseconds in 64 steps each, so that a quantile is right to 1.6 %. */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

#define BENCH_STEPS 64u

struct histogram {
	uint64_t counts[64u * BENCH_STEPS];
	uint64_t total, largest;
};

void histogram_add(struct histogram *histogram, uint64_t ns);

/* The quantile (0 to 1) in microseconds; 0 when there is nothing. */
double histogram_us(const struct histogram *histogram, double quantile);

#endif
