#include "output/directory.h"
#include "program/must.h"
#include "program/plain.h"
#include "program/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* All units, titles, plans and programmes of a nation-wide server are well below this. */
#define DIRECTORY_ARENA (256u << 20)

enum shelf_name {
	SHELF_UNITS,
	SHELF_TITLES,
	SHELF_PLANS,
	SHELF_PROGRAMMES,
	SHELF_CLASSES,
	SHELF_COUNT,
};

struct entry {
	uint32_t id;
	const char *code;
	const char *name;
	const char *plain; /* of the name; NULL until one is looked for */
	const void *row;
};

struct shelf {
	struct entry *entries; /* by id */
	size_t count, room;
	bool fetched;
	int result; /* of fetching */
};

struct mtr_directory {
	struct mtr_arena *arena;
	struct shelf shelves[SHELF_COUNT];
};

static const struct {
	Mtr__EntityType type;
	const ProtobufCMessageDescriptor *message;
	size_t id, code, name; /* where the fields lie */
} kinds[] = {
#define KIND(type, message, structure)                                                                                 \
	{                                                                                                              \
		MTR__ENTITY_TYPE__ENTITY_TYPE_##type, &mtr__##message##__descriptor, offsetof(structure, id),          \
			offsetof(structure, code), offsetof(structure, name)                                           \
	}
	[SHELF_UNITS] = KIND(UNIT, unit, Mtr__Unit),
	[SHELF_TITLES] = KIND(TITLE, title, Mtr__Title),
	[SHELF_PLANS] = KIND(PLAN, plan, Mtr__Plan),
	[SHELF_PROGRAMMES] = KIND(PROGRAMME, programme, Mtr__Programme),
	[SHELF_CLASSES] = KIND(CLASS, class, Mtr__Class),
#undef KIND
};

struct fetching {
	struct mtr_directory *directory;
	enum shelf_name name;
};

static int on_row(void *context, const Mtr__FeedRow *row)
{
	struct fetching *fetching = context;
	struct shelf *shelf = &fetching->directory->shelves[fetching->name];

	if (row->content_case != MTR__FEED_ROW__CONTENT_ROW)
		return MTR_EXIT_OK;
	const char *message = (const char *)protobuf_c_message_unpack(kinds[fetching->name].message,
								      mtr_arena_allocator(fetching->directory->arena),
								      row->row.len, row->row.data);
	if (!message)
		return MTR_EXIT_OK;
	if (shelf->count == shelf->room) {
		shelf->room = shelf->room * 2 + 64;
		shelf->entries = mtr_must(realloc(shelf->entries, shelf->room * sizeof *shelf->entries));
	}
	struct entry *entry = &shelf->entries[shelf->count++];
	*entry = (struct entry){.row = message};
	memcpy(&entry->id, message + kinds[fetching->name].id, sizeof entry->id);
	memcpy(&entry->code, message + kinds[fetching->name].code, sizeof entry->code);
	memcpy(&entry->name, message + kinds[fetching->name].name, sizeof entry->name);
	return MTR_EXIT_OK;
}

static int by_id(const void *x, const void *y)
{
	uint32_t a = ((const struct entry *)x)->id;
	uint32_t b = ((const struct entry *)y)->id;
	return a < b ? -1 : a > b;
}

static const struct shelf *fetch(struct mtr_call *call, enum shelf_name name)
{
	Mtr__List list = MTR__LIST__INIT;

	if (!call->directory) {
		call->directory = mtr_must(calloc(1, sizeof *call->directory));
		call->directory->arena = mtr_must(mtr_arena_new(DIRECTORY_ARENA));
	}
	struct shelf *shelf = &call->directory->shelves[name];
	struct fetching fetching = {.directory = call->directory, .name = name};
	if (shelf->fetched)
		return shelf;
	shelf->fetched = true;
	list.type = kinds[name].type;
	shelf->result = mtr_session_list(call, &list, on_row, &fetching);
	if (shelf->count > 0)
		qsort(shelf->entries, shelf->count, sizeof *shelf->entries, by_id);
	return shelf;
}

void mtr_directory_free(struct mtr_directory **directory)
{
	if (!directory || !*directory)
		return;
	for (size_t i = 0; i < SHELF_COUNT; i++)
		free((*directory)->shelves[i].entries);
	mtr_arena_free(&(*directory)->arena);
	free(*directory);
	*directory = NULL;
}

static const struct entry *entry_of(struct mtr_call *call, enum shelf_name name, uint32_t id)
{
	const struct entry wanted = {.id = id};

	if (id == 0)
		return NULL;
	const bool aside = call->aside;
	call->aside = true;
	const struct shelf *shelf = fetch(call, name);
	call->aside = aside;
	if (shelf->count == 0)
		return NULL;
	return bsearch(&wanted, shelf->entries, shelf->count, sizeof *shelf->entries, by_id);
}

