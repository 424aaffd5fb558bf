#include "net/outgoing.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mtr_outgoing {
	pthread_mutex_t mutex;
	struct mtr_work *first, **end;
	int event;
};

struct mtr_outgoing *mtr_outgoing_new(void)
{
	struct mtr_outgoing *outgoing = calloc(1, sizeof *outgoing);

	if (!outgoing)
		return NULL;
	outgoing->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (outgoing->event < 0) {
		free(outgoing);
		return NULL;
	}
	pthread_mutex_init(&outgoing->mutex, NULL);
	outgoing->end = &outgoing->first;
	return outgoing;
}

void mtr_outgoing_free(struct mtr_outgoing **outgoing)
{
	if (!*outgoing)
		return;
	while ((*outgoing)->first) {
		struct mtr_work *work = (*outgoing)->first;

		(*outgoing)->first = work->next;
		mtr_work_free(&work);
	}
	pthread_mutex_destroy(&(*outgoing)->mutex);
	close((*outgoing)->event);
	free(*outgoing);
	*outgoing = NULL;
}

void mtr_outgoing_wake(struct mtr_outgoing *outgoing)
{
	/* Can only fail once it was written 2^64 times. */
	(void)eventfd_write(outgoing->event, 1);
}

void mtr_outgoing_put(struct mtr_outgoing *outgoing, struct mtr_work *work)
{
	work->next = NULL;
	pthread_mutex_lock(&outgoing->mutex);
	bool was_empty = !outgoing->first;

	*outgoing->end = work;
	outgoing->end = &work->next;
	pthread_mutex_unlock(&outgoing->mutex);
	if (was_empty)
		mtr_outgoing_wake(outgoing);
}

int mtr_outgoing_descriptor(const struct mtr_outgoing *outgoing)
{
	return outgoing->event;
}

struct mtr_work *mtr_outgoing_take(struct mtr_outgoing *outgoing)
{
	pthread_mutex_lock(&outgoing->mutex);
	struct mtr_work *first = outgoing->first;

	outgoing->first = NULL;
	outgoing->end = &outgoing->first;
	pthread_mutex_unlock(&outgoing->mutex);
	return first;
}
