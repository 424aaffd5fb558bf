#include "net/sleeper.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zmq.h>

static int watch(int sleeper, int descriptor, uint32_t events)
{
	struct epoll_event event = {.events = events};

	return epoll_ctl(sleeper, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : -errno;
}

int mtr_sleeper_open(void *socket, int outgoing)
{
	int descriptor, error, sleeper;
	size_t size = sizeof descriptor;

	if (zmq_getsockopt(socket, ZMQ_FD, &descriptor, &size) != 0)
		return -errno;
	sleeper = epoll_create1(EPOLL_CLOEXEC);
	if (sleeper < 0)
		return -errno;
	/* Each write to the latter is a sign of its own, so that nobody need read it. */
	error = watch(sleeper, descriptor, EPOLLIN);
	if (!error)
		error = watch(sleeper, outgoing, EPOLLIN | EPOLLET);
	if (error) {
		close(sleeper);
		return error;
	}
	return sleeper;
}

bool mtr_sleeper_wait(int sleeper, int timeout_ms)
{
	struct epoll_event events[2];

	return epoll_wait(sleeper, events, 2, timeout_ms) > 0;
}
