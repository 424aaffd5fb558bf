/* A directory, a desk's key and a client of it, for the tests of the client library. */
#ifndef TESTS_CLIENT_TESTING_H
#define TESTS_CLIENT_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_server.h"
#include "matricula/matricula.h"

struct desk {
	char directory[64]; /* temporary */
	char key_file[96], state[96], public_key[MTR_CLIENT_KEY_TEXT];
	struct mtr_client *client;
	/* What flush reported. */
	uint64_t answers; /* how many */
	uint64_t last;    /* sequence */
	bool out_of_order;
	Mtr__Answer *answer; /* the last one */
};

/* Makes the directory and the key. */
void desk_begin(struct desk *desk);
/* Opens the client for this server; asserts that it works. timeout_ms as in the options. */
void desk_open(struct desk *desk, const struct fake_server *server, uint32_t timeout_ms);
int desk_try_open(struct desk *desk, const struct fake_server *server, uint32_t timeout_ms);
void desk_close(struct desk *desk);
/* Closes, and removes the directory. */
void desk_end(struct desk *desk);

/* mtr_client_hello, for a test that doesn't look at the answer. */
int desk_hello(struct desk *desk);

/* Enqueues a Withdraw of nomination `id`; returns the library's error. */
int desk_try_enqueue(struct desk *desk, uint64_t id, uint64_t *ret_sequence);
/* The same, asserting that it works. */
void desk_enqueue(struct desk *desk, uint64_t id);
/* Enqueues `count` of them in transactions of a thousand. */
void desk_enqueue_count(struct desk *desk, uint64_t count);
/* mtr_client_flush, keeping count of the answers. */
int desk_flush(struct desk *desk);
uint64_t desk_queued(struct desk *desk);

/* Copies the files of the state directory into a new one below the desk's directory. */
void desk_copy_state(struct desk *desk, char ret_copy[96]);

#endif
