#include "engine/preparer.h"

#include "engine/segment.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum progress {
	IDLE,
	WANTED,
	READY,
	FAILED,
};

struct mtr_preparer {
	int directory;
	uint64_t segment_bytes;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum progress progress;
	int error;
	struct timespec failed_at; /* monotonic */
	atomic_bool stop;
};

static void attempt(struct mtr_preparer *preparer)
{
	pthread_mutex_unlock(&preparer->lock);
	int error = mtr_segment_prepare(preparer->directory, preparer->segment_bytes, &preparer->stop);

	pthread_mutex_lock(&preparer->lock);
	preparer->error = error;
	preparer->progress = error == 0 ? READY : FAILED;
	clock_gettime(CLOCK_MONOTONIC, &preparer->failed_at);
	pthread_cond_broadcast(&preparer->changed);
}

static void *run(void *context)
{
	struct mtr_preparer *preparer = context;

	pthread_setname_np(pthread_self(), "mtr-segments");
	pthread_mutex_lock(&preparer->lock);
	while (!atomic_load(&preparer->stop)) {
		if (preparer->progress == WANTED)
			attempt(preparer);
		else
			pthread_cond_wait(&preparer->changed, &preparer->lock);
	}
	pthread_mutex_unlock(&preparer->lock);
	return NULL;
}

int mtr_preparer_start(struct mtr_preparer **ret_preparer, int directory, uint64_t segment_bytes)
{
	struct mtr_preparer *preparer = malloc(sizeof *preparer);

	if (!preparer)
		return -ENOMEM;
	*preparer = (struct mtr_preparer){.directory = directory, .segment_bytes = segment_bytes};
	pthread_mutex_init(&preparer->lock, NULL);
	pthread_cond_init(&preparer->changed, NULL);
	int error = pthread_create(&preparer->thread, NULL, run, preparer);

	if (error) {
		pthread_cond_destroy(&preparer->changed);
		pthread_mutex_destroy(&preparer->lock);
		free(preparer);
		return -error;
	}
	*ret_preparer = preparer;
	return 0;
}

static void ask(struct mtr_preparer *preparer)
{
	preparer->progress = WANTED;
	pthread_cond_broadcast(&preparer->changed);
}

void mtr_preparer_want(struct mtr_preparer *preparer)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	pthread_mutex_lock(&preparer->lock);
	if (preparer->progress == IDLE || (preparer->progress == FAILED && now.tv_sec - preparer->failed_at.tv_sec > 1))
		ask(preparer);
	pthread_mutex_unlock(&preparer->lock);
}

int mtr_preparer_wait(struct mtr_preparer *preparer)
{
	int error;

	pthread_mutex_lock(&preparer->lock);
	if (preparer->progress == IDLE || preparer->progress == FAILED)
		ask(preparer);
	while (preparer->progress == WANTED)
		pthread_cond_wait(&preparer->changed, &preparer->lock);
	error = preparer->error;
	pthread_mutex_unlock(&preparer->lock);
	return error;
}

void mtr_preparer_taken(struct mtr_preparer *preparer)
{
	pthread_mutex_lock(&preparer->lock);
	preparer->progress = IDLE;
	pthread_mutex_unlock(&preparer->lock);
}

void mtr_preparer_stop(struct mtr_preparer **preparer)
{
	struct mtr_preparer *at = preparer ? *preparer : NULL;

	if (!at)
		return;
	pthread_mutex_lock(&at->lock);
	atomic_store(&at->stop, true);
	pthread_cond_broadcast(&at->changed);
	pthread_mutex_unlock(&at->lock);
	pthread_join(at->thread, NULL);
	pthread_cond_destroy(&at->changed);
	pthread_mutex_destroy(&at->lock);
	free(at);
	*preparer = NULL;
}
