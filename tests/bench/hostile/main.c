/* bench_hostile half-open|garbage|never-read|one-key|multipart ENDPOINT SERVER_KEY [COUNT]: does harm until SIGTERM. */
#include "common/fail.h"
#include "hostile/hostile.h"

#include <sodium.h>
#include <string.h>

volatile sig_atomic_t hostile_stop;

static const struct kind {
	const char *name;
	void (*run)(const struct target *target);
} kinds[] = {
	{"half-open", hostile_half_open}, {"garbage", hostile_garbage},     {"never-read", hostile_never_read},
	{"one-key", hostile_one_key},     {"multipart", hostile_multipart},
};

static void on_signal(int number)
{
	(void)number;
	hostile_stop = 1;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct target target = {.count = 1};

	if (argc < 4 || argc > 5 || sodium_init() < 0 || !mtr_key_parse(argv[3], target.server_key))
		return 2;
	target.endpoint = argv[2];
	if (argc == 5)
		target.count = (unsigned)strtoul(argv[4], NULL, 10);
	sigaction(SIGTERM, &action, NULL);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, argv[1]) == 0) {
			kinds[i].run(&target);
			return 0;
		}
	}
	return 2;
}
