/* Memory of one request or one decision: many allocations, one free. */
#ifndef MTR_CONTRACT_ARENA_H
#define MTR_CONTRACT_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

struct mtr_arena;

/* An arena that gives out at most `limit` bytes in all. NULL when memory is short. */
struct mtr_arena *mtr_arena_new(size_t limit);

/* Frees *arena and all it gave out, and nulls the pointer; NULL and a null pointer are fine. */
void mtr_arena_free(struct mtr_arena **arena);

/* Forgets all allocations, keeps the first block for the next use; the limit starts anew. */
void mtr_arena_reset(struct mtr_arena *arena);

/* Zeroed memory aligned for any object, valid until reset or free.
 * NULL beyond the limit or without memory; mtr_arena_exhausted() then stays true until reset. */
void *mtr_arena_alloc(struct mtr_arena *arena, size_t size);

/* The same for `count` objects of `size`, checked for overflow. */
void *mtr_arena_array(struct mtr_arena *arena, size_t count, size_t size);

/* A copy of `text` with its terminating zero. */
char *mtr_arena_text(struct mtr_arena *arena, const char *text);

/* A copy of `size` bytes. */
void *mtr_arena_copy(struct mtr_arena *arena, const void *bytes, size_t size);

/* Bytes given out since the last reset. */
size_t mtr_arena_given(const struct mtr_arena *arena);

/* Counts `size` bytes that lie elsewhere as given out, so that what a request may use doesn't depend on where it is
 * found. False beyond the limit, as if an allocation had failed. */
int mtr_arena_charge(struct mtr_arena *arena, size_t size);

/* True once an allocation failed. */
int mtr_arena_exhausted(const struct mtr_arena *arena);

/* True once the system had no memory to give, whatever the limit: what was asked for may do another time. */
int mtr_arena_starved(const struct mtr_arena *arena);

/* For protobuf-c's unpack functions; its free does nothing. Lives as long as the arena. */
ProtobufCAllocator *mtr_arena_allocator(struct mtr_arena *arena);

#endif
