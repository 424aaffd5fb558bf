/* libFuzzer's mutator for inputs that are lists of messages: changes one of them, or the order of things. */
#include "mutate_message.h"
#include "parcels.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2, uint8_t *out,
				 size_t max_out_size, unsigned int seed);

#define MESSAGE_ARENA (8u << 20)

static struct {
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX + 1];
	size_t count;
	uint8_t *copy; /* of the input: what is changed is written over it */
	uint8_t *body; /* the new one */
	struct mtr_arena *arena;
} list;

static void read_list(const uint8_t *data, size_t size)
{
	if (!list.body) {
		list.body = malloc(FUZZ_BODY_MAX);
		list.arena = mtr_arena_new(MESSAGE_ARENA);
		FUZZ_REQUIRE(list.body && list.arena);
	}
	free(list.copy);
	list.copy = malloc(size + 1);
	FUZZ_REQUIRE(list.copy);
	memcpy(list.copy, data, size);
	list.count = fuzz_parcels_read(list.copy, size, list.parcels);
	if (!list.count)
		list.parcels[list.count++] = (struct fuzz_parcel){0};
}

static void change_body(struct fuzz_parcel *parcel, struct random *random)
{
	const ProtobufCMessageDescriptor *shape = fuzz_shape(parcel->kind);
	size_t size = 0;

	if (shape && random_percent(random, 90))
		size = fuzz_mutate_message(list.arena, shape, parcel->body, random, list.body, FUZZ_BODY_MAX);
	if (!size) {
		if (parcel->body.size)
			memcpy(list.body, parcel->body.data, parcel->body.size);
		size = LLVMFuzzerMutate(list.body, parcel->body.size, FUZZ_BODY_MAX);
	}
	parcel->body = (struct mtr_bytes){list.body, size};
}

static void remove_at(size_t index)
{
	list.count--;
	memmove(&list.parcels[index], &list.parcels[index + 1], (list.count - index) * sizeof *list.parcels);
}

static void insert_at(size_t index, struct fuzz_parcel parcel)
{
	if (list.count == FUZZ_PARCELS_MAX)
		return;
	memmove(&list.parcels[index + 1], &list.parcels[index], (list.count - index) * sizeof *list.parcels);
	list.parcels[index] = parcel;
	list.count++;
}

static void change_list(struct random *random)
{
	size_t at = random_below(random, list.count), other = random_below(random, list.count);
	struct fuzz_parcel *parcel = &list.parcels[at], old = *parcel;

	switch (random_below(random, 12)) {
	case 0:
		parcel->kind = (uint8_t)random_below(random, 24);
		break;
	case 1:
		parcel->who = (uint8_t)random_below(random, 256);
		break;
	case 2:
		insert_at(other, old);
		break;
	case 3:
		if (list.count > 1)
			remove_at(at);
		break;
	case 4:
		*parcel = list.parcels[other];
		list.parcels[other] = old;
		break;
	case 5:
		insert_at(other, (struct fuzz_parcel){(uint8_t)random_below(random, 24), old.who, {NULL, 0}});
		break;
	default:
		change_body(parcel, random);
		break;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	struct random random = {seed};

	if (random_percent(&random, 8))
		return LLVMFuzzerMutate(data, size, max_size);
	read_list(data, size);
	change_list(&random);
	return fuzz_parcels_write(list.parcels, list.count, data, max_size);
}

/* The beginning of one list and the end of another, or a piece of the other in the midst of the one. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2, uint8_t *out,
				 size_t max_out_size, unsigned int seed)
{
	struct fuzz_parcel others[FUZZ_PARCELS_MAX];
	size_t other_count = fuzz_parcels_read(data2, size2, others);
	struct random random = {seed};

	read_list(data1, size1);
	if (!other_count)
		return fuzz_parcels_write(list.parcels, list.count, out, max_out_size);
	size_t from = random_below(&random, other_count), at = random_below(&random, list.count + 1);

	if (random_percent(&random, 50)) {
		insert_at(at, others[from]);
	} else {
		list.count = at;
		while (from < other_count && list.count < FUZZ_PARCELS_MAX)
			list.parcels[list.count++] = others[from++];
	}
	return fuzz_parcels_write(list.parcels, list.count, out, max_out_size);
}
