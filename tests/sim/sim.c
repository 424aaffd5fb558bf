#include "sim.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "computer.h"

/* The functions that stand in for the system's have no context to pass. */
static _Thread_local struct sim *installed;

static uint32_t secret_random(void)
{
	return (uint32_t)random_next(&installed->secrets);
}

static void secret_bytes(void *const bytes, const size_t size)
{
	uint8_t *at = bytes;

	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)random_next(&installed->secrets);
}

static const char *secret_name(void)
{
	return "simulation";
}

void sim_install(struct sim *sim)
{
	static struct randombytes_implementation seeded = {
		.implementation_name = secret_name, .random = secret_random, .buf = secret_bytes};

	installed = sim;
	randombytes_set_implementation(&seeded);
}

struct sim *sim_installed(void)
{
	return installed;
}

int __real_clock_gettime(clockid_t clock, struct timespec *ret_now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now);

/* The simulated time; each computer's own opinion of the time of day. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_now)
{
	const struct sim *sim = installed;

	if (!sim)
		return __real_clock_gettime(clock, ret_now);
	const uint64_t ms = clock == CLOCK_REALTIME ? computer_time_of_day(sim) : computer_uptime(sim);

	*ret_now = (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
	return 0;
}

bool sim_fail(struct sim *sim, const char *format, ...)
{
	va_list arguments;

	if (sim->failed)
		return false;
	sim->failed = true;
	fprintf(stderr, "seed %" PRIu64 ", step %" PRIu32 ": ", sim->seed, sim->step);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return false;
}

void sim_note(struct sim *sim, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	for (const char *at = text; *at; at++)
		sim->trace = (sim->trace ^ (uint8_t)*at) * UINT64_C(0x100000001B3);
	sim->trace = (sim->trace ^ sim->now) * UINT64_C(0x100000001B3);
	if (sim->verbose)
		fprintf(stderr, "%5" PRIu32 " %3" PRIu64 "d %02" PRIu64 ":%02" PRIu64 ":%06.3f %s\n", sim->step,
			sim->now / SIM_DAY, sim->now / SIM_HOUR % 24, sim->now / SIM_MINUTE % 60,
			(double)(sim->now % SIM_MINUTE) / 1000, text);
}
