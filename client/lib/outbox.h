/* The outbox: commands on their way to the register, in the order they were written, and what became of them.
 *
 * Functions that return int return 0 or one of enum mtr_client_error: STATE, STATE_FULL and MEMORY unless said
 * otherwise. Several processes may have the same outbox open. */
#ifndef MTR_CLIENT_OUTBOX_H
#define MTR_CLIENT_OUTBOX_H

#include "clock.h"
#include "contract/arena.h"
#include "contract/bytes.h"
#include "contract/limits.h"
#include "matricula/matricula.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mtr_outbox;

/* Opens the outbox in `directory` or makes a new one, with a random id, for this key. STATE_KEY, STATE_NEWER. */
int mtr_outbox_open(struct mtr_outbox **ret_outbox, const char *directory, const uint8_t public_key[MTR_KEY_BYTES]);
/* Closes and nulls; NULL is fine. */
void mtr_outbox_close(struct mtr_outbox **outbox);

struct mtr_outbox_state {
	uint8_t id[MTR_OUTBOX_BYTES];
	uint64_t next;                /* sequence of the entry to be written next, from 1 */
	uint64_t first_unanswered;    /* equal to next when all have their answers */
	uint64_t base;                /* entry s of this machine is entry s - base to the register */
	uint64_t former_end;          /* no entry from here on had an answer before a restore */
	uint8_t hash[MTR_HASH_BYTES]; /* entry hash of next - 1 */
	bool halted;
};
int mtr_outbox_state(struct mtr_outbox *outbox, struct mtr_outbox_state *ret_state);

/* Puts the commands behind the others, all or none, durable on return. HALTED. */
int mtr_outbox_append(struct mtr_outbox *outbox, struct mtr_client_command *commands, size_t count, uint64_t now);

/* Where an entry lay, and what it was answered, before the register was restored. */
struct mtr_outbox_former {
	const uint8_t *outbox; /* MTR_OUTBOX_BYTES */
	uint64_t sequence;
	const uint8_t *previous_hash;
	uint64_t revision;
	struct mtr_bytes receipt; /* size 0: none */
	struct mtr_bytes answer;  /* packed Answer; size 0: it wasn't kept */
};

struct mtr_outbox_entry {
	uint64_t sequence; /* of this machine */
	bool again;        /* it had an answer, in `former` */
	struct mtr_outbox_former former;
	uint64_t enqueued_at; /* time of day, ms */
	const uint8_t *previous_hash;
	struct mtr_bytes command;
};
/* Called for each entry; its bytes are valid during the call. False stops. */
typedef bool (*mtr_outbox_entry_fn)(void *context, const struct mtr_outbox_entry *entry);
/* Walks from the entry `from`; an entry whose bytes don't match their hash ends it with STATE. `entry` must not write.
 */
int mtr_outbox_each(struct mtr_outbox *outbox, uint64_t from, mtr_outbox_entry_fn entry, void *context);

struct mtr_outbox_answer {
	struct mtr_outbox_answer *next;
	uint64_t sequence;
	uint64_t revision;
	bool refused;           /* it is an error: shown until the clerk has dealt with it */
	struct mtr_bytes bytes; /* packed Answer */
	const uint8_t *receipt; /* MTR_HASH_BYTES; NULL: the register gave none */
};
/* Marks the first unanswered entries, in order, as finally answered, and keeps the answers if the disk has room. */
int mtr_outbox_answered(struct mtr_outbox *outbox, const struct mtr_outbox_answer *first, uint64_t now);

/* What came of an attempt to send that brought no final answer. */
struct mtr_outbox_attempt {
	uint64_t first, end; /* of the entries it was an attempt at */
	uint32_t code;       /* of the error the server answered with; 0: none */
	int error;           /* of this library; 0: none */
	uint64_t now;        /* time of day, ms */
};
/* Counts it for each entry. */
int mtr_outbox_attempted(struct mtr_outbox *outbox, const struct mtr_outbox_attempt *attempt);

/* The entries below `end` have left this machine, over a link or in a bundle. */
int mtr_outbox_sent(struct mtr_outbox *outbox, uint64_t end);
int mtr_outbox_exported(struct mtr_outbox *outbox, uint64_t end);

/* Remembers for good that nothing may be sent from here any more, and why. */
int mtr_outbox_halt(struct mtr_outbox *outbox, struct mtr_bytes answer);
/* That answer, copied into the arena; size 0 if there is none. */
int mtr_outbox_halt_answer(struct mtr_outbox *outbox, struct mtr_arena *arena, struct mtr_bytes *ret_answer);

/* Drops answered entries that a backup of the register up to `revision` covers, except refused ones that the clerk
 * hasn't dealt with. */
int mtr_outbox_forget(struct mtr_outbox *outbox, uint64_t revision);

/* What this desk knows of the register's incarnations. */
struct mtr_outbox_pins {
	bool met;             /* the register has been met */
	uint64_t incarnation; /* the one it had last */
	bool has_recovery_key;
	uint8_t recovery_key[MTR_KEY_BYTES];
	uint64_t stated_at; /* of the newest statement accepted; 0: none was */
};
int mtr_outbox_pins(struct mtr_outbox *outbox, struct mtr_outbox_pins *ret_pins);
/* Whether this desk has met that incarnation. */
int mtr_outbox_has_met(struct mtr_outbox *outbox, uint64_t incarnation, bool *ret_met);
/* At the first contact: the incarnations the register has had, the present one last. Keeps what is there. */
struct mtr_outbox_meeting {
	const uint64_t *incarnations; /* NULL: only the recovery key is new */
	size_t count;
	uint64_t stated_at;
	const uint8_t *recovery_key; /* NULL: none was told */
};
int mtr_outbox_pin(struct mtr_outbox *outbox, const struct mtr_outbox_meeting *meeting);

/* A restore of the register that has been found signed. */
struct mtr_outbox_adoption {
	uint64_t incarnation, stated_at;
	uint64_t fork_revision; /* answers up to this one still hold */
	uint64_t next;          /* what the register expects of the outbox now */
	uint64_t now;           /* time of day, ms */
};
/* Takes it on: what the register has lost waits to be answered again. When this desk has let go of some of it, the
 * outbox begins anew, with a CloseOutbox in the place of the last one that is gone. */
int mtr_outbox_adopt(struct mtr_outbox *outbox, const struct mtr_outbox_adoption *adoption);

/* Makes this process the one that sends; waits until `deadline` for another to end. STATE_BUSY. */
int mtr_outbox_lock(struct mtr_outbox *outbox, struct mtr_moment deadline);
void mtr_outbox_unlock(struct mtr_outbox *outbox);

#endif
