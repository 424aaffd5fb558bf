/* Bytes on the wire:
 *   greeting  FF 8×00 7F | 03 00 | "CURVE" padded to 20 | as-server | 31×00
 *   HELLO     04 C8 | 05 "HELLO" | 01 00 | 72×00 | our short-term key (32) | nonce (8) | box of 64×00 (80)
 *   WELCOME   04 A8 | 07 "WELCOME" | nonce (16) | box of the server's short-term key and cookie (144) */
#include "probe.h"

#include "process.h"

#include <sodium.h>
#include <string.h>
#include <zmq.h>

#define GREETING 64u
#define MECHANISM_AT 12u
#define MECHANISM 20u
#define HELLO 202u
#define WELCOME 170u
#define BOX_NAME 16u /* of the nonce in HELLO; 8 in WELCOME */
#define PEER_MAX 255u

_Static_assert(crypto_box_PUBLICKEYBYTES == MTR_KEY_BYTES && crypto_box_SECRETKEYBYTES == MTR_KEY_BYTES,
	       "keys of CURVE");

struct probe {
	void *socket;
	struct mtr_key_pair keys; /* of this probe alone */
	const uint8_t *server_key;
	uint8_t peer[PEER_MAX];
	size_t peer_size;
	bool connected, said_hello, over;
	uint8_t heard[GREETING + WELCOME];
	size_t size; /* heard so far; what comes after the welcome isn't kept */
};

static const uint8_t mechanism[MECHANISM] = "CURVE";

static void write_greeting(uint8_t greeting[GREETING])
{
	memset(greeting, 0, GREETING);
	greeting[0] = 0xFF;
	greeting[9] = 0x7F;
	greeting[10] = 3;
	memcpy(greeting + MECHANISM_AT, mechanism, MECHANISM);
}

static bool write_hello(const struct probe *probe, uint8_t hello[HELLO])
{
	static const uint8_t zeros[64];
	uint8_t nonce[crypto_box_NONCEBYTES];

	memset(hello, 0, HELLO);
	hello[0] = 0x04;
	hello[1] = HELLO - 2;
	memcpy(hello + 2, "\x05HELLO\x01", 7);
	memcpy(hello + 82, probe->keys.public_key, MTR_KEY_BYTES);
	hello[121] = 1;
	memcpy(nonce, "CurveZMQHELLO---", BOX_NAME);
	memcpy(nonce + BOX_NAME, hello + 114, sizeof nonce - BOX_NAME);
	return crypto_box_easy(hello + 122, zeros, sizeof zeros, nonce, probe->server_key, probe->keys.secret_key) == 0;
}

static bool greeted(const struct probe *probe)
{
	const uint8_t *heard = probe->heard;

	return probe->size >= GREETING && heard[0] == 0xFF && heard[9] == 0x7F && heard[10] >= 3 &&
	       memcmp(heard + MECHANISM_AT, mechanism, MECHANISM) == 0;
}

static bool welcomed(const struct probe *probe)
{
	const uint8_t *welcome = probe->heard + GREETING;
	uint8_t nonce[crypto_box_NONCEBYTES];
	uint8_t plain[128];

	if (!greeted(probe) || probe->size < sizeof probe->heard || memcmp(welcome, "\x04\xA8\x07WELCOME", 10) != 0)
		return false;
	memcpy(nonce, "WELCOME-", 8);
	memcpy(nonce + 8, welcome + 10, 16);
	return crypto_box_open_easy(plain, welcome + 26, WELCOME - 26, nonce, probe->server_key,
				    probe->keys.secret_key) == 0;
}

static bool say(struct probe *probe, const uint8_t *words, size_t size)
{
	return zmq_send(probe->socket, probe->peer, probe->peer_size, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0 &&
	       zmq_send(probe->socket, words, size, ZMQ_DONTWAIT) >= 0;
}

/* The hello follows the server's greeting: a server that meets both at once and can't read the hello closes before it
 * has greeted. */
static bool speak(struct probe *probe)
{
	uint8_t words[HELLO];

	if (!probe->connected) {
		probe->connected = true;
		write_greeting(words);
		return say(probe, words, GREETING);
	}
	if (probe->said_hello || probe->size < GREETING)
		return true;
	probe->said_hello = true;
	return write_hello(probe, words) && say(probe, words, HELLO);
}

/* A message is the connection's name and what came over it; nothing tells that it was made, or closed. */
static void listen_once(struct probe *probe)
{
	zmq_msg_t message;
	int size = zmq_recv(probe->socket, probe->peer, sizeof probe->peer, ZMQ_DONTWAIT);

	if (size < 0)
		return;
	probe->peer_size = (size_t)size < sizeof probe->peer ? (size_t)size : sizeof probe->peer;
	zmq_msg_init(&message);
	if (zmq_msg_recv(&message, probe->socket, ZMQ_DONTWAIT) < 0) {
		probe->over = true;
	} else if (zmq_msg_size(&message) == 0) {
		probe->over = probe->connected;
	} else {
		size_t room = sizeof probe->heard - probe->size;
		size_t part = zmq_msg_size(&message) < room ? zmq_msg_size(&message) : room;
		memcpy(probe->heard + probe->size, zmq_msg_data(&message), part);
		probe->size += part;
	}
	zmq_msg_close(&message);
	if (!probe->over)
		probe->over = !speak(probe);
}

static bool wait_for_news(struct probe *probe, struct mtr_moment deadline, int stop)
{
	zmq_pollitem_t items[] = {
		{.socket = probe->socket, .events = ZMQ_POLLIN},
		{.fd = stop, .events = ZMQ_POLLIN},
	};

	return zmq_poll(items, stop < 0 ? 1 : 2, mtr_moment_left(deadline)) > 0 && items[0].revents &&
	       !items[1].revents;
}

static enum mtr_probe look(struct probe *probe, struct mtr_moment deadline, int stop)
{
	while (!probe->over && probe->size < sizeof probe->heard) {
		if (!wait_for_news(probe, deadline, stop))
			return MTR_PROBE_UNCLEAR;
		listen_once(probe);
	}
	if (welcomed(probe))
		return MTR_PROBE_WELCOME;
	return probe->said_hello && greeted(probe) && probe->size == GREETING ? MTR_PROBE_SHUT : MTR_PROBE_UNCLEAR;
}

static bool open_socket(struct probe *probe, void *context, const char *endpoint)
{
	const int never = -1, none = 0, yes = 1;

	probe->socket = zmq_socket(context, ZMQ_STREAM);
	return probe->socket && zmq_setsockopt(probe->socket, ZMQ_LINGER, &none, sizeof none) == 0 &&
	       zmq_setsockopt(probe->socket, ZMQ_IPV6, &yes, sizeof yes) == 0 &&
	       zmq_setsockopt(probe->socket, ZMQ_RECONNECT_IVL, &never, sizeof never) == 0 &&
	       zmq_connect(probe->socket, endpoint) == 0;
}

enum mtr_probe mtr_probe_door(const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES], struct mtr_moment deadline,
			      int stop)
{
	struct probe probe = {.server_key = server_key};
	enum mtr_probe found = MTR_PROBE_UNCLEAR;
	void *context = mtr_process_context();

	if (!context)
		return MTR_PROBE_UNCLEAR;
	if (mtr_key_pair_make(&probe.keys) && open_socket(&probe, context, endpoint))
		found = look(&probe, deadline, stop);
	if (probe.socket)
		zmq_close(probe.socket);
	mtr_key_pair_wipe(&probe.keys);
	mtr_process_context_release();
	return found;
}
