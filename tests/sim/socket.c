#include "socket.h"

#include "computer.h"
#include "contract/key_file.h"
#include "keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

static struct wire *wire;
static const struct packet *offered;
static enum { NAME, BODY } part;
static char user_id[MTR_KEY_TEXT];
static uint32_t addressee; /* a connection */

void socket_offer(struct wire *to, const struct packet *packet, uint32_t principal)
{
	wire = to;
	offered = packet;
	part = NAME;
	mtr_key_text(key_pair(principal)->public_key, user_id);
}

int __wrap_zmq_msg_recv(zmq_msg_t *frame, void *socket, int flags);
int __wrap_zmq_msg_more(const zmq_msg_t *frame);
const char *__wrap_zmq_msg_gets(const zmq_msg_t *frame, const char *property);
int __wrap_zmq_send(void *socket, const void *bytes, size_t size, int flags);
int __wrap_zmq_msg_send(zmq_msg_t *frame, void *socket, int flags);

static int fill(zmq_msg_t *frame, const void *bytes, size_t size)
{
	zmq_msg_close(frame);
	if (zmq_msg_init_size(frame, size) != 0)
		return -1;
	memcpy(zmq_msg_data(frame), bytes, size);
	return (int)size;
}

/* A message is the peer's name and one body. */
int __wrap_zmq_msg_recv(zmq_msg_t *frame, void *socket, int flags)
{
	const struct packet *packet = offered;

	(void)socket;
	(void)flags;
	if (!packet) {
		errno = EAGAIN;
		return -1;
	}
	if (part == NAME) {
		part = BODY;
		return fill(frame, &packet->connection, sizeof packet->connection);
	}
	part = NAME;
	offered = NULL;
	return fill(frame, packet->bytes, packet->size);
}

int __wrap_zmq_msg_more(const zmq_msg_t *frame)
{
	(void)frame;
	return part == BODY;
}

const char *__wrap_zmq_msg_gets(const zmq_msg_t *frame, const char *property)
{
	(void)frame;
	(void)property;
	return user_id;
}

int __wrap_zmq_send(void *socket, const void *bytes, size_t size, int flags)
{
	(void)socket;
	(void)flags;
	if (size != sizeof addressee)
		abort();
	memcpy(&addressee, bytes, size);
	if (wire_open_at_server(wire, addressee))
		return (int)size;
	errno = EHOSTUNREACH;
	return -1;
}

int __wrap_zmq_msg_send(zmq_msg_t *frame, void *socket, int flags)
{
	int size = (int)zmq_msg_size(frame);

	(void)socket;
	(void)flags;
	if (computer_running_fails(CRASH_BEFORE_REPLY)) {
		errno = EAGAIN;
		return -1;
	}
	wire_send(wire, addressee, false, zmq_msg_data(frame), (size_t)size);
	zmq_msg_close(frame);
	computer_running_fails(CRASH_AFTER_REPLY);
	return size;
}
