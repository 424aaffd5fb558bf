/* bench_load propose|rosters|resync|minimal --endpoint E --server-key K [--data DIRECTORY] [--clients N] [--window N]
 *            [--seconds S] [--warm S] [--rate R] [--hot]
 *
 * Puts load on a server and prints: answers a second, p50, p95, p99, p99.9 and the longest in microseconds, MB of
 * answers a second, CPU microseconds of this process an answer; of resync: rows of a pass, and the milliseconds of
 * each. DIRECTORY holds the file `world`, and `next`. Any wrong answer ends it with status 1. */
#include "common/fail.h"
#include "load/talks.h"

#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>

struct load {
	struct loop_options loop;
	const char *data;
	struct world world;
	bool hot;
	struct resync resync;
};

static const struct option names[] = {
	{"endpoint", required_argument, NULL, 'e'},
	{"server-key", required_argument, NULL, 'k'},
	{"data", required_argument, NULL, 'd'},
	{"clients", required_argument, NULL, 'c'},
	{"window", required_argument, NULL, 'w'},
	{"seconds", required_argument, NULL, 's'},
	{"warm", required_argument, NULL, 'W'},
	{"rate", required_argument, NULL, 'r'},

	{"hot", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static bool take_option(struct load *load, int option)
{
	switch (option) {
	case 'e':
		load->loop.endpoint = optarg;
		return true;
	case 'k':
		return mtr_key_parse(optarg, load->loop.server_key);
	case 'd':
		load->data = optarg;
		return true;
	case 'c':
		load->loop.clients = (uint32_t)strtoul(optarg, NULL, 10);
		return load->loop.clients >= 1 && load->loop.clients <= LOOP_CLIENTS_MAX;
	case 'w':
		load->loop.window = (uint32_t)strtoul(optarg, NULL, 10);
		return load->loop.window >= 1 && load->loop.window <= MTR_IN_FLIGHT_MAX;
	case 's':
		load->loop.seconds = strtod(optarg, NULL);
		return load->loop.seconds > 0;
	case 'W':
		load->loop.warm_s = strtod(optarg, NULL);
		return load->loop.warm_s >= 0;
	case 'r':
		load->loop.rate = strtod(optarg, NULL);
		return load->loop.rate > 0;
	case 'h':
		load->hot = true;
		return true;
	default:
		return false;
	}
}

static bool choose(struct load *load, const char *name, struct talk *ret_talk)
{
	struct loop_options *loop = &load->loop;

	loop->first_key = WORLD_KEY_FIRST_DESK;
	if (strcmp(name, "minimal") == 0) {
		*ret_talk = talk_minimal(loop->clients, load->hot ? 1 : WORLD_UNITS);
		return true;
	}
	if (!load->data || !world_read(&load->world, load->data))
		bench_fail("--data", "no file `world` there");
	if (strcmp(name, "propose") == 0) {
		if (loop->clients >= WORLD_DESKS)
			return false;
		*ret_talk = talk_propose(&load->world, load->data, loop, load->hot);
		return true;
	}
	loop->first_key = WORLD_KEY_SCHOOL;
	loop->same_key = true;
	if (strcmp(name, "rosters") == 0 && loop->window == 1)
		*ret_talk = talk_rosters(&load->world, loop->clients);
	else if (strcmp(name, "resync") == 0 && loop->clients == 1 && loop->window == 1)
		*ret_talk = talk_resync(&load->world, &load->resync);
	else
		return false;
	return true;
}

static double cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void print(const struct load *load, const struct loop_result *result)
{
	const struct histogram *latency = &result->latency;
	double share = result->seconds / (result->seconds + load->loop.warm_s);

	printf("%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.2f\t%.2f\n", (double)latency->total / result->seconds,
	       histogram_us(latency, 0.5), histogram_us(latency, 0.95), histogram_us(latency, 0.99),
	       histogram_us(latency, 0.999), (double)latency->largest / 1e3,
	       (double)result->bytes / 1e6 / result->seconds,
	       latency->total ? cpu_us() * share / (double)latency->total : 0.0);
}

static void print_resync(const struct resync *resync)
{
	printf("%" PRIu64, resync->rows);
	for (uint32_t i = 0; i < resync->passes; i++)
		printf("\t%.2f", resync->ms[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	static struct loop_result result;
	static struct load load = {.loop = {.clients = 1, .window = 1, .warm_s = 0.5, .seconds = 2}};
	static struct talk talk;
	int option;

	if (sodium_init() < 0)
		bench_fail("libsodium", "no random numbers");
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!take_option(&load, option))
			return 2;
	if (optind + 1 != argc || !load.loop.endpoint || !choose(&load, argv[optind], &talk))
		return 2;
	loop_run(&load.loop, &talk, &result);
	if (load.resync.passes)
		print_resync(&load.resync);
	else
		print(&load, &result);
	return 0;
}
