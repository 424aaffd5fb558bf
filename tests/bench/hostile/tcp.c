/* Peers below ZeroMQ. */
#include "hostile/hostile.h"

#include "common/fail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOISE 65536u
#define PAUSE_MS 20
#define EVENTS 64
#define SPARE_DESCRIPTORS 64u

static struct sockaddr_in address_of(const char *endpoint)
{
	const char *colon = strrchr(endpoint, ':');
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};

	if (!colon)
		bench_fail(endpoint, "has no port");
	address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	return address;
}

/* Without waiting for the connection. */
static int connect_again(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)address, sizeof *address) != 0 &&
	    errno != EINPROGRESS) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void allow_descriptors(unsigned count)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		bench_fail("descriptors", strerror(errno));
	limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_max < count + SPARE_DESCRIPTORS || setrlimit(RLIMIT_NOFILE, &limit) != 0)
		bench_fail("descriptors", "the system allows too few");
}

/* True while the connection stands. What the server sent is dropped. */
static bool drain(int fd)
{
	uint8_t bytes[256];
	ssize_t size;

	do
		size = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
	while (size > 0);
	return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

struct attack {
	struct sockaddr_in address;
	const uint8_t *noise; /* NULL: nothing is sent */
	int epoll;
	unsigned count, missing; /* peers; those without a connection */
	int *peers;              /* descriptors, -1 without */
};

static void open_peer(struct attack *attack, unsigned i)
{
	struct epoll_event event = {.events = attack->noise ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.u32 = i};

	attack->peers[i] = connect_again(&attack->address);
	if (attack->peers[i] < 0)
		attack->missing++;
	else if (epoll_ctl(attack->epoll, EPOLL_CTL_ADD, attack->peers[i], &event) != 0)
		bench_fail("epoll", strerror(errno));
}

static void open_missing(struct attack *attack)
{
	if (!attack->missing)
		return;
	attack->missing = 0;
	for (unsigned i = 0; i < attack->count && !hostile_stop; i++)
		if (attack->peers[i] < 0)
			open_peer(attack, i);
}

static bool stands(const struct attack *attack, int fd, uint32_t events)
{
	if (events & (EPOLLERR | EPOLLHUP) || (events & EPOLLIN && !drain(fd)))
		return false;
	return !(events & EPOLLOUT) || send(fd, attack->noise, NOISE, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0 ||
	       errno == EAGAIN;
}

/* What the machine spends on looking for events is taken from the server: it must not grow with the connections. */
static void take_events(struct attack *attack)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(attack->epoll, events, EVENTS, PAUSE_MS);

	for (int e = 0; e < count; e++) {
		unsigned i = events[e].data.u32;

		if (stands(attack, attack->peers[i], events[e].events))
			continue;
		close(attack->peers[i]);
		open_peer(attack, i);
	}
}

static void run(const struct target *target, const uint8_t *noise)
{
	struct attack attack = {
		.address = address_of(target->endpoint),
		.noise = noise,
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.count = target->count,
		.missing = target->count,
		.peers = calloc(target->count, sizeof *attack.peers),
	};

	if (attack.epoll < 0 || !attack.peers)
		bench_fail("hostile", "no memory");
	allow_descriptors(attack.count);
	for (unsigned i = 0; i < attack.count; i++)
		attack.peers[i] = -1;
	while (!hostile_stop) {
		open_missing(&attack);
		take_events(&attack);
	}
	for (unsigned i = 0; i < attack.count; i++)
		if (attack.peers[i] >= 0)
			close(attack.peers[i]);
	close(attack.epoll);
	free(attack.peers);
}

void hostile_half_open(const struct target *target)
{
	run(target, NULL);
}

void hostile_garbage(const struct target *target)
{
	static uint8_t noise[NOISE];

	randombytes_buf(noise, sizeof noise);
	run(target, noise);
}
