#include "net/zap.h"

#include "contract/key_file.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

/* How long a handshake may wait for a registration to be committed: some of the longest commits. */
#define SETTLE_MS 1000u

/* A ZAP request's frames; anything longer is cut, and so doesn't match. */
enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, ROUTING_ID, MECHANISM, CREDENTIALS, FRAMES };
#define FRAME_MAX 256u

struct frame {
	uint8_t data[FRAME_MAX];
	size_t size;
};

struct mtr_zap {
	void *socket;
	pthread_t thread;
	struct mtr_principals *principals;
	pthread_mutex_t mutex;
	bool has_probe;
	uint8_t probe[MTR_KEY_BYTES];
	atomic_uint_fast64_t refused;
};

/* True when there was a request; *ret_count its frames, of which the first FRAMES are kept. */
static bool receive(void *socket, struct frame frames[FRAMES], size_t *ret_count)
{
	size_t count = 0;
	int more = 1;

	while (more) {
		struct frame spare, *frame = count < FRAMES ? &frames[count] : &spare;
		size_t option_size = sizeof more;
		int size;

		do {
			size = zmq_recv(socket, frame->data, sizeof frame->data, 0);
		} while (size < 0 && errno == EINTR);
		if (size < 0 || zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &option_size) != 0)
			return false;
		frame->size = (size_t)size;
		count++;
	}
	*ret_count = count;
	return true;
}

static bool is(const struct frame *frame, const char *text)
{
	return frame->size == strlen(text) && memcmp(frame->data, text, frame->size) == 0;
}

static bool is_probe(struct mtr_zap *zap, const uint8_t *key)
{
	pthread_mutex_lock(&zap->mutex);
	bool probe = zap->has_probe && memcmp(zap->probe, key, MTR_KEY_BYTES) == 0;

	pthread_mutex_unlock(&zap->mutex);
	return probe;
}

static bool may_connect(struct mtr_zap *zap, const struct frame frames[FRAMES])
{
	const uint8_t *key = frames[CREDENTIALS].data;
	struct mtr_principal principal;

	if (frames[CREDENTIALS].size != MTR_KEY_BYTES || !is(&frames[MECHANISM], "CURVE") ||
	    !is(&frames[DOMAIN], MTR_ZAP_DOMAIN))
		return false;
	if (is_probe(zap, key))
		return true;
	return mtr_principals_find_settled(zap->principals, key, SETTLE_MS, &principal) && !principal.revoked;
}

static bool answer(void *socket, const struct frame *request_id, const char *status, const char *text,
		   const char *user_id)
{
	return zmq_send(socket, "1.0", 3, ZMQ_SNDMORE) >= 0 &&
	       zmq_send(socket, request_id->data, request_id->size, ZMQ_SNDMORE) >= 0 &&
	       zmq_send(socket, status, strlen(status), ZMQ_SNDMORE) >= 0 &&
	       zmq_send(socket, text, strlen(text), ZMQ_SNDMORE) >= 0 &&
	       zmq_send(socket, user_id, strlen(user_id), ZMQ_SNDMORE) >= 0 && zmq_send(socket, "", 0, 0) >= 0;
}

static void *run(void *context)
{
	struct mtr_zap *zap = context;
	struct frame frames[FRAMES];
	size_t count;
	bool going = true;

	pthread_setname_np(pthread_self(), "mtr-gate");
	while (going && receive(zap->socket, frames, &count)) {
		char user_id[MTR_KEY_TEXT];

		if (count < FRAMES)
			frames[CREDENTIALS].size = 0;
		if (count <= REQUEST_ID)
			frames[REQUEST_ID].size = 0;
		if (count >= FRAMES && is(&frames[VERSION], "1.0") && may_connect(zap, frames)) {
			mtr_key_text(frames[CREDENTIALS].data, user_id);
			going = answer(zap->socket, &frames[REQUEST_ID], "200", "OK", user_id);
		} else {
			atomic_fetch_add(&zap->refused, 1);
			going = answer(zap->socket, &frames[REQUEST_ID], "400", "key not registered", "");
		}
	}
	zmq_close(zap->socket);
	return NULL;
}

int mtr_zap_start(struct mtr_zap **ret_zap, void *zmq_context, struct mtr_principals *principals)
{
	struct mtr_zap *zap = calloc(1, sizeof *zap);
	int linger = 0, error;

	if (!zap)
		return -ENOMEM;
	pthread_mutex_init(&zap->mutex, NULL);
	zap->principals = principals;
	zap->socket = zmq_socket(zmq_context, ZMQ_REP);
	if (!zap->socket || zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
	    zmq_bind(zap->socket, "inproc://zeromq.zap.01") != 0) {
		error = errno;
		goto fail;
	}
	error = pthread_create(&zap->thread, NULL, run, zap);
	if (error)
		goto fail;
	*ret_zap = zap;
	return 0;
fail:
	if (zap->socket)
		zmq_close(zap->socket);
	pthread_mutex_destroy(&zap->mutex);
	free(zap);
	return -error;
}

void mtr_zap_join(struct mtr_zap **zap)
{
	if (!*zap)
		return;
	pthread_join((*zap)->thread, NULL);
	pthread_mutex_destroy(&(*zap)->mutex);
	free(*zap);
	*zap = NULL;
}

void mtr_zap_set_probe(struct mtr_zap *zap, const uint8_t *key)
{
	pthread_mutex_lock(&zap->mutex);
	zap->has_probe = key;
	if (key)
		memcpy(zap->probe, key, MTR_KEY_BYTES);
	pthread_mutex_unlock(&zap->mutex);
}

uint64_t mtr_zap_refused(struct mtr_zap *zap)
{
	return atomic_load(&zap->refused);
}
