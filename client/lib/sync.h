/* One call that brings the mirror forward. */
#ifndef MTR_CLIENT_SYNC_H
#define MTR_CLIENT_SYNC_H

#include "client.h"
#include "mirror.h"

/* The step is to be done over, with what is there now. */
#define MTR_SYNC_AGAIN (-1)

struct mtr_sync {
	struct mtr_client *client;
	struct mtr_mirror_file *mirror;
	const struct mtr_client_sync_options *options;
	struct mtr_mirror_watch watch;
	struct mtr_arena *page;    /* of one page */
	struct mtr_arena *scratch; /* of one row */
	struct mtr_arena *session; /* of what follows */
	/* By the hello of the session that the next page is asked for in. */
	struct mtr_mirror_owner owner;
	const Mtr__Principal *principal;
	uint64_t server_time;
	struct mtr_moment server_time_at;
	uint64_t rows;       /* received so far */
	unsigned beginnings; /* times that the mirror was read from the start */
	bool rebuilt;        /* one of them because of damage or a difference */
	bool greeted_anew;   /* for the page that is asked for now */
	bool at_head;
};

/* Under the lock: the mirror is open, of this register and this key, and settled; what isn't is replaced. */
int mtr_sync_prepare(struct mtr_sync *sync);

/* The mirror goes, to be read from the start. PROTOCOL when that has happened more often than a server has reason to
 * ask for it. */
int mtr_sync_begin_anew(struct mtr_sync *sync, enum mtr_client_mirror_notice notice);

/* The same for a mirror that isn't what it should be: AGAIN the first time in a call, `error` the second. */
int mtr_sync_rebuild(struct mtr_sync *sync, enum mtr_client_mirror_notice notice, int error);
/* Rebuilds what is damaged; other errors stay what they are. */
int mtr_sync_heal(struct mtr_sync *sync, int error);

#endif
