#include "program/call.h"

#include <signal.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const struct mtr_streams streams = {
		.in = stdin,
		.out = stdout,
		.err = stderr,
		.out_is_terminal = isatty(STDOUT_FILENO),
		.in_is_terminal = isatty(STDIN_FILENO),
	};

	/* A reader that goes away is an error of writing, not a reason to die in the middle of sending. */
	signal(SIGPIPE, SIG_IGN);
	return mtr_cli_run(&streams, argc, argv);
}
