/* From nothing to a session: a connection, a hello on it, and patience with a server that is busy or away. Of a
 * register that was restored from a backup first the proof is asked for (restored.h), and hello is said again. */
#ifndef MTR_CLIENT_GREETING_H
#define MTR_CLIENT_GREETING_H

#include "backoff.h"
#include "client.h"
#include "machine.h"

/* All zeros at first; what is known of the connection stays when there is a session. */
struct mtr_greeting {
	struct mtr_backoff backoff;
	struct mtr_moment rest; /* nothing is tried before */
	uint64_t hello;         /* request id of the hello, or the question, under way; 0: none */
	/* Of a register that is new to this desk, or was restored, and is to be asked for its statements. */
	uint64_t incarnation; /* 0: none */
	uint64_t outbox_next;
	bool first, has_recovery_key, noted;
	uint8_t recovery_key[MTR_KEY_BYTES];
	bool connected, tried;
	bool busy; /* the last that was heard of the server */
	int error; /* that ends it */
};

/* As those of a machine. END with 0: there is a session. Errors of mtr_client_hello. */
struct mtr_step mtr_greeting_next(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now,
				  struct mtr_moment deadline);
void mtr_greeting_link(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now, int error);
bool mtr_greeting_frame(struct mtr_greeting *greeting, struct mtr_client *client, struct mtr_moment now,
			struct mtr_bytes frame);

#endif
