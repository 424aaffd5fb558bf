#include "memory.h"

#include "contract/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALLOCATORS 16u
/* What an arena has to ask the system for. */
#define BEYOND_A_BLOCK (16u * 1024u + 1u)

static _Thread_local struct {
	uint32_t countdown; /* 0: none is refused */
	bool refused, starving;
} armed;

void memory_arm(uint32_t countdown)
{
	armed.countdown = countdown;
	armed.refused = false;
}

bool memory_disarm(void)
{
	armed.countdown = 0;
	return armed.refused;
}

uint32_t memory_pause(void)
{
	const uint32_t countdown = armed.countdown;

	armed.countdown = 0;
	return countdown;
}

void memory_resume(uint32_t paused)
{
	armed.countdown = paused;
}

static bool refuse(void)
{
	if (armed.starving)
		return true;
	if (armed.countdown == 0 || --armed.countdown)
		return false;
	armed.refused = true;
	return true;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__real_sodium_malloc(size_t size);
void *__wrap_sodium_malloc(size_t size);
FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__real_fdopen(int file, const char *mode);
FILE *__wrap_fdopen(int file, const char *mode);
void *__real_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
void *__real_mtr_arena_alloc(struct mtr_arena *arena, size_t size);
void *__wrap_mtr_arena_alloc(struct mtr_arena *arena, size_t size);
void *__real_mtr_arena_array(struct mtr_arena *arena, size_t count, size_t size);
void *__wrap_mtr_arena_array(struct mtr_arena *arena, size_t count, size_t size);
void *__real_mtr_arena_copy(struct mtr_arena *arena, const void *bytes, size_t size);
void *__wrap_mtr_arena_copy(struct mtr_arena *arena, const void *bytes, size_t size);
char *__real_mtr_arena_text(struct mtr_arena *arena, const char *text);
char *__wrap_mtr_arena_text(struct mtr_arena *arena, const char *text);
ProtobufCAllocator *__real_mtr_arena_allocator(struct mtr_arena *arena);
ProtobufCAllocator *__wrap_mtr_arena_allocator(struct mtr_arena *arena);
ProtobufCMessage *__real_protobuf_c_message_unpack(const ProtobufCMessageDescriptor *descriptor,
						   ProtobufCAllocator *allocator, size_t size, const uint8_t *bytes);
ProtobufCMessage *__wrap_protobuf_c_message_unpack(const ProtobufCMessageDescriptor *descriptor,
						   ProtobufCAllocator *allocator, size_t size, const uint8_t *bytes);

void *__wrap_malloc(size_t size)
{
	return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return refuse() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return refuse() ? NULL : __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return refuse() ? NULL : __real_aligned_alloc(alignment, size);
}

void *__wrap_sodium_malloc(size_t size)
{
	return refuse() ? NULL : __real_sodium_malloc(size);
}

static FILE *no_file(void)
{
	errno = ENOMEM;
	return NULL;
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	return refuse() ? no_file() : __real_fopen(path, mode);
}

FILE *__wrap_fdopen(int file, const char *mode)
{
	return refuse() ? no_file() : __real_fdopen(file, mode);
}

void *__wrap_reallocarray(void *memory, size_t count, size_t size)
{
	return refuse() ? NULL : __real_reallocarray(memory, count, size);
}

char *__wrap_strdup(const char *text)
{
	return refuse() ? NULL : __real_strdup(text);
}

/* An arena remembers that the system had nothing to give. */
static void *starve(struct mtr_arena *arena)
{
	armed.starving = true;
	while (__real_mtr_arena_alloc(arena, BEYOND_A_BLOCK)) {
	}
	armed.starving = false;
	return NULL;
}

void *__wrap_mtr_arena_alloc(struct mtr_arena *arena, size_t size)
{
	return refuse() ? starve(arena) : __real_mtr_arena_alloc(arena, size);
}

void *__wrap_mtr_arena_array(struct mtr_arena *arena, size_t count, size_t size)
{
	return refuse() ? starve(arena) : __real_mtr_arena_array(arena, count, size);
}

void *__wrap_mtr_arena_copy(struct mtr_arena *arena, const void *bytes, size_t size)
{
	return refuse() ? starve(arena) : __real_mtr_arena_copy(arena, bytes, size);
}

char *__wrap_mtr_arena_text(struct mtr_arena *arena, const char *text)
{
	return refuse() ? starve(arena) : __real_mtr_arena_text(arena, text);
}

/* protobuf-c's requests of an arena pass through here too. */
struct passing {
	ProtobufCAllocator allocator;
	struct mtr_arena *arena;
};

static void *allocate(void *passing, size_t size)
{
	return __wrap_mtr_arena_alloc(((struct passing *)passing)->arena, size);
}

static void release(void *passing, void *memory)
{
	(void)passing;
	(void)memory;
}

ProtobufCAllocator *__wrap_mtr_arena_allocator(struct mtr_arena *arena)
{
	static _Thread_local struct passing passings[ALLOCATORS];
	static _Thread_local unsigned next;
	struct passing *passing = &passings[next++ % ALLOCATORS];

	*passing = (struct passing){{allocate, release, passing}, arena};
	return &passing->allocator;
}

static void *allocate_plainly(void *nothing, size_t size)
{
	(void)nothing;
	return __wrap_malloc(size);
}

static void release_plainly(void *nothing, void *memory)
{
	(void)nothing;
	free(memory);
}

/* Without an allocator protobuf-c asks the system itself, from its own library, where malloc can't be replaced. */
ProtobufCMessage *__wrap_protobuf_c_message_unpack(const ProtobufCMessageDescriptor *descriptor,
						   ProtobufCAllocator *allocator, size_t size, const uint8_t *bytes)
{
	ProtobufCAllocator plain = {allocate_plainly, release_plainly, NULL};

	return __real_protobuf_c_message_unpack(descriptor, allocator ? allocator : &plain, size, bytes);
}
