#include "reader/park.h"

#include <pthread.h>
#include <stdlib.h>

struct mtr_park {
	pthread_mutex_t lock;
	struct mtr_work *first;
	uint32_t count;
	uint64_t committed;
	bool closed;
};

struct mtr_park *mtr_park_new(void)
{
	struct mtr_park *park = calloc(1, sizeof *park);

	if (park)
		pthread_mutex_init(&park->lock, NULL);
	return park;
}

void mtr_park_free(struct mtr_park **park)
{
	if (!park || !*park)
		return;
	for (struct mtr_work *work = (*park)->first; work;) {
		struct mtr_work *next = work->next;

		mtr_work_free(&work);
		work = next;
	}
	pthread_mutex_destroy(&(*park)->lock);
	free(*park);
	*park = NULL;
}

static bool ready(const struct mtr_park *park, const struct mtr_work *work, uint64_t now)
{
	return now >= work->wait.deadline || (park->committed >= work->wait.revision && now >= work->wait.not_before);
}

enum mtr_parked mtr_park_put(struct mtr_park *park, struct mtr_work *work, uint64_t now)
{
	enum mtr_parked result = MTR_PARKED;

	pthread_mutex_lock(&park->lock);
	if (park->closed || park->count == MTR_PARK_MAX) {
		result = MTR_PARK_NO;
	} else if (ready(park, work, now)) {
		result = MTR_PARK_READY;
	} else {
		work->next = park->first;
		park->first = work;
		park->count++;
	}
	pthread_mutex_unlock(&park->lock);
	return result;
}

void mtr_park_committed(struct mtr_park *park, uint64_t revision)
{
	pthread_mutex_lock(&park->lock);
	if (revision > park->committed)
		park->committed = revision;
	pthread_mutex_unlock(&park->lock);
}

struct mtr_work *mtr_park_take_ready(struct mtr_park *park, uint64_t now)
{
	struct mtr_work *taken = NULL, **at;

	pthread_mutex_lock(&park->lock);
	at = &park->first;
	while (*at) {
		struct mtr_work *work = *at;

		if (!ready(park, work, now)) {
			at = &work->next;
			continue;
		}
		*at = work->next;
		work->next = taken;
		taken = work;
		park->count--;
	}
	pthread_mutex_unlock(&park->lock);
	return taken;
}

struct mtr_work *mtr_park_close(struct mtr_park *park)
{
	struct mtr_work *all;

	pthread_mutex_lock(&park->lock);
	park->closed = true;
	all = park->first;
	park->first = NULL;
	park->count = 0;
	pthread_mutex_unlock(&park->lock);
	return all;
}
