/* Reads records out of segment files, checking frames and chain on the way. */
#ifndef MTR_ENGINE_FETCH_H
#define MTR_ENGINE_FETCH_H

#include "engine/engine.h"
#include "engine/index.h"
#include "engine/local.h"

#include <pthread.h>

/* What readers and the writer share of the journal. */
struct mtr_journal_map {
	int directory;
	pthread_mutex_t *lock; /* of the index */
	struct mtr_index *index;
};

/* As fetch in engine.h, up to `head`. With -EBADMSG and -EPROTO *ret_damage says where. */
int mtr_fetch(const struct mtr_journal_map *map, const struct mtr_chain_point *head, uint64_t from, mtr_record_fn each,
	      void *context, struct mtr_damage *ret_damage);

#endif
