/* Many connections in one thread, each a DEALER with CURVE and a key of its own, with so many requests in flight; each
 * answer is checked by whoever made the request. */
#ifndef BENCH_LOOP_H
#define BENCH_LOOP_H

#include "common/histogram.h"
#include "contract/bytes.h"
#include "contract/key_file.h"

#include <stdbool.h>

#define LOOP_CLIENTS_MAX 1024u
#define LOOP_FRAME_MAX 8192u

/* Requests and answers of one kind. Everything belongs to the one thread. */
struct talk {
	void *context;
	/* Sent first on a connection, and answered before anything else; NULL: nothing is. Sizes of frames. */
	size_t (*greet)(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX]);
	void (*greeted)(void *context, uint32_t client, struct mtr_bytes frame);
	size_t (*ask)(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX]);
	/* An answer, to the oldest request of the client. False when it goes on in the next frame. Ends the process
	 * when it is wrong. */
	bool (*answered)(void *context, uint32_t client, struct mtr_bytes frame);
	/* True when there is nothing more to ask: the loop ends before its time. NULL: there always is. */
	bool (*finished)(void *context);
	/* Called at the end; NULL: nothing is. */
	void (*end)(void *context);
};

struct loop_options {
	const char *endpoint;
	uint8_t server_key[MTR_KEY_BYTES];
	uint32_t first_key; /* world_key_pair of the first client */
	bool same_key;      /* and of all others */
	uint32_t clients, window;
	double warm_s, seconds;
	double rate; /* of requests a second, in all, at random moments; 0: each client asks when it was answered */
};

struct loop_result {
	struct histogram latency; /* with a rate: since the moment the request was due */
	uint64_t bytes;           /* of answers */
	double seconds;
};

/* Ends the process when something goes wrong. */
void loop_run(const struct loop_options *options, const struct talk *talk, struct loop_result *ret_result);

#endif
