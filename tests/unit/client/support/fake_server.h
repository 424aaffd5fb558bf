/* A register in a thread, reduced to what a client sees of it: CURVE, hello, sequencing. A test tells it how to
 * misbehave, request by request. */
#ifndef TESTS_FAKE_SERVER_H
#define TESTS_FAKE_SERVER_H

#include "contract/key_file.h"
#include "matricula/v1/wire.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

enum fake_action {
	FAKE_ANSWER,       /* as a register does */
	FAKE_SILENCE,      /* do it, and lose the reply */
	FAKE_IGNORE,       /* lose the request */
	FAKE_TWICE,        /* do it, and reply twice */
	FAKE_BUSY,         /* do nothing, answer BUSY */
	FAKE_ERROR,        /* do nothing, answer `code` */
	FAKE_FORGET,       /* do nothing, forget who said hello, answer HELLO_REQUIRED */
	FAKE_STALE,        /* a reply to a request nobody made comes first */
	FAKE_NOISE,        /* bytes that are no Reply */
	FAKE_NOISE_ANSWER, /* a Reply whose answer can't be read */
	FAKE_EMPTY_ANSWER, /* a Reply with an empty answer */
	FAKE_PARTS,        /* a reply in two frames */
	FAKE_OVERSIZED,    /* a reply larger than a reply may be */
	FAKE_NAMELESS,     /* an error without request id */
	FAKE_LIE,          /* a final error that consumed nothing */
	FAKE_LATER,        /* do it; the reply is sent only after the next one */
};

/* Called in the server's thread for each request, hello included; `turn` counts from 1. */
struct fake_server;
typedef enum fake_action (*fake_hook)(struct fake_server *server, const Mtr__Request *request, unsigned turn);

struct fake_server {
	/* For the test to set before fake_server_start. */
	fake_hook hook;
	Mtr__ErrorCode code; /* of FAKE_ERROR */
	void *context;
	uint32_t in_flight; /* as announced; 0: 32 */
	uint32_t protocol;  /* as chosen; 0: 1 */
	uint64_t backed_up_revision;
	bool refuse_keys; /* ZAP says 400 */
	/* As the hello tells them. */
	Mtr__Principal *principal; /* NULL: none */
	uint64_t incarnation, now;
	const uint8_t *recovery_key; /* NULL: none */
	uint8_t *audit_key;          /* NULL: none */
	/* The packed Answer to a query, from malloc; NULL: an empty page. In the server's thread. */
	uint8_t *(*query)(struct fake_server *server, const Mtr__Query *query, size_t *ret_size);
	/* What it holds, kept across restarts. Written by the thread: look only while it is stopped. */
	struct mtr_key_pair keys;
	int port;
	uint64_t next; /* sequence expected; 0 before the first start */
	uint64_t capacity;
	uint8_t (*hashes)[MTR_HASH_BYTES]; /* of each entry consumed */
	uint64_t repeated;                 /* requests for what was consumed already */
	uint64_t hellos;
	uint64_t forgotten; /* highest first_unacknowledged seen */
	bool violated;      /* a client asked below what it had acknowledged, or was too far ahead */
	struct fake_thread *thread;
};

/* Keys and a port of its own the first time; the same port afterwards. Fails the test if that can't be had. */
void fake_server_start(struct fake_server *server);
void fake_server_stop(struct fake_server *server);
/* Stops and frees what it holds. */
void fake_server_end(struct fake_server *server);

/* "tcp://127.0.0.1:port" and its key, in Z85. */
void fake_server_endpoint(const struct fake_server *server, char ret_endpoint[64]);
void fake_server_key(const struct fake_server *server, char ret_key[MTR_KEY_TEXT]);

#endif
