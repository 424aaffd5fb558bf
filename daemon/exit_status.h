/* How the daemon ends. docs/operations.md has the same table with the remedies; numbers follow sysexits.h. */
#ifndef MTR_EXIT_STATUS_H
#define MTR_EXIT_STATUS_H

enum mtr_exit_status {
	MTR_EXIT_OK = 0,
	MTR_EXIT_USAGE = 64,    /* arguments */
	MTR_EXIT_DAMAGED = 65,  /* register or journal damaged, or they don't belong together */
	MTR_EXIT_MISSING = 66,  /* no data directory, key or register: run init */
	MTR_EXIT_ADDRESS = 69,  /* the address to listen on is taken or not ours */
	MTR_EXIT_SYSTEM = 71,   /* no memory, no threads, no random numbers */
	MTR_EXIT_WRITE = 73,    /* the data directory is read-only, or has no room for what a start must write */
	MTR_EXIT_UNCLEAR = 74,  /* a disk error: what was written is unclear; starting again clears it up */
	MTR_EXIT_IN_USE = 75,   /* another process has the data directory */
	MTR_EXIT_NEWER = 76,    /* the data were written by a newer version */
	MTR_EXIT_SECURITY = 77, /* secrets lie open, or strangers could connect */
	MTR_EXIT_CONFIG = 78,   /* configuration file */
};

#endif
