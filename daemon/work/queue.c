#include "work/work.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct mtr_queue {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct mtr_work *first, **end;
	uint32_t count, most;
	bool closed, woken;
};

struct mtr_queue *mtr_queue_new(uint32_t most)
{
	struct mtr_queue *queue = malloc(sizeof *queue);
	pthread_condattr_t clock;

	if (!queue)
		return NULL;
	*queue = (struct mtr_queue){.most = most};
	queue->end = &queue->first;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->changed, &clock);
	pthread_condattr_destroy(&clock);
	return queue;
}

void mtr_queue_free(struct mtr_queue **queue)
{
	if (!queue || !*queue)
		return;
	for (struct mtr_work *work = (*queue)->first; work;) {
		struct mtr_work *next = work->next;

		mtr_work_free(&work);
		work = next;
	}
	pthread_cond_destroy(&(*queue)->changed);
	pthread_mutex_destroy(&(*queue)->lock);
	free(*queue);
	*queue = NULL;
}

bool mtr_queue_put(struct mtr_queue *queue, struct mtr_work *work)
{
	pthread_mutex_lock(&queue->lock);
	bool taken = !queue->closed && queue->count < queue->most;

	if (taken) {
		work->next = NULL;
		*queue->end = work;
		queue->end = &work->next;
		queue->count++;
	}
	pthread_mutex_unlock(&queue->lock);
	/* Only now, so that who wakes doesn't find the lock taken. */
	if (taken)
		pthread_cond_signal(&queue->changed);
	return taken;
}

static struct timespec deadline_after(int64_t timeout_us)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += timeout_us / 1000000;
	at.tv_nsec += (long)(timeout_us % 1000000) * 1000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

static void wait_for_change(struct mtr_queue *queue, int64_t timeout_us)
{
	const struct timespec deadline = deadline_after(timeout_us < 0 ? 0 : timeout_us);
	int rc = 0;

	while (!queue->first && !queue->closed && !queue->woken && rc == 0) {
		if (timeout_us < 0)
			rc = pthread_cond_wait(&queue->changed, &queue->lock);
		else
			rc = pthread_cond_timedwait(&queue->changed, &queue->lock, &deadline);
	}
	queue->woken = false;
}

static struct mtr_work *cut(struct mtr_queue *queue, uint32_t most)
{
	struct mtr_work *first = queue->first, **end = &first;

	for (; most && *end; most--) {
		end = &(*end)->next;
		queue->count--;
	}
	queue->first = *end;
	if (!queue->first)
		queue->end = &queue->first;
	*end = NULL;
	return first;
}

struct mtr_work *mtr_queue_take(struct mtr_queue *queue, uint32_t most, int64_t timeout_us)
{
	pthread_mutex_lock(&queue->lock);
	if (timeout_us != 0)
		wait_for_change(queue, timeout_us);
	struct mtr_work *works = cut(queue, most);

	/* What one taker left is another's. */
	if (queue->first)
		pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
	return works;
}

void mtr_queue_wake(struct mtr_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->woken = true;
	pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}

void mtr_queue_close(struct mtr_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->closed = true;
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}

uint32_t mtr_queue_count(struct mtr_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	uint32_t count = queue->count;

	pthread_mutex_unlock(&queue->lock);
	return count;
}
