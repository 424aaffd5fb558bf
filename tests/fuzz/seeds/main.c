#include "seeds.h"

#include "scratch.h"
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LIST_BYTES (1u << 20)

static const char *directory;

struct mtr_bytes seed_copy(struct mtr_bytes bytes)
{
	static uint8_t *kept[65536];
	static size_t count;
	uint8_t *copy = malloc(bytes.size + 1);

	FUZZ_REQUIRE(copy && count < sizeof kept / sizeof *kept);
	kept[count++] = copy;
	if (bytes.size)
		memcpy(copy, bytes.data, bytes.size);
	return (struct mtr_bytes){copy, bytes.size};
}

struct mtr_bytes seed_pack(const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *packed = malloc(size + 1);

	FUZZ_REQUIRE(packed && protobuf_c_message_pack(message, packed) == size);
	struct mtr_bytes copy = seed_copy((struct mtr_bytes){packed, size});

	free(packed);
	return copy;
}

void seed_add(struct seed_list *list, unsigned kind, unsigned who, struct mtr_bytes body)
{
	if (list->count < FUZZ_PARCELS_MAX && body.size <= FUZZ_BODY_MAX)
		list->parcels[list->count++] = (struct fuzz_parcel){(uint8_t)kind, (uint8_t)who, body};
}

void seed_write(struct seed_list *list, const char *target, const char *name, unsigned number)
{
	uint8_t *bytes = malloc(LIST_BYTES);
	char path[FUZZ_PATH_MAX];

	FUZZ_REQUIRE(bytes);
	snprintf(path, sizeof path, "%s/%s", directory, target);
	FUZZ_REQUIRE(mkdir(path, 0777) == 0 || errno == EEXIST);
	snprintf(path, sizeof path, "%s/%s/%s-%u", directory, target, name, number);
	fuzz_write_file(path,
			(struct mtr_bytes){bytes, fuzz_parcels_write(list->parcels, list->count, bytes, LIST_BYTES)});
	free(bytes);
	list->count = 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: fuzz_seeds DIRECTORY\n", stderr);
		return 2;
	}
	directory = argv[1];
	FUZZ_REQUIRE(mkdir(directory, 0777) == 0 || errno == EEXIST);
	seed_dispatch();
	seed_messages();
	seed_rows();
	seed_answers();
	seed_screen();
	seed_envelope();
	return 0;
}
