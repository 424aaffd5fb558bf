/* libmatricula: talks to a Matricula register.
 *
 * One client per key and state directory. Every changing command goes through the client's outbox on disk, so it
 * reaches the register once and only once, across lost links and restarts. Messages are the register's own protobuf
 * messages, packed (proto/matricula/v1 is installed with this header); the library doesn't interpret them.
 * A client is used by one thread at a time and not after fork(); a process has at most one client with a given state
 * directory, other processes may have theirs. Functions that return int return 0 or one of enum mtr_client_error.
 * After an error the client can be used on, unless the error is one of the state directory's. */
#ifndef MATRICULA_MATRICULA_H
#define MATRICULA_MATRICULA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MTR_CLIENT_KEY_TEXT 41 /* 40 characters of Z85 and the terminating zero */

enum mtr_client_error {
	MTR_CLIENT_OK = 0,
	MTR_CLIENT_USAGE = 1, /* an argument is out of its range */
	MTR_CLIENT_MEMORY = 2,
	MTR_CLIENT_KEY_FILE = 3,       /* missing, unreadable, world-readable or damaged */
	MTR_CLIENT_STATE = 4,          /* the state directory can't be used */
	MTR_CLIENT_STATE_BUSY = 5,     /* another process is sending from this outbox */
	MTR_CLIENT_STATE_FULL = 6,     /* no room on the disk; nothing was queued */
	MTR_CLIENT_NO_LINK = 7,        /* the server couldn't be reached in time; a command stays queued */
	MTR_CLIENT_KEY_REFUSED = 8,    /* the server doesn't know this key, or it is revoked */
	MTR_CLIENT_SERVER_KEY = 9,     /* the server isn't the one whose key is configured */
	MTR_CLIENT_VERSION = 10,       /* no protocol in common */
	MTR_CLIENT_PROTOCOL = 11,      /* the server's answer can't be read */
	MTR_CLIENT_HALTED = 12,        /* the outbox may not be used further: an old copy, or copied (see the answer) */
	MTR_CLIENT_TOO_LARGE = 13,     /* the command is larger than a request may be */
	MTR_CLIENT_EXISTS = 14,        /* a key file is there already and isn't overwritten */
	MTR_CLIENT_SERVER_BEHIND = 15, /* the register lost what it had acknowledged: set back to a backup */
	MTR_CLIENT_STATE_KEY = 16,   /* the state directory belongs to another key: an outbox and its key go together */
	MTR_CLIENT_STATE_NEWER = 17, /* the state directory was written by a newer version */
	MTR_CLIENT_BUSY = 18,      /* the server answers, but asked for patience until the time was up; stays queued */
	MTR_CLIENT_NO_MIRROR = 19, /* there is no mirror yet, or it is still being read for the first time */
	MTR_CLIENT_MIRROR_DAMAGED = 20, /* the mirror doesn't hold together; the next sync reads it anew */
	MTR_CLIENT_MIRROR_FOREIGN = 21, /* the mirror is of another server; the next sync replaces it */
	MTR_CLIENT_MIRROR_DIFFERS = 22, /* the mirror differs from the register even after it was read anew */
	MTR_CLIENT_NO_ENTRY = 23,       /* there is no refused entry of that number in the outbox */
	MTR_CLIENT_BUNDLE_FILE = 24,    /* the file can't be opened, read or written; errno says why */
	MTR_CLIENT_BUNDLE_EXISTS = 25,  /* there is a file of that name already; it isn't overwritten */
	MTR_CLIENT_BUNDLE_DAMAGED = 26, /* not a bundle, or cut off, or changed on the way */
	MTR_CLIENT_BUNDLE_KIND = 27,    /* entries where answers belong, or the other way round */
	MTR_CLIENT_BUNDLE_NEWER = 28,   /* the bundle was written by a newer version */
	MTR_CLIENT_BUNDLE_SERVER = 29,  /* the bundle is for another server */
	MTR_CLIENT_BUNDLE_DESK = 30,    /* the answers are another desk's */
	MTR_CLIENT_INTERRUPTED = 31,    /* mtr_client_stop_at: nothing is lost, what was under way is taken up again */
	MTR_CLIENT_AUDIT_KEY = 32,      /* the register signs its history with another key than at the first contact */
	MTR_CLIENT_HISTORY = 33,        /* the register's history isn't the one whose checkpoint this desk remembers */
	MTR_CLIENT_UNSIGNED = 34,       /* the register was restored from a backup, and nobody signed for that */
	MTR_CLIENT_CLASS_DIFFERS = 35,  /* a class was read twice, and neither time was the whole of it what came */
};

/* The error's name, e.g. "NO_LINK"; for people, put it into words yourself. */
const char *mtr_client_error_name(int error);

struct mtr_client;

struct mtr_client_options {
	const char *endpoint;        /* tcp://host:port */
	const char *server_key;      /* Z85 */
	const char *key_file;        /* this desk's secret key */
	const char *state_directory; /* of the outbox; NULL: this client only reads */
	const char *software;        /* name and version, for the server's log; NULL: the library's */
	uint32_t timeout_ms;         /* to connect, and for each answer; 0: 10,000; at most 600,000 */
};

