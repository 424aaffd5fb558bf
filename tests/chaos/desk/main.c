/* desk MODE ENDPOINT SERVER_KEY KEY_FILE STATE_DIRECTORY TIMEOUT_MS [ARGUMENTS]: see desk.h. The exit status is the
 * library's error, or one of enum desk_status. */
#include "desk.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

struct mode {
	const char *name;
	int arguments;
	int (*run)(struct mtr_client *client, char **arguments);
};

static int compare(struct mtr_client *client, char **arguments)
{
	(void)arguments;
	return desk_compare(client);
}

static const struct mode modes[] = {
	{"storm", 6, desk_storm}, {"settle", 6, desk_settle}, {"read", 0, desk_read},  {"enter", 0, desk_enter},
	{"fill", 1, desk_fill},   {"sync", 0, desk_sync},     {"compare", 0, compare},
};

static const struct mode *mode_named(const char *name)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (strcmp(modes[i].name, name) == 0)
			return &modes[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct mode *mode = argc > 6 ? mode_named(argv[1]) : NULL;
	struct mtr_client *client;

	if (!mode || argc != 7 + mode->arguments)
		return DESK_USAGE;
	/* Some modes never end by themselves. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int error = mtr_client_open(&client, &(struct mtr_client_options){
						     .endpoint = argv[2],
						     .server_key = argv[3],
						     .key_file = argv[4],
						     .state_directory = argv[5],
						     .software = "chaos",
						     .timeout_ms = (uint32_t)strtoul(argv[6], NULL, 10),
					     });

	if (error)
		return error;
	error = mode->run(client, argv + 7);
	mtr_client_close(&client);
	return error;
}
