/* How a sync that watches stands, told to other processes of this desk by a file in the state directory. */
#ifndef MTR_CLI_WATCH_NOTE_H
#define MTR_CLI_WATCH_NOTE_H

#include <stdbool.h>
#include <stdint.h>

enum mtr_watch_state {
	MTR_WATCH_NOBODY,   /* nobody watches */
	MTR_WATCH_STARTING, /* it hasn't reached the head yet */
	MTR_WATCH_AT_HEAD,
	MTR_WATCH_NO_LINK,
	MTR_WATCH_TROUBLE, /* `error` keeps it from going on */
};

struct mtr_watch_note {
	enum mtr_watch_state state;
	uint64_t since; /* ms since 1970, by this machine's clock */
	int error;      /* enum mtr_client_error, with TROUBLE */
	int send_error; /* why the outbox isn't sent although there is a link; 0: it is */
};

/* The file for writing, owned by the caller: as long as it is open, this process is the one that watches. -1 when
 * another is, or when there can be no such file. */
int mtr_watch_note_open(const char *state_directory);
/* Replaces what the file says; false when that can't be done. */
bool mtr_watch_note_write(int file, const struct mtr_watch_note *note);

/* What the one that watches says now; NOBODY when there is none. */
struct mtr_watch_note mtr_watch_note_read(const char *state_directory);

/* The state's word for machines. */
const char *mtr_watch_state_name(enum mtr_watch_state state);

#endif
