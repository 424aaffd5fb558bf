#include "reader/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct place {
	struct mtr_ahead_page page; /* without work: free */
	bool being_read;
	uint64_t age; /* counts up: the smallest is the oldest */
};

struct mtr_ahead {
	pthread_mutex_t lock;
	pthread_cond_t read;
	uint64_t age;
	struct place places[MTR_AHEAD_PAGES];
};

struct mtr_ahead *mtr_ahead_new(void)
{
	struct mtr_ahead *ahead = calloc(1, sizeof *ahead);

	if (!ahead)
		return NULL;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->read, NULL);
	return ahead;
}

void mtr_ahead_drop(struct mtr_ahead_page *page)
{
	mtr_work_free(&page->work);
	mtr_work_free(&page->next);
}

void mtr_ahead_free(struct mtr_ahead **ahead)
{
	if (!*ahead)
		return;
	for (uint32_t i = 0; i < MTR_AHEAD_PAGES; i++)
		mtr_ahead_drop(&(*ahead)->places[i].page);
	pthread_cond_destroy(&(*ahead)->read);
	pthread_mutex_destroy(&(*ahead)->lock);
	free(*ahead);
	*ahead = NULL;
}

/* A free one, whose age is 0, or else the oldest; NULL when all are being read. */
static struct place *oldest(struct mtr_ahead *ahead)
{
	struct place *found = NULL;

	for (uint32_t i = 0; i < MTR_AHEAD_PAGES; i++) {
		struct place *place = &ahead->places[i];

		if (!place->being_read && (!found || place->age < found->age))
			found = place;
	}
	return found;
}

bool mtr_ahead_begin(struct mtr_ahead *ahead, struct mtr_work *question)
{
	struct place *place;

	pthread_mutex_lock(&ahead->lock);
	place = oldest(ahead);
	if (place) {
		mtr_ahead_drop(&place->page);
		*place = (struct place){.page.work = question, .being_read = true, .age = ++ahead->age};
	}
	pthread_mutex_unlock(&ahead->lock);
	return place;
}

void mtr_ahead_end(struct mtr_ahead *ahead, const struct mtr_ahead_page *page)
{
	pthread_mutex_lock(&ahead->lock);
	for (uint32_t i = 0; i < MTR_AHEAD_PAGES; i++) {
		struct place *place = &ahead->places[i];

		if (place->page.work != page->work)
			continue;
		place->being_read = false;
		place->page = *page;
		if (!page->revision) {
			mtr_ahead_drop(&place->page);
			place->age = 0;
		}
		break;
	}
	pthread_cond_broadcast(&ahead->read);
	pthread_mutex_unlock(&ahead->lock);
}

static struct place *find(struct mtr_ahead *ahead, const struct mtr_work *asked)
{
	for (uint32_t i = 0; i < MTR_AHEAD_PAGES; i++) {
		const struct mtr_work *work = ahead->places[i].page.work;

		if (work && work->principal_id == asked->principal_id && work->body_size == asked->body_size &&
		    memcmp(work->body, asked->body, work->body_size) == 0)
			return &ahead->places[i];
	}
	return NULL;
}

bool mtr_ahead_take(struct mtr_ahead *ahead, const struct mtr_work *asked, struct mtr_ahead_page *ret_page)
{
	struct place *place;

	pthread_mutex_lock(&ahead->lock);
	while ((place = find(ahead, asked)) && place->being_read)
		pthread_cond_wait(&ahead->read, &ahead->lock);
	if (place) {
		*ret_page = place->page;
		*place = (struct place){.age = 0};
	}
	pthread_mutex_unlock(&ahead->lock);
	return place;
}
