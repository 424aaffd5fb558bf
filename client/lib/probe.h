/* A look at a server's door without ZeroMQ's own client, which only tells that a handshake broke, not at which step. */
#ifndef MTR_CLIENT_PROBE_H
#define MTR_CLIENT_PROBE_H

#include "clock.h"
#include "contract/key_file.h"

enum mtr_probe {
	MTR_PROBE_UNCLEAR, /* broken off somewhere, or nothing came: that may be the link */
	MTR_PROBE_WELCOME, /* it reads what is encrypted for the key, and answered as only its owner can */
	MTR_PROBE_SHUT,    /* it greeted in full, took the hello encrypted for the key, and closed without a word */
};

/* Connects to `endpoint` once more, with a key of its own that is thrown away, and says hello in CURVE for
 * `server_key`. Ends at `deadline` or when `stop` can be read (-1: never). The process has a context meanwhile
 * (mtr_process_context).
 * Source: ZMTP 3.0 (rfc.zeromq.org/spec/23) and CurveZMQ (rfc.zeromq.org/spec/26). */
enum mtr_probe mtr_probe_door(const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES], struct mtr_moment deadline,
			      int stop);

#endif
