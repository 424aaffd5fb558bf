/* bench_minimal DIRECTORY [fill ROWS]: the least that could do the daemon's work, as a measure of what the design
 * costs: no protobuf, no rules, no sessions, nothing that survives bad input, nothing that is read back.
 *
 * One thread. What has arrived is applied in an LMDB write transaction that stays open across batches; a batch is
 * appended to a file of zeros with one fdatasync; the answers go out; LMDB commits, fully synced, when nothing came for
 * 5 ms, after 200 ms or after 16,384 proposals. Prints its endpoint and public key, and serves until SIGTERM. */
#include "common/clock.h"
#include "common/fail.h"
#include "minimal/store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define RING (64u << 20)
#define BATCH 512u
#define RECORD (sizeof(struct minimal_request) + 24)
#define IDLE_MS 5
#define COMMIT_NS UINT64_C(200000000)
#define COMMIT_ROWS 16384u
#define PEER_MAX 16u

struct item {
	uint8_t peer[PEER_MAX];
	size_t peer_size;
	struct minimal_request request;
	struct minimal_answer answer;
};

struct server {
	struct minimal_store store;
	void *socket;
	int ring;
	off_t at;
	MDB_txn *txn;
	uint64_t began;
	uint32_t rows; /* in the transaction */
	struct item items[BATCH];
	uint8_t batch[BATCH * RECORD];
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
	(void)number;
	stopping = 1;
}

static int open_ring(const char *directory)
{
	static const uint8_t zeros[1 << 20];
	char path[512];

	snprintf(path, sizeof path, "%s/ring", directory);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		bench_fail(path, strerror(errno));
	for (off_t at = lseek(fd, 0, SEEK_END); at < (off_t)RING; at += (off_t)sizeof zeros)
		if (pwrite(fd, zeros, sizeof zeros, at) != (ssize_t)sizeof zeros)
			bench_fail(path, strerror(errno));
	if (fsync(fd) != 0)
		bench_fail(path, strerror(errno));
	return fd;
}

static void open_door(struct server *server)
{
	char endpoint[128], public_key[41], secret_key[41];
	size_t size = sizeof endpoint;
	void *context = zmq_ctx_new();
	const int yes = 1;

	server->socket = context ? zmq_socket(context, ZMQ_ROUTER) : NULL;
	if (!server->socket || zmq_curve_keypair(public_key, secret_key) != 0 ||
	    zmq_setsockopt(server->socket, ZMQ_CURVE_SERVER, &yes, sizeof yes) != 0 ||
	    zmq_setsockopt(server->socket, ZMQ_CURVE_SECRETKEY, secret_key, sizeof secret_key) != 0 ||
	    zmq_bind(server->socket, "tcp://127.0.0.1:*") != 0 ||
	    zmq_getsockopt(server->socket, ZMQ_LAST_ENDPOINT, endpoint, &size) != 0)
		bench_fail("socket", zmq_strerror(errno));
	printf("%s %s\n", endpoint, public_key);
	fflush(stdout);
}

static bool take(struct server *server, struct item *item)
{
	int size = zmq_recv(server->socket, item->peer, sizeof item->peer, ZMQ_DONTWAIT);

	if (size < 0)
		return false;
	item->peer_size = (size_t)size;
	return zmq_recv(server->socket, &item->request, sizeof item->request, 0) == (int)sizeof item->request;
}

static void append(struct server *server, size_t count)
{
	const size_t size = count * RECORD;

	for (size_t i = 0; i < count; i++) {
		uint8_t *to = server->batch + i * RECORD;

		memcpy(to, server->items[i].answer.id, 8);
		memcpy(to + 8, server->items[i].answer.used, 8);
		memset(to + 16, 0, 8);
		memcpy(to + 24, &server->items[i].request, sizeof server->items[i].request);
	}
	if (server->at + (off_t)size > (off_t)RING)
		server->at = 0;
	if (pwrite(server->ring, server->batch, size, server->at) != (ssize_t)size || fdatasync(server->ring) != 0)
		bench_fail("ring", strerror(errno));
	server->at += (off_t)size;
}

static void do_batch(struct server *server, size_t count)
{
	if (!server->txn) {
		server->txn = minimal_begin(&server->store);
		server->began = bench_now();
		server->rows = 0;
	}
	for (size_t i = 0; i < count; i++)
		minimal_propose(&server->store, server->txn, &server->items[i].request, &server->items[i].answer);
	append(server, count);
	for (size_t i = 0; i < count; i++) {
		const struct item *item = &server->items[i];

		zmq_send(server->socket, item->peer, item->peer_size, ZMQ_SNDMORE);
		zmq_send(server->socket, &item->answer, sizeof item->answer, 0);
	}
	server->rows += (uint32_t)count;
}

static void turn(struct server *server)
{
	zmq_pollitem_t item = {server->socket, 0, ZMQ_POLLIN, 0};
	int ready = zmq_poll(&item, 1, server->txn ? IDLE_MS : 200);
	size_t count = 0;

	if (server->txn && (ready <= 0 || server->rows >= COMMIT_ROWS || bench_now() - server->began > COMMIT_NS)) {
		minimal_commit(server->txn);
		server->txn = NULL;
	}
	if (ready <= 0)
		return;
	while (count < BATCH && take(server, &server->items[count]))
		count++;
	if (count)
		do_batch(server, count);
}

static void serve(const char *directory)
{
	struct server *server = calloc(1, sizeof *server);
	struct sigaction action = {.sa_handler = on_signal};

	if (!server)
		bench_fail("minimal", "no memory");
	sigaction(SIGTERM, &action, NULL);
	minimal_open(&server->store, directory, 0);
	server->ring = open_ring(directory);
	open_door(server);
	while (!stopping)
		turn(server);
	if (server->txn)
		minimal_commit(server->txn);
	mdb_env_close(server->store.env);
	free(server);
}

int main(int argc, char **argv)
{
	struct minimal_store store;

	if (argc == 4 && strcmp(argv[2], "fill") == 0) {
		minimal_open(&store, argv[1], MDB_NOSYNC | MDB_WRITEMAP);
		minimal_fill(&store, strtoull(argv[3], NULL, 10));
		mdb_env_close(store.env);
		return 0;
	}
	if (argc != 2)
		return 2;
	serve(argv[1]);
	return 0;
}
