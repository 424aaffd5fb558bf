#include "import/people_index.h"
#include "contract/limits.h"
#include "contract/text.h"
#include "output/directory.h"
#include "output/view.h"
#include "program/must.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct mtr_people_index {
	struct mtr_people_entry *slots; /* a key of 0 is free */
	size_t count, room;             /* room is a power of two, at most three quarters used */
	struct mtr_growing records;     /* each: its size as size_t, then its bytes */
};

struct mtr_people_index *mtr_people_index_new(void)
{
	struct mtr_people_index *index = mtr_must(calloc(1, sizeof *index));

	index->room = 1024;
	index->slots = mtr_must(calloc(index->room, sizeof *index->slots));
	return index;
}

void mtr_people_index_free(struct mtr_people_index **index)
{
	if (!index || !*index)
		return;
	free((*index)->slots);
	mtr_growing_free(&(*index)->records);
	free(*index);
	*index = NULL;
}

static uint64_t digest(const char *text)
{
	uint64_t key;

	crypto_generichash((unsigned char *)&key, sizeof key, (const unsigned char *)text, strlen(text), NULL, 0);
	return key ? key : 1;
}

uint64_t mtr_people_key_of_number(const char *citizen_number)
{
	char text[64];

	snprintf(text, sizeof text, "number %.40s", citizen_number);
	return digest(text);
}

uint64_t mtr_people_key_of_name(const char *name, uint32_t birth, const char *unit_code)
{
	char text[MTR_FOLDED_MAX(MTR_NAME_MAX) + 64];
	char folded[MTR_FOLDED_MAX(MTR_NAME_MAX)];

	if (!mtr_text_fold(name, folded, sizeof folded))
		snprintf(folded, sizeof folded, "%s", name);
	snprintf(text, sizeof text, "name %s %u %.40s", folded, birth, unit_code);
	return digest(text);
}

static struct mtr_people_entry *slot_of(const struct mtr_people_index *index, uint64_t key)
{
	size_t at = (size_t)key & (index->room - 1);

	while (index->slots[at].key != 0 && index->slots[at].key != key)
		at = (at + 1) & (index->room - 1);
	return &index->slots[at];
}

static void grow(struct mtr_people_index *index)
{
	struct mtr_people_index bigger = {.count = index->count, .room = index->room * 2, .records = index->records};

	bigger.slots = mtr_must(calloc(bigger.room, sizeof *bigger.slots));
	for (size_t i = 0; i < index->room; i++) {
		if (index->slots[i].key != 0)
			*slot_of(&bigger, index->slots[i].key) = index->slots[i];
	}
	free(index->slots);
	*index = bigger;
}

struct mtr_people_entry *mtr_people_index_find(struct mtr_people_index *index, uint64_t key)
{
	struct mtr_people_entry *slot = slot_of(index, key);
	return slot->key ? slot : NULL;
}

struct mtr_people_entry *mtr_people_index_put(struct mtr_people_index *index, uint64_t key)
{
	if ((index->count + 1) * 4 > index->room * 3)
		grow(index);
	struct mtr_people_entry *slot = slot_of(index, key);
	if (slot->key == 0) {
		slot->key = key;
		index->count++;
	}
	return slot;
}

struct filling {
	struct mtr_call *call;
	struct mtr_people_index *index;
};

/* Keeps a packed record; where it lies, from 1, or 0 when there is no room. */
static uint32_t keep(struct mtr_people_index *index, const Mtr__Person *person)
{
	size_t size = mtr__person__get_packed_size(person);
	size_t place = index->records.size;
	uint8_t bytes[MTR_ROW_MAX];

	if (size > sizeof bytes || place + size + sizeof size > MTR_PEOPLE_RECORDS_MAX)
		return 0;
	mtr__person__pack(person, bytes);
	mtr_growing_add(&index->records, (const char *)&size, sizeof size);
	mtr_growing_add(&index->records, (const char *)bytes, size);
	return (uint32_t)place + 1;
}

Mtr__Person *mtr_people_index_record(const struct mtr_people_index *index, const struct mtr_people_entry *entry,
				     struct mtr_arena *arena)
{
	size_t size;

	if (entry->record == 0)
		return NULL;
	const char *place = index->records.data + entry->record - 1;
	memcpy(&size, place, sizeof size);
	return mtr__person__unpack(mtr_arena_allocator(arena), size, (const uint8_t *)place + sizeof size);
}

static void add(struct mtr_people_index *index, uint64_t key, uint32_t person_id, uint32_t record)
{
	struct mtr_people_entry *entry = mtr_people_index_put(index, key);

	entry->ambiguous = entry->person_id != 0;
	entry->person_id = person_id;
	entry->record = record;
}

static int on_person(void *context, const ProtobufCMessage *message)
{
	struct filling *filling = context;
	const Mtr__Person *person = (const Mtr__Person *)message;
	const char *unit = mtr_code_of_unit(filling->call, person->unit_id);
	uint32_t record = keep(filling->index, person);

	if (*person->citizen_number)
		add(filling->index, mtr_people_key_of_number(person->citizen_number), person->id, record);
	add(filling->index, mtr_people_key_of_name(person->full_name, person->birth, unit), person->id, record);
	return MTR_EXIT_OK;
}

int mtr_people_index_fill(struct mtr_call *call, struct mtr_people_index *index)
{
	struct filling filling = {.call = call, .index = index};
	Mtr__List list = MTR__LIST__INIT;

	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON;
	return mtr_each(call, &list, &mtr__person__descriptor, on_person, &filling);
}
