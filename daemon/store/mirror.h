/* A store that holds a copy of a register's scope: the rows its feed sends, in the register's own tables, with all that
 * follows from them. So whatever reads a register reads a mirror.
 *
 * It has live rows only. A home without a row isn't there; a home's first and head are the revisions of its oldest and
 * newest row. Thus a mirror brought forward page by page is, table for table, one that was read from the start.
 * mtr_txn_state gives the revision that the mirror shows and the server's time then; no chain.
 *
 * It shows what stood at a head, and nothing between: while a new mirror fills it shows nothing (revision 0); pages on
 * the way from one head to the next are held back, and taken up when the next head is there. While they are
 * (`settling`), nothing is to be read.
 *
 * In meta, besides what schema.h has:
 *   "mirror owner"      format u32 · server key 32 · public key 32 · incarnation u64
 *   "mirror shown"      local time u64 · agreed u8
 *   "mirror cursor"     of the feed, as received
 *   "mirror principal"  packed Principal: as whom the register knew the public key
 *   "mirror held"       first u64 · next u64 · settling u8 · revision u64 · server time u64 · local time u64 · count
 * u64 · digest 32: numbers of the pages held, and the head they lead to; zeros when not at one "mirror page" · u64
 * packed Answer: a page held back */
#ifndef MTR_STORE_MIRROR_H
#define MTR_STORE_MIRROR_H

#include "contract/arena.h"
#include "matricula/v1/wire.pb-c.h"
#include "store/schema.h"
#include "store/store.h"

#define MTR_MIRROR_FORMAT 1u
/* Largest cursor that is kept; a register's own are below 3 KiB. */
#define MTR_MIRROR_CURSOR_MAX (16u * 1024u)
/* Rows that are taken up in one transaction, for which there must be room on the desk's disk: pages are asked for with
 * this limit. */
#define MTR_MIRROR_ROWS_MAX 1000u
/* Why a row is gone that no tombstone ended: its home left the scope. */
#define MTR_MIRROR_OUT_OF_SCOPE "OUT_OF_SCOPE"

/* Whose mirror it is. What differs in any of these is another mirror. */
struct mtr_mirror_owner {
	uint8_t server_key[MTR_KEY_BYTES];
	uint8_t public_key[MTR_KEY_BYTES];
	uint64_t incarnation;
};

struct mtr_mirror_state {
	struct mtr_mirror_owner owner;
	uint64_t revision;    /* shown; 0: nothing yet */
	uint64_t server_time; /* ms since 1970, as the server had it at that head */
	uint64_t local_time;  /* the same by this machine's clock */
	bool agreed;          /* count and digest were the server's at that head */
	uint64_t held;        /* pages held back */
	bool settling;
};

/* False when no mirror was begun in this store, or on an error; NEWER when it is of a newer format. */
bool mtr_mirror_read(struct mtr_txn *txn, struct mtr_mirror_state *ret_state);

/* Begins one in an empty store. */
void mtr_mirror_begin(struct mtr_txn *txn, const struct mtr_mirror_owner *owner);

/* Size 0: read from the start. Valid until the next write. */
struct mtr_bytes mtr_mirror_cursor(struct mtr_txn *txn);
/* NULL when none was noted, or on an error. */
const Mtr__Principal *mtr_mirror_principal(struct mtr_txn *txn, struct mtr_arena *arena);

/* What a row became; told before it is written, and again if the page is taken up again after a crash. */
struct mtr_mirror_change {
	struct mtr_home home; /* where it is now, or was last */
	Mtr__EntityType type;
	uint64_t id;
	struct mtr_bytes old; /* size 0: it wasn't here */
	struct mtr_bytes new; /* size 0: it is gone, `reason` says why */
	const char *reason;
};
/* Told of changes to what the mirror shows; not while a new one fills. */
struct mtr_mirror_watch {
	void (*change)(void *context, const struct mtr_mirror_change *change); /* NULL: nobody */
	void *context;
};

/* One page of the feed as it came. */
struct mtr_mirror_page {
	struct mtr_bytes cursor; /* it was asked for with */
	struct mtr_bytes answer; /* the packed Answer */
	const Mtr__FeedPage *page;
	const Mtr__Principal *principal; /* of the session */
	uint64_t revision;               /* of the answer */
	uint64_t server_time, local_time;
};

/* Is it a page that a register can have sent? Each row is one that can be indexed, `scratch` is reset for each. */
bool mtr_mirror_page_good(struct mtr_arena *scratch, const struct mtr_mirror_page *page);

/* Does the page say that all homes are to be dropped? Then it is for a new mirror. */
bool mtr_mirror_page_starts_anew(const Mtr__FeedPage *page);

/* Takes up a good page with its cursor, or holds it back; at most MTR_MIRROR_ROWS_MAX rows change. False when the
 * mirror's cursor isn't the page's: somebody else has brought the mirror forward, and nothing was done. Errors stay in
 * the transaction: CORRUPT means that the mirror can't be built upon. */
bool mtr_mirror_take(struct mtr_txn *txn, const struct mtr_mirror_page *page, const struct mtr_mirror_watch *watch);

/* Takes up some of what is held back, when it is settling: about MTR_MIRROR_ROWS_MAX rows. To be repeated, each time in
 * a transaction of its own, until nothing is settling. `arena` is reset. */
void mtr_mirror_settle(struct mtr_txn *txn, struct mtr_arena *arena, const struct mtr_mirror_watch *watch);

/* Room to reserve before either of them. */
uint64_t mtr_mirror_room(size_t rows);

#endif
