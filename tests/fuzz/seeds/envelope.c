/* Requests as desks send them, one after the other; entries in bundles. */
#include "seeds.h"

#include "contract/entry_hash.h"
#include "world.h"

#include <string.h>

/* As in targets/envelope.c. */
enum kind { MESSAGE, FRAMES, RELAY, GONE };
/* As in desk.h and targets/bundle.c. */
enum bundle_kind { HONEST, ITEM = 9, SEALED_REPLY, SEALED_REQUEST, KIND, DAMAGE, FILE_BYTES, ENQUEUE };

#define STORIES 12u

static const struct mtr_bytes nothing;

static struct mtr_bytes hello(uint64_t id, uint32_t protocol)
{
	Mtr__Request request = MTR__REQUEST__INIT;
	Mtr__Hello body = MTR__HELLO__INIT;
	uint8_t outbox[MTR_OUTBOX_BYTES] = {7};

	body.protocol_minimum = 1;
	body.protocol_maximum = protocol;
	body.outbox = (ProtobufCBinaryData){sizeof outbox, outbox};
	request.request_id = id;
	request.body_case = MTR__REQUEST__BODY_HELLO;
	request.hello = &body;
	return seed_pack(&request.base);
}

static struct mtr_bytes query(uint64_t id, struct mtr_bytes packed)
{
	Mtr__Request request = MTR__REQUEST__INIT;

	request.request_id = id;
	request.body_case = MTR__REQUEST__BODY_QUERY;
	request.query = mtr__query__unpack(NULL, packed.size, packed.data);
	struct mtr_bytes bytes = seed_pack(&request.base);

	mtr__query__free_unpacked(request.query, NULL);
	return bytes;
}

/* An entry at its place in an outbox of its own. */
static struct mtr_bytes entry(uint64_t sequence, uint8_t hash[MTR_HASH_BYTES], const Mtr__Command *command)
{
	Mtr__Request request = MTR__REQUEST__INIT;
	Mtr__Sequencing sequencing = MTR__SEQUENCING__INIT;
	uint8_t outbox[MTR_OUTBOX_BYTES] = {7};
	struct mtr_bytes packed = seed_pack(&command->base), bytes;

	sequencing.outbox = (ProtobufCBinaryData){sizeof outbox, outbox};
	sequencing.sequence = sequence;
	sequencing.first_unacknowledged = 1;
	sequencing.previous_hash = (ProtobufCBinaryData){MTR_HASH_BYTES, hash};
	request.request_id = 100 + sequence;
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = (ProtobufCBinaryData){packed.size, (uint8_t *)(uintptr_t)packed.data};
	request.sequencing = &sequencing;
	bytes = seed_pack(&request.base);
	mtr_entry_hash(hash, sequence, packed, hash);
	return bytes;
}

static void messages(unsigned number)
{
	struct fuzz_story *story = fuzz_story_begin(number);
	size_t count;
	const struct mtr_bytes *queries = seed_queries(&count);
	struct seed_list list = {.count = 0};
	uint8_t hash[MTR_HASH_BYTES] = {0}, relayed[MTR_HASH_BYTES] = {0};
	struct operation operation;

	seed_add(&list, MESSAGE, number, query(1, queries[number]));
	seed_add(&list, MESSAGE, number, hello(2, 1 + number % 2));
	for (unsigned i = 1; i < 8; i++) {
		fuzz_story_next(story, &operation);
		seed_add(&list, MESSAGE, number, entry(i, hash, operation.command));
		seed_add(&list, RELAY, number, entry(i, relayed, operation.command));
		seed_add(&list, MESSAGE, number, query(10 + i, queries[(number * 8 + i) % count]));
	}
	seed_add(&list, FRAMES, number, hello(3, 1));
	seed_add(&list, GONE, 0, nothing);
	seed_add(&list, MESSAGE, number, hello(4, 1));
	seed_add(&list, MESSAGE, number + 32, hello(5, 9));
	seed_add(&list, MESSAGE, 31, hello(6, 1));
	seed_write(&list, "envelope", "talk", number);
	fuzz_story_end(&story);
}

static void bundles(unsigned number)
{
	struct fuzz_story *story = fuzz_story_begin(number);
	struct seed_list list = {.count = 0};
	uint8_t hash[MTR_HASH_BYTES] = {0};
	const uint8_t damage[] = {0, 0, 0, (uint8_t)(number * 9), 0xFF};
	Mtr__Reply reply = MTR__REPLY__INIT;
	struct operation operation;

	reply.request_id = number;
	if (number % 2)
		seed_add(&list, KIND, 1, nothing);
	for (unsigned i = 1; i < 4; i++) {
		fuzz_story_next(story, &operation);
		seed_add(&list, ENQUEUE, 0, seed_pack(&operation.command->base));
		seed_add(&list, number % 2 ? SEALED_REPLY : SEALED_REQUEST, 1,
			 number % 2 ? seed_pack(&reply.base) : entry(i, hash, operation.command));
	}
	if (number % 4 == 3)
		seed_add(&list, DAMAGE, 0, seed_copy((struct mtr_bytes){damage, sizeof damage}));
	if (number % 4 == 2)
		seed_add(&list, ITEM, 0, seed_copy((struct mtr_bytes){damage, sizeof damage}));
	if (number % 5 == 4)
		seed_add(&list, FILE_BYTES, 0, seed_copy((struct mtr_bytes){(const uint8_t *)"MTRBNDL\n\0\0\0\1", 12}));
	for (unsigned i = 0; i < 8; i++)
		seed_add(&list, HONEST, 0, nothing);
	seed_write(&list, "bundle", "file", number);
	fuzz_story_end(&story);
}

void seed_envelope(void)
{
	for (unsigned number = 1; number <= STORIES; number++) {
		messages(number);
		bundles(number);
	}
}
