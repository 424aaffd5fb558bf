#include "reader/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct place {
	struct mtr_ahead_page page; /* without work: free */
	bool being_read;
	struct mtr_monotime since;
};

struct mtr_ahead {
	pthread_mutex_t lock;
	pthread_cond_t has_been_read;
	struct place places[MTR_AHEAD_PAGES];
};

struct mtr_ahead *mtr_ahead_new(void)
{
	struct mtr_ahead *ahead = calloc(1, sizeof *ahead);

	if (!ahead)
		return NULL;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->has_been_read, NULL);
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
	pthread_cond_destroy(&(*ahead)->has_been_read);
	pthread_mutex_destroy(&(*ahead)->lock);
	free(*ahead);
	*ahead = NULL;
}

static bool is_same(const struct mtr_work *x, const struct mtr_work *y)
{
	return x->principal_id == y->principal_id && x->body_size == y->body_size &&
	       memcmp(x->body, y->body, x->body_size) == 0;
}

static struct place *find(struct mtr_ahead *ahead, const struct mtr_work *asked)
{
	for (uint32_t i = 0; i < MTR_AHEAD_PAGES; i++) {
		struct place *place = &ahead->places[i];

		if (place->page.work && is_same(place->page.work, asked))
			return place;
	}
	return NULL;
}

/* The one that holds an earlier answer to the question, a free one, or one whose page nobody has asked for. */
static struct place *place_for(struct mtr_ahead *ahead, const struct mtr_work *question, struct mtr_monotime now)
{
	struct place *place = find(ahead, question);

	for (uint32_t i = 0; i < MTR_AHEAD_PAGES && !place; i++) {
		struct place *other = &ahead->places[i];

		if (!other->page.work ||
		    (!other->being_read && mtr_monotime_since(other->since, now) >= MTR_AHEAD_KEEP_MS))
			place = other;
	}
	return place && !place->being_read ? place : NULL;
}

bool mtr_ahead_begin(struct mtr_ahead *ahead, struct mtr_work *question, struct mtr_monotime now)
{
	struct place *place;

	pthread_mutex_lock(&ahead->lock);
	place = place_for(ahead, question, now);
	if (place) {
		mtr_ahead_drop(&place->page);
		*place = (struct place){.page.work = question, .being_read = true, .since = now};
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
		if (!page->revision)
			mtr_ahead_drop(&place->page);
		break;
	}
	pthread_cond_broadcast(&ahead->has_been_read);
	pthread_mutex_unlock(&ahead->lock);
}

bool mtr_ahead_take(struct mtr_ahead *ahead, const struct mtr_work *asked, struct mtr_ahead_page *ret_page)
{
	struct place *place;

	pthread_mutex_lock(&ahead->lock);
	while ((place = find(ahead, asked)) && place->being_read)
		pthread_cond_wait(&ahead->has_been_read, &ahead->lock);
	if (place) {
		*ret_page = place->page;
		*place = (struct place){.being_read = false};
	}
	pthread_mutex_unlock(&ahead->lock);
	return place;
}