/* Makes a key pair and writes it to `path`, mode 0600, never over an existing file.
 * USAGE, KEY_FILE (see errno), EXISTS. */
int mtr_client_keygen(const char *path, char ret_public_key[MTR_CLIENT_KEY_TEXT]);

/* The public key in a key file. USAGE, KEY_FILE. */
int mtr_client_public_key(const char *path, char ret_public_key[MTR_CLIENT_KEY_TEXT]);

/* Opens keys and outbox; doesn't connect yet. The state directory is made if it isn't there (its parent must be), mode
 * 0700; one that others may write to is refused. USAGE, MEMORY, KEY_FILE, STATE, STATE_KEY, STATE_NEWER, STATE_FULL. */
int mtr_client_open(struct mtr_client **ret_client, const struct mtr_client_options *options);

/* Closes and nulls. NULL is fine. What is queued stays in the outbox. */
void mtr_client_close(struct mtr_client **client);

/* From now on a call that waits for the server ends with INTERRUPTED as soon as the descriptor can be read, for
 * instance that of a signalfd; nothing is read from it. -1: no longer. The caller keeps it, and keeps it open. */
void mtr_client_stop_at(struct mtr_client *client, int descriptor);

/* Packed HelloReply's Answer of the present connection; connects if need be. The bytes are the client's and last
 * until its next call. NO_LINK, BUSY, KEY_REFUSED, SERVER_KEY, UNSIGNED, VERSION, PROTOCOL, MEMORY. */
int mtr_client_hello(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size);

/* Sends a packed Query, returns the packed Answer (which may hold an Error). The bytes are the client's and last until
 * its next call. A Feed's wait_ms is added to the timeout. Errors as mtr_client_hello, USAGE if it isn't a Query,
 * TOO_LARGE. */
int mtr_client_query(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
		     size_t *ret_answer_size);

/* Called for each row: its EntityType, id and packed bytes (entities.proto), valid during the call. The client must not
 * be used from it. */
typedef void (*mtr_client_row_fn)(void *context, uint32_t type, uint64_t id, const uint8_t *row, size_t size);

/* Reads a class whole, as the register has it at one moment: itself, its summons and its enrolments. Rows are given out
 * only after count and digest of what came were the register's. When the register refuses, *ret_refusal is a packed
 * Answer with the Error, the client's until its next call, and no row is given out; otherwise its size is 0. As
 * mtr_client_query, and CLASS_DIFFERS. */
int mtr_client_read_class(struct mtr_client *client, const char *class_code, mtr_client_row_fn each, void *context,
			  const uint8_t **ret_refusal, size_t *ret_size);

/* Asks what a packed Command would be answered; changes nothing and bypasses the outbox. Bytes and errors as
 * mtr_client_query. */
int mtr_client_dry_run(struct mtr_client *client, const uint8_t *command, size_t size, const uint8_t **ret_answer,
		       size_t *ret_answer_size);

/* Writes a packed Command into the outbox and returns its sequence: from here on it isn't lost.
 * USAGE (not a Command, or no state directory), STATE, STATE_FULL, TOO_LARGE, HALTED, MEMORY. */
int mtr_client_enqueue(struct mtr_client *client, const uint8_t *command, size_t size, uint64_t *ret_sequence);

/* The same for many, in one flush; all or none. */
struct mtr_client_command {
	const uint8_t *command;
	size_t size;
	uint64_t sequence; /* out */
};
int mtr_client_enqueue_many(struct mtr_client *client, struct mtr_client_command *commands, size_t count);

/* Called with each final answer, in order of sequence; again for the last ones if the process died before they were
 * marked in the outbox. The client must not be used from it. */
typedef void (*mtr_client_answer_fn)(void *context, uint64_t sequence, const uint8_t *answer, size_t size);

/* Sends what is queued, oldest first, pipelined, and reports each answer, until nothing is queued or timeout_ms passes
 * without progress; reconnects and retries what the server asks to retry (BUSY and the like) with backoff meanwhile.
 * NO_LINK, BUSY, STATE_BUSY, KEY_REFUSED, SERVER_KEY, VERSION, PROTOCOL, HALTED, SERVER_BEHIND, STATE, STATE_FULL,
 * TOO_LARGE (the server takes less than this library queued), USAGE (no state directory), MEMORY. */
int mtr_client_flush(struct mtr_client *client, mtr_client_answer_fn, void *context);

/* How many entries have no final answer yet. USAGE (no state directory), STATE. */
int mtr_client_queued(struct mtr_client *client, uint64_t *ret_count);

/* Packed Answer that halted the outbox, also in an earlier process; size 0 if none did. Lasts until the next call. */
void mtr_client_halt_answer(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size);

/* The mirror: a copy of everything this key may read, in the state directory, brought forward by mtr_client_sync and
 * read without a link. It shows the register as it was at one moment, never something between two; at the register's
 * head it proves by count and digest that it is the whole of it. Clients of several processes may use one mirror. */

