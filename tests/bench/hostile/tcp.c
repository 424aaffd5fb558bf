/* Peers below ZeroMQ. */
#include "hostile/hostile.h"

#include "common/fail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOISE 65536u
#define PAUSE_MS 20
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

static void attack(const struct target *target, const uint8_t *noise)
{
	const struct sockaddr_in address = address_of(target->endpoint);
	struct pollfd *peers = calloc(target->count, sizeof *peers);

	if (!peers)
		bench_fail("hostile", "no memory");
	allow_descriptors(target->count);
	for (unsigned i = 0; i < target->count; i++)
		peers[i] = (struct pollfd){.fd = -1, .events = noise ? POLLIN | POLLOUT : POLLIN};
	while (!hostile_stop) {
		for (unsigned i = 0; i < target->count && !hostile_stop; i++)
			if (peers[i].fd < 0)
				peers[i].fd = connect_again(&address);
		(void)poll(peers, target->count, PAUSE_MS);
		for (unsigned i = 0; i < target->count; i++) {
			bool broken = peers[i].revents & (POLLERR | POLLHUP | POLLNVAL);

			if (!broken && peers[i].revents & POLLIN)
				broken = !drain(peers[i].fd);
			if (!broken && peers[i].revents & POLLOUT)
				broken = send(peers[i].fd, noise, NOISE, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 &&
					 errno != EAGAIN;
			if (broken && peers[i].fd >= 0) {
				close(peers[i].fd);
				peers[i].fd = -1;
			}
		}
	}
	for (unsigned i = 0; i < target->count; i++)
		if (peers[i].fd >= 0)
			close(peers[i].fd);
	free(peers);
}

void hostile_half_open(const struct target *target)
{
	attack(target, NULL);
}

void hostile_garbage(const struct target *target)
{
	static uint8_t noise[NOISE];

	randombytes_buf(noise, sizeof noise);
	attack(target, noise);
}
