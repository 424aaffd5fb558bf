/* The outbox as people look at it, and bundles: entries and their answers carried as files where there is no link.
 * Conventions and errors as in matricula.h. */
#ifndef MATRICULA_OUTBOX_H
#define MATRICULA_OUTBOX_H

#include "matricula/matricula.h"

#ifdef __cplusplus
extern "C" {
#endif

enum mtr_client_entry_state {
	MTR_CLIENT_ENTRY_QUEUED = 1,   /* hasn't left this machine */
	MTR_CLIENT_ENTRY_EXPORTED = 2, /* is in a bundle; no answer yet */
	MTR_CLIENT_ENTRY_SENT = 3,     /* has left over the link; no answer yet */
	MTR_CLIENT_ENTRY_DONE = 4,     /* finally answered: done, or the answer couldn't be kept on a full disk */
	MTR_CLIENT_ENTRY_REFUSED = 5,  /* finally answered with an error */
};

/* Times are ms since 1970 by this machine's clock. */
struct mtr_client_entry {
	uint64_t sequence;
	uint64_t enqueued_at;
	const uint8_t *command; /* packed Command */
	size_t command_size;
	enum mtr_client_entry_state state;
	/* Without a final answer: how often it was tried in vain, when last, and what was wrong then. The entries
	 * behind the first one only count attempts in which they were sent too. */
	uint32_t attempts;
	uint64_t tried_at;  /* 0: not yet */
	int last_error;     /* enum mtr_client_error; 0: none */
	uint32_t last_code; /* ErrorCode with which the register asked for patience; 0: none */
	/* With one. */
	uint64_t answered_at;
	uint64_t revision;     /* of the register */
	const uint8_t *answer; /* packed Answer */
	size_t answer_size;    /* 0: it couldn't be kept */
	uint64_t dismissed_at; /* REFUSED: when it was dealt with; 0: not yet */
	bool backed_up;        /* a backup of the register is known to cover it */
	/* Of an entry that the register had answered before it was restored from a backup and lost: it is sent again.
	 */
	bool again;
	bool diverged; /* and was answered otherwise: dismiss it when it has been dealt with, as a refused one */
	uint64_t former_revision;
	const uint8_t *former_answer; /* packed Answer */
	size_t former_answer_size;    /* 0: it wasn't kept */
};

/* Called for each entry, oldest first; bytes are valid during the call. False ends the walk. The client must not be
 * used from it. */
typedef bool (*mtr_client_entry_fn)(void *context, const struct mtr_client_entry *entry);

/* Walks the entries from `from` on that are still in the outbox. Those answered and covered by a backup have left it,
 * except refused ones that weren't dismissed. USAGE (no state directory), STATE, MEMORY. */
int mtr_client_outbox_each(struct mtr_client *client, uint64_t from, mtr_client_entry_fn, void *context);

struct mtr_client_outbox_summary {
	uint64_t entries;            /* that are in the outbox */
	uint64_t unanswered;         /* of these */
	uint64_t refused;            /* of these, or answered otherwise after a restore; and not dismissed */
	uint64_t backed_up_revision; /* of the register, as last heard; 0: no backup is known */
	uint64_t again;              /* unanswered that had been answered before the register was restored */
	/* Entries lost in a restore of the register, after this desk had let go of them; 0: none ever was. */
	uint64_t lost_from, lost_to;
};
/* USAGE (no state directory), STATE, MEMORY. */
int mtr_client_outbox_summary(struct mtr_client *client, struct mtr_client_outbox_summary *ret_summary);

/* Notes that somebody has dealt with refused entries, all or none; again is fine. NO_ENTRY: one of them isn't there, or
 * wasn't refused. USAGE (no state directory), STATE, STATE_FULL, MEMORY. */
int mtr_client_outbox_dismiss(struct mtr_client *client, const uint64_t *sequences, size_t count);

/* Writes the entries without a final answer into a new file, mode 0600, sealed so that only the configured server can
 * read them; they stay in the outbox. *ret_count of them; with 0 no file is made.
 * USAGE (no state directory), BUNDLE_FILE, BUNDLE_EXISTS, HALTED, KEY_FILE (a key that can't seal), STATE, STATE_FULL,
 * MEMORY. */
int mtr_client_outbox_export(struct mtr_client *client, const char *path, uint64_t *ret_count);

/* Delivers another desk's bundle over this client's link, and writes the answers, sealed so that only that desk can
 * read them, into a new file, mode 0600; `answers_path` NULL: nowhere. Doing it again, or after the entries came
 * another way, changes nothing and gives the same answers. Before the first entry is delivered, the whole file is
 * checked. After an error there is no file of answers; *ret_count entries were delivered in any case. USAGE,
 * BUNDLE_FILE, BUNDLE_EXISTS (answers_path), BUNDLE_DAMAGED, BUNDLE_KIND, BUNDLE_NEWER, BUNDLE_SERVER, and as
 * mtr_client_query; BUSY also when the server has no room. */
int mtr_client_bundle_apply(struct mtr_client *client, const char *path, const char *answers_path, uint64_t *ret_count);

struct mtr_client_import {
	uint64_t answered; /* entries that got their final answer */
	uint64_t known;    /* answers to entries that had theirs, or aren't in this outbox */
	uint64_t waiting;  /* entries in the bundle the server didn't take yet: they stay queued */
	uint32_t code;     /* ErrorCode of the first of these; 0: none */
};
/* Takes up the answers to a bundle of this outbox; `report` as of mtr_client_flush, and may be NULL.
 * USAGE (no state directory), BUNDLE_FILE, BUNDLE_DAMAGED, BUNDLE_KIND, BUNDLE_NEWER, BUNDLE_SERVER, BUNDLE_DESK,
 * STATE_BUSY (another process is sending), KEY_REFUSED, HALTED, SERVER_BEHIND, PROTOCOL, STATE, STATE_FULL, MEMORY. */
int mtr_client_outbox_import(struct mtr_client *client, const char *path, mtr_client_answer_fn report, void *context,
			     struct mtr_client_import *ret_import);

#ifdef __cplusplus
}
#endif

#endif
