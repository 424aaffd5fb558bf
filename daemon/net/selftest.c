#include "net/selftest.h"

#include "contract/key_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define WAIT_MS 5000

enum verdict { LET_IN, REFUSED, SILENT, SYSTEM };

const char *mtr_selftest_text(enum mtr_selftest outcome)
{
	switch (outcome) {
	case MTR_SELFTEST_PASSED:
		return "passed";
	case MTR_SELFTEST_STRANGER_LET_IN:
		return "a key that isn't registered was let in";
	case MTR_SELFTEST_FRIEND_REFUSED:
		return "a key that is registered was refused";
	case MTR_SELFTEST_NO_ANSWER:
		return "the listener didn't answer on its own address";
	case MTR_SELFTEST_SYSTEM:
		return "a connection couldn't be made";
	}
	return "?";
}

/* Where a listener on every address is reached from this machine. */
static void reachable(const char *endpoint, char *ret_text, size_t size)
{
	static const char *const any[] = {"tcp://0.0.0.0:", "tcp://[::]:", "tcp://*:"};
	static const char *const loopback[] = {"tcp://127.0.0.1:", "tcp://[::1]:", "tcp://127.0.0.1:"};

	for (size_t i = 0; i < sizeof any / sizeof any[0]; i++) {
		if (strncmp(endpoint, any[i], strlen(any[i])) == 0) {
			snprintf(ret_text, size, "%s%s", loopback[i], endpoint + strlen(any[i]));
			return;
		}
	}
	snprintf(ret_text, size, "%s", endpoint);
}

/* What the monitor says first. */
static enum verdict await(void *monitor)
{
	zmq_msg_t frame;
	uint16_t event = 0;
	enum verdict verdict = SILENT;

	zmq_msg_init(&frame);
	if (zmq_msg_recv(&frame, monitor, 0) >= (int)sizeof event) {
		memcpy(&event, zmq_msg_data(&frame), sizeof event);
		if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
			verdict = LET_IN;
		else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
			verdict = REFUSED;
	}
	zmq_msg_close(&frame);
	return verdict;
}

static bool prepare(void *peer, void *monitor, const uint8_t *server_key, const struct mtr_key_pair *pair)
{
	static const char scheme[] = "inproc://";
	int linger = 0, wait = WAIT_MS, ipv6 = 1;
	char address[sizeof scheme + MTR_KEY_TEXT];

	/* An address of its own: libzmq gives up the one before some time after its socket was closed. */
	memcpy(address, scheme, sizeof scheme);
	mtr_key_text(pair->public_key, address + strlen(scheme));
	return zmq_setsockopt(peer, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
	       zmq_setsockopt(peer, ZMQ_IPV6, &ipv6, sizeof ipv6) == 0 &&
	       zmq_setsockopt(peer, ZMQ_CURVE_SERVERKEY, server_key, MTR_KEY_BYTES) == 0 &&
	       zmq_setsockopt(peer, ZMQ_CURVE_PUBLICKEY, pair->public_key, MTR_KEY_BYTES) == 0 &&
	       zmq_setsockopt(peer, ZMQ_CURVE_SECRETKEY, pair->secret_key, MTR_KEY_BYTES) == 0 &&
	       zmq_setsockopt(monitor, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
	       zmq_setsockopt(monitor, ZMQ_RCVTIMEO, &wait, sizeof wait) == 0 &&
	       zmq_socket_monitor(peer, address,
				  ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
					  ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL) ==
		       0 &&
	       zmq_connect(monitor, address) == 0;
}

static enum verdict knock(void *zmq_context, const char *endpoint, const uint8_t *server_key,
			  const struct mtr_key_pair *pair)
{
	void *peer = zmq_socket(zmq_context, ZMQ_DEALER), *monitor = zmq_socket(zmq_context, ZMQ_PAIR);
	enum verdict verdict = SYSTEM;

	if (peer && monitor && prepare(peer, monitor, server_key, pair) && zmq_connect(peer, endpoint) == 0)
		verdict = await(monitor);
	int error = errno;

	if (peer) {
		zmq_socket_monitor(peer, NULL, 0);
		zmq_close(peer);
	}
	if (monitor)
		zmq_close(monitor);
	errno = error;
	return verdict;
}

static enum mtr_selftest judge(enum verdict stranger, enum verdict friend)
{
	if (stranger == LET_IN)
		return MTR_SELFTEST_STRANGER_LET_IN;
	if (stranger == SYSTEM || friend == SYSTEM)
		return MTR_SELFTEST_SYSTEM;
	if (stranger == SILENT || friend == SILENT)
		return MTR_SELFTEST_NO_ANSWER;
	return friend == REFUSED ? MTR_SELFTEST_FRIEND_REFUSED : MTR_SELFTEST_PASSED;
}

enum mtr_selftest mtr_selftest_run(void *zmq_context, const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES],
				   struct mtr_zap *zap)
{
	struct mtr_key_pair stranger, friend;
	char address[256];

	if (!mtr_key_pair_make(&stranger) || !mtr_key_pair_make(&friend))
		return MTR_SELFTEST_SYSTEM;
	reachable(endpoint, address, sizeof address);
	enum verdict of_stranger = knock(zmq_context, address, server_key, &stranger);
	enum verdict of_friend = SILENT;

	if (of_stranger == REFUSED) {
		mtr_zap_set_probe(zap, friend.public_key);
		of_friend = knock(zmq_context, address, server_key, &friend);
		mtr_zap_set_probe(zap, NULL);
	}
	mtr_key_pair_wipe(&stranger);
	mtr_key_pair_wipe(&friend);
	return judge(of_stranger, of_friend);
}
