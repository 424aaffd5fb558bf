#include "contract/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES (16u * 1024u)

struct block {
	struct block *next;
	size_t size, used;
	max_align_t bytes[];
};

struct mtr_arena {
	ProtobufCAllocator allocator;
	struct block *first, *last;
	size_t limit, given;
	int exhausted, starved;
};

static void *allocate_for_protobuf(void *arena, size_t size)
{
	return mtr_arena_alloc(arena, size);
}

static void free_for_protobuf(void *arena, void *pointer)
{
	(void)arena;
	(void)pointer;
}

static struct block *block_new(size_t size)
{
	struct block *block = malloc(sizeof *block + size);

	if (block)
		*block = (struct block){.size = size};
	return block;
}

struct mtr_arena *mtr_arena_new(size_t limit)
{
	struct mtr_arena *arena = malloc(sizeof *arena);

	if (!arena)
		return NULL;
	*arena = (struct mtr_arena){.limit = limit, .first = block_new(BLOCK_BYTES)};
	if (!arena->first) {
		free(arena);
		return NULL;
	}
	arena->last = arena->first;
	arena->allocator = (ProtobufCAllocator){allocate_for_protobuf, free_for_protobuf, arena};
	return arena;
}

static void free_after(struct block *block)
{
	struct block *next = block->next;

	block->next = NULL;
	while (next) {
		struct block *after = next->next;

		free(next);
		next = after;
	}
}

void mtr_arena_free(struct mtr_arena **arena)
{
	if (!arena || !*arena)
		return;
	free_after((*arena)->first);
	free((*arena)->first);
	free(*arena);
	*arena = NULL;
}

void mtr_arena_reset(struct mtr_arena *arena)
{
	free_after(arena->first);
	arena->last = arena->first;
	arena->first->used = 0;
	arena->given = 0;
	arena->exhausted = 0;
	arena->starved = 0;
}

static void *exhaust(struct mtr_arena *arena)
{
	arena->exhausted = 1;
	return NULL;
}

void *mtr_arena_alloc(struct mtr_arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);

	if (size > arena->limit)
		return exhaust(arena);
	size = (size + align - 1) / align * align;
	if (size == 0)
		size = align;
	if (size > arena->limit - arena->given)
		return exhaust(arena);
	if (size > arena->last->size - arena->last->used) {
		struct block *block = block_new(size > BLOCK_BYTES ? size : BLOCK_BYTES);

		if (!block) {
			arena->starved = 1;
			return exhaust(arena);
		}
		arena->last->next = block;
		arena->last = block;
	}
	void *out = (char *)arena->last->bytes + arena->last->used;

	arena->last->used += size;
	arena->given += size;
	return memset(out, 0, size);
}

size_t mtr_arena_given(const struct mtr_arena *arena)
{
	return arena->given;
}

int mtr_arena_charge(struct mtr_arena *arena, size_t size)
{
	if (size > arena->limit - arena->given) {
		exhaust(arena);
		return 0;
	}
	arena->given += size;
	return 1;
}

void *mtr_arena_array(struct mtr_arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return exhaust(arena);
	return mtr_arena_alloc(arena, count * size);
}

void *mtr_arena_copy(struct mtr_arena *arena, const void *bytes, size_t size)
{
	void *out = mtr_arena_alloc(arena, size);

	if (out && size)
		memcpy(out, bytes, size);
	return out;
}

char *mtr_arena_text(struct mtr_arena *arena, const char *text)
{
	return mtr_arena_copy(arena, text, strlen(text) + 1);
}

int mtr_arena_exhausted(const struct mtr_arena *arena)
{
	return arena->exhausted;
}

int mtr_arena_starved(const struct mtr_arena *arena)
{
	return arena->starved;
}

ProtobufCAllocator *mtr_arena_allocator(struct mtr_arena *arena)
{
	return &arena->allocator;
}
