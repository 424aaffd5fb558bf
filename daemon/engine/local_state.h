/* The local engine's inside: what local.c, which appends, and local_open.c, which opens, have in common. */
#ifndef MTR_ENGINE_LOCAL_STATE_H
#define MTR_ENGINE_LOCAL_STATE_H

#include "engine/index.h"
#include "engine/local.h"
#include "engine/preparer.h"
#include "engine/segment.h"

#include <pthread.h>

struct mtr_local {
	struct mtr_engine engine;
	int directory;
	uint64_t incarnation;
	uint64_t segment_bytes;
	/* Shared with readers. */
	pthread_mutex_t lock;
	struct mtr_chain_point head;
	struct mtr_index index;
	struct mtr_damage damage;
	/* The writer's. */
	struct mtr_segment segment; /* the last one */
	int fd;
	uint64_t offset;         /* of the next frame */
	enum mtr_append outcome; /* of the last batch; once UNKNOWN, always */
	uint8_t *frame;          /* being written: MTR_FRAME_MAX bytes, aligned as the disk's pages */
	struct mtr_preparer *preparer;
};

extern const struct mtr_engine_operations mtr_local_operations;

static inline struct mtr_local *mtr_local_of(struct mtr_engine *engine)
{
	return (struct mtr_local *)(void *)engine;
}

/* Frees what there is of a state that may be half built, and nulls. */
void mtr_local_close(struct mtr_engine **engine);

#endif
