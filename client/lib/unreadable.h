/* Why a message couldn't be unpacked. */
#ifndef MTR_CLIENT_UNREADABLE_H
#define MTR_CLIENT_UNREADABLE_H

#include "contract/arena.h"
#include "matricula/matricula.h"

/* MEMORY when the system had none for the arena; otherwise the bytes are no such message: `error`. */
static inline int mtr_unreadable(const struct mtr_arena *arena, int error)
{
	return mtr_arena_starved(arena) ? MTR_CLIENT_MEMORY : error;
}

#endif