/* What happened to the mirror that a person should know. Each time it is read from the start. */
enum mtr_client_mirror_notice {
	MTR_CLIENT_MIRROR_STARTED = 1,   /* there was none */
	MTR_CLIENT_MIRROR_REPLACED = 2,  /* it was of another server */
	MTR_CLIENT_MIRROR_SET_BACK = 3,  /* the register was restored from a backup, or doesn't know how far we read */
	MTR_CLIENT_MIRROR_RESCOPED = 4,  /* what this key may read has changed too much to name the differences */
	MTR_CLIENT_MIRROR_BROKEN = 5,    /* it couldn't be read, or didn't hold together: damaged on this machine */
	MTR_CLIENT_MIRROR_DISAGREED = 6, /* at the head its sum wasn't the register's. The sum is of all it holds, so
					    in which part it differs can't be known */
};

/* A row that changed. Bytes are packed rows (entities.proto), valid during the call. */
struct mtr_client_change {
	uint32_t home_kind, home_a, home_b; /* Home: where it is now, or was last */
	uint32_t type;                      /* EntityType */
	uint64_t id;
	const uint8_t *old_row; /* size 0: it wasn't there */
	size_t old_size;
	const uint8_t *new_row; /* size 0: it is gone, and `reason` says why */
	size_t new_size;
	const char *reason; /* of its tombstone; "MOVED": it may be met in another home; "OUT_OF_SCOPE": this key may no
			       longer read that home */
};

/* The client must not be used from any of these; each may be NULL. */
struct mtr_client_sync_options {
	uint32_t wait_ms; /* at the head: wait this long for news, at most 25,000; 0: don't wait */
	/* After each page: rows received by this call, and the revision of the register they are from. */
	void (*progress)(void *context, uint64_t rows, uint64_t revision);
	/* Each change to what the mirror shows, before it is on the disk: told again if the process dies then. Not
	 * while a mirror is read from the start, and not what another process takes up. */
	void (*change)(void *context, const struct mtr_client_change *change);
	void (*notice)(void *context, enum mtr_client_mirror_notice notice);
	void *context;
};

/* Brings the mirror to the register's head, page by page, and returns; with wait_ms and no news, after that time. What
 * has been received isn't lost when the link breaks: the next call goes on there. The first time a client reaches the
 * head, and whenever the mirror was made anew, it also looks through the whole mirror. A mirror that is damaged or
 * disagrees with the register is read anew, once in a call.
 * Before anything else it follows the register's signed history from the checkpoint this desk remembers, and remembers
 * the newest; a history that doesn't extend it is refused, and the mirror stays as it is.
 * As mtr_client_query, and USAGE (no state directory; wait_ms), STATE, STATE_FULL, STATE_BUSY (another process is
 * writing the mirror), STATE_NEWER, MIRROR_DIFFERS, MIRROR_DAMAGED (also after it was read anew), AUDIT_KEY, HISTORY.
 */
int mtr_client_sync(struct mtr_client *client, const struct mtr_client_sync_options *options);

/* What this desk remembers of the register's history: keys and the newest checkpoint, as the text that auditors and
 * “matricula audit verify” take. Size 0: nothing yet. The bytes last until the client's next call.
 * USAGE (no state directory), STATE, MEMORY. */
int mtr_client_known_history(struct mtr_client *client, const char **ret_text, size_t *ret_size);

/* Trusts a recovery key (32 bytes, Ed25519) that a person told, for a desk that hadn't met the register since it has
 * one. *ret_trusted is false when another is known already: that one stays. Needs no link.
 * USAGE (no state directory), STATE, STATE_FULL, MEMORY. */
int mtr_client_trust_recovery_key(struct mtr_client *client, const uint8_t key[32], bool *ret_trusted);

struct mtr_client_mirror_state {
	uint64_t revision;    /* of the register that it shows; 0: it is still being read for the first time */
	uint64_t server_time; /* when that was the head, by the server's clock; ms since 1970 */
	uint64_t local_time;  /* the same by this machine's */
	uint64_t rows;
	bool agreed; /* count and digest were the register's */
};

/* USAGE (no state directory), NO_MIRROR, MIRROR_DAMAGED, MIRROR_FOREIGN, STATE, STATE_BUSY, STATE_NEWER, MEMORY. */
int mtr_client_mirror_state(struct mtr_client *client, struct mtr_client_mirror_state *ret_state);

/* Answers a packed Query from the mirror, without a link: List, Tallies or NominationStatus, as the register would have
 * answered at the mirror's revision, which is the Answer's. Bytes as mtr_client_query. Other queries are answered with
 * the error UNKNOWN_REQUEST, a least_revision beyond the mirror's with TIMED_OUT.
 * As mtr_client_mirror_state, NO_MIRROR also while the mirror is read for the first time; USAGE if it isn't a Query. */
int mtr_client_query_mirror(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
			    size_t *ret_answer_size);

#ifdef __cplusplus
}
#endif

#endif
