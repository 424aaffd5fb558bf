/* A client from the inside. */
#ifndef MTR_CLIENT_CLIENT_H
#define MTR_CLIENT_CLIENT_H

#include "clock.h"
#include "contract/arena.h"
#include "contract/key_file.h"
#include "link.h"
#include "machine.h"
#include "matricula/matricula.h"
#include "matricula/v1/wire.pb-c.h"
#include "outbox.h"

/* What Request adds around a Command or Query: tags, lengths, request id and sequencing. */
#define MTR_REQUEST_OVERHEAD 192u
#define MTR_COMMAND_MAX (MTR_REQUEST_MAX - MTR_REQUEST_OVERHEAD)
/* Decoded answers: a row of a page, two bytes on the wire at least, becomes some hundred. */
#define MTR_ANSWER_ARENA (32u * 1024u * 1024u)

/* What the server said in its hello, valid for one connection. */
struct mtr_session {
	struct mtr_bytes answer; /* packed Answer with the HelloReply; owned; no data before the hello */
	uint32_t maximum_message, maximum_in_flight;
	uint64_t outbox_next, backed_up_revision;
	uint64_t brought;        /* it gathers what it lost in a restore, and has all entries before this one; or 0 */
	struct mtr_moment since; /* when it was said */
};

struct mtr_mirror_file;

struct mtr_client {
	char *endpoint, *software;
	char *known_file; /* path: known_file.h; NULL: this client only reads */
	uint8_t server_key[MTR_KEY_BYTES];
	struct mtr_key_pair *keys; /* in memory that is locked and wiped */
	uint32_t timeout_ms;
	struct mtr_outbox *outbox;      /* NULL: this client only reads */
	struct mtr_mirror_file *mirror; /* of the same state directory */
	struct mtr_link *link;          /* NULL while there is no need, and after an error */
	struct mtr_session session;
	uint64_t sessions;       /* so far */
	uint64_t request_id;     /* the last one used */
	uint8_t *frame;          /* MTR_REQUEST_MAX bytes: the request being sent */
	struct mtr_arena *arena; /* of the last answer */
	int stop;                /* ends every wait once it can be read; -1: nothing does */
};

/* What a client does with an answer. */
enum mtr_verdict {
	MTR_VERDICT_FINAL,
	MTR_VERDICT_HELLO,   /* say hello again, then send the same */
	MTR_VERDICT_GAP,     /* go back to the sequence in error->number */
	MTR_VERDICT_RETRY,   /* the same again, later */
	MTR_VERDICT_REFUSED, /* the key */
	MTR_VERDICT_VERSION,
	MTR_VERDICT_HALT,
	MTR_VERDICT_NONSENSE,
};
/* Of an answer to a command. */
enum mtr_verdict mtr_verdict(const Mtr__Answer *answer);

/* Packs the request with a new id and sends it. 0, TOO_LARGE, or NO_LINK when the link takes no more for now. */
int mtr_session_send(struct mtr_client *client, Mtr__Request *request);

/* Rests until then. False at once when the client shall stop. */
bool mtr_client_rest(const struct mtr_client *client, struct mtr_moment until);

/* Runs a machine to its end; its error, or INTERRUPTED. */
int mtr_drive(struct mtr_client *client, struct mtr_machine *machine);

/* Connected and greeted: at once when that is so. Errors of mtr_client_hello. */
int mtr_session_ensure(struct mtr_client *client, struct mtr_moment deadline);
/* The present connection needs a hello before anything else. */
void mtr_session_end(struct mtr_client *client);
/* Sends the request and waits for its answer, unpacked and packed in client->arena. NO_LINK, PROTOCOL, TOO_LARGE. */
int mtr_session_exchange(struct mtr_client *client, Mtr__Request *request, struct mtr_moment deadline,
			 struct mtr_bytes *ret_packed, Mtr__Answer **ret_answer);
/* After an error: drops the link, so that the next call starts from nothing. Returns `error`. */
int mtr_session_drop(struct mtr_client *client, int error);

/* One request and its answer, packed, in client->arena. Reconnects and repeats until `deadline`, so the request must
 * not matter twice. */
int mtr_session_ask(struct mtr_client *client, Mtr__Request *request, struct mtr_moment deadline,
		    struct mtr_bytes *ret_answer);

#endif
