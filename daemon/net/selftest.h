/* Tries the door before anybody else does. */
#ifndef MTR_NET_SELFTEST_H
#define MTR_NET_SELFTEST_H

#include "contract/limits.h"
#include "net/zap.h"

#include <stdint.h>

enum mtr_selftest {
	MTR_SELFTEST_PASSED,
	MTR_SELFTEST_STRANGER_LET_IN, /* an unregistered key may connect: don't serve */
	MTR_SELFTEST_FRIEND_REFUSED,  /* a registered key may not */
	MTR_SELFTEST_NO_ANSWER,       /* the listener can't be reached from here */
	MTR_SELFTEST_SYSTEM,          /* errno says why it couldn't be tried */
};

/* The outcome in words, for a log line. */
const char *mtr_selftest_text(enum mtr_selftest outcome);

/* Connects to a listening `endpoint` of this context with a key nobody knows, then with one let in for the moment.
 * Takes milliseconds, at most some seconds when nothing answers. Call before anything is read from the listener. */
enum mtr_selftest mtr_selftest_run(void *zmq_context, const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES],
				   struct mtr_zap *zap);

#endif
