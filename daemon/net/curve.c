#include "net/curve.h"

#include "net/zap.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

/* libzmq declares it for draft builds only, but has it in all: without it peers are let in when nobody answers for the
 * gate. That would pass unnoticed, so the self-test tries the door. */
#define ZAP_ENFORCE_DOMAIN 93

/* Twice the largest request, so that one somewhat too large is answered rather than cut off. */
#define FRAME_BYTES_MAX (INT64_C(2) * MTR_REQUEST_MAX)
/* Half-open connections at the limit of file descriptors make libzmq spin. */
#define HANDSHAKE_MS 5000
#define HEARTBEAT_MS 10000
#define HEARTBEAT_TIMEOUT_MS 30000
/* Requests of one peer in memory; the rest waits in the network. */
#define RECEIVE_MESSAGES 64
/* Every reply a session may be owed, and as many refusals. */
#define SEND_MESSAGES ((int)(2u * MTR_IN_FLIGHT_MAX))
#define BACKLOG 1024

struct option {
	int name, value;
};

static const struct option options[] = {
	{ZMQ_CURVE_SERVER, 1},
	{ZAP_ENFORCE_DOMAIN, 1},
	{ZMQ_ROUTER_MANDATORY, 1},
	/* A peer that names itself as another one can't take over what is meant for that one. */
	{ZMQ_ROUTER_HANDOVER, 0},
	{ZMQ_LINGER, 0},
	{ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
	{ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
	{ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
	{ZMQ_RCVHWM, RECEIVE_MESSAGES},
	{ZMQ_SNDHWM, SEND_MESSAGES},
	{ZMQ_BACKLOG, BACKLOG},
};

void *mtr_curve_router(void *zmq_context, const struct mtr_key_pair *pair)
{
	static const char domain[] = MTR_ZAP_DOMAIN;
	const int64_t largest = FRAME_BYTES_MAX;
	void *socket = zmq_socket(zmq_context, ZMQ_ROUTER);
	int failed = 0;

	if (!socket)
		return NULL;
	for (size_t i = 0; i < sizeof options / sizeof options[0] && !failed; i++)
		failed = zmq_setsockopt(socket, options[i].name, &options[i].value, sizeof options[i].value);
	if (!failed)
		failed = zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain));
	if (!failed)
		failed = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
	if (!failed)
		failed = zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, pair->secret_key, sizeof pair->secret_key);
	if (failed) {
		int error = errno;

		zmq_close(socket);
		errno = error;
		return NULL;
	}
	return socket;
}

int mtr_curve_bind(void *socket, const char *endpoint, char *ret_bound, size_t bound_size)
{
	/* Only for an address of that kind: with it, an IPv4 address is named the IPv6 way. */
	int ipv6 = strchr(endpoint, '[') ? 1 : 0;

	if (zmq_setsockopt(socket, ZMQ_IPV6, &ipv6, sizeof ipv6) != 0 || zmq_bind(socket, endpoint) != 0)
		return -errno;
	return zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, ret_bound, &bound_size) == 0 ? 0 : -errno;
}
