/* How the program ends. docs/cli.md and the help say the same. */
#ifndef MTR_CLI_EXIT_H
#define MTR_CLI_EXIT_H

enum mtr_exit {
	MTR_EXIT_OK = 0,
	MTR_EXIT_REFUSED = 1,  /* the register refused the command */
	MTR_EXIT_USAGE = 2,    /* the command line or the settings can't be used */
	MTR_EXIT_NO_LINK = 3,  /* no link: a change waits in the outbox if it needn't read, a question has no answer */
	MTR_EXIT_KEY = 4,      /* this desk's key is missing or refused, or the server isn't the expected one */
	MTR_EXIT_LOCAL = 5,    /* something on this machine: files, disk, memory, the outbox */
	MTR_EXIT_SOME = 6,     /* of several rows or commands some were done and some were not */
	MTR_EXIT_PROTOCOL = 7, /* client and server don't understand each other */
	MTR_EXIT_READER_LEFT = 141, /* 128 and SIGPIPE, as of other programs: whoever read had enough */
};

#endif