static const void *row_of(struct mtr_call *call, enum shelf_name name, uint32_t id)
{
	const struct entry *entry = entry_of(call, name, id);
	return entry ? entry->row : NULL;
}

static const char *code_of(struct mtr_call *call, enum shelf_name name, uint32_t id)
{
	const struct entry *entry = entry_of(call, name, id);

	if (id == 0)
		return "";
	return entry ? entry->code : mtr_must_print(call->arena, "#%" PRIu32, id);
}

static const char *name_of(struct mtr_call *call, enum shelf_name name, uint32_t id)
{
	const struct entry *entry = entry_of(call, name, id);
	return entry && *entry->name ? entry->name : code_of(call, name, id);
}

static int find(struct mtr_call *call, enum shelf_name name, const char *code, const void **ret_row)
{
	const struct shelf *shelf = fetch(call, name);

	*ret_row = NULL;
	if (shelf->result)
		return shelf->result;
	for (size_t i = 0; i < shelf->count; i++) {
		if (strcmp(shelf->entries[i].code, code) == 0)
			*ret_row = shelf->entries[i].row;
	}
	return MTR_EXIT_OK;
}

static const char *by_name(struct mtr_call *call, enum shelf_name name, const char *plain, bool *ret_certain)
{
	const struct shelf *shelf = fetch(call, name);
	const char *code = NULL;

	*ret_certain = true;
	for (size_t i = 0; i < shelf->count && *plain; i++) {
		struct entry *entry = &shelf->entries[i];
		if (!entry->plain)
			entry->plain = mtr_plain(call->directory->arena, entry->name);
		if (strcmp(entry->plain, plain) != 0)
			continue;
		*ret_certain = code == NULL;
		code = entry->code;
	}
	return code;
}

const char *mtr_unit_by_name(struct mtr_call *call, const char *plain, bool *ret_certain)
{
	return by_name(call, SHELF_UNITS, plain, ret_certain);
}

const char *mtr_title_by_name(struct mtr_call *call, const char *plain, bool *ret_certain)
{
	return by_name(call, SHELF_TITLES, plain, ret_certain);
}

const Mtr__Unit *mtr_directory_unit(struct mtr_call *call, uint32_t id)
{
	return row_of(call, SHELF_UNITS, id);
}

const Mtr__Title *mtr_directory_title(struct mtr_call *call, uint32_t id)
{
	return row_of(call, SHELF_TITLES, id);
}

const Mtr__Plan *mtr_directory_plan(struct mtr_call *call, uint32_t id)
{
	return row_of(call, SHELF_PLANS, id);
}

const Mtr__Programme *mtr_directory_programme(struct mtr_call *call, uint32_t id)
{
	return row_of(call, SHELF_PROGRAMMES, id);
}

const Mtr__Class *mtr_directory_class(struct mtr_call *call, uint32_t id)
{
	return row_of(call, SHELF_CLASSES, id);
}

const char *mtr_code_of_unit(struct mtr_call *call, uint32_t id)
{
	return code_of(call, SHELF_UNITS, id);
}

const char *mtr_code_of_title(struct mtr_call *call, uint32_t id)
{
	return code_of(call, SHELF_TITLES, id);
}

const char *mtr_code_of_plan(struct mtr_call *call, uint32_t id)
{
	return code_of(call, SHELF_PLANS, id);
}

const char *mtr_code_of_programme(struct mtr_call *call, uint32_t id)
{
	return code_of(call, SHELF_PROGRAMMES, id);
}

const char *mtr_code_of_class(struct mtr_call *call, uint32_t id)
{
	return code_of(call, SHELF_CLASSES, id);
}

const char *mtr_name_of_unit(struct mtr_call *call, uint32_t id)
{
	return name_of(call, SHELF_UNITS, id);
}

const char *mtr_name_of_title(struct mtr_call *call, uint32_t id)
{
	return name_of(call, SHELF_TITLES, id);
}

int mtr_find_unit(struct mtr_call *call, const char *code, const Mtr__Unit **ret_unit)
{
	const void *row;
	int result = find(call, SHELF_UNITS, code, &row);
	*ret_unit = row;
	return result;
}

int mtr_find_title(struct mtr_call *call, const char *code, const Mtr__Title **ret_title)
{
	const void *row;
	int result = find(call, SHELF_TITLES, code, &row);
	*ret_title = row;
	return result;
}

int mtr_find_plan(struct mtr_call *call, const char *code, const Mtr__Plan **ret_plan)
{
	const void *row;
	int result = find(call, SHELF_PLANS, code, &row);
	*ret_plan = row;
	return result;
}

int mtr_find_programme(struct mtr_call *call, const char *code, const Mtr__Programme **ret_programme)
{
	const void *row;
	int result = find(call, SHELF_PROGRAMMES, code, &row);
	*ret_programme = row;
	return result;
}
