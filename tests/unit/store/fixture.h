/* A register in a temporary directory, and rows to put into it. */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "contract/arena.h"
#include "matricula/v1/entities.pb-c.h"
#include "store/apply.h"
#include "store/feed.h"
#include "store/read.h"
#include "store/store.h"
#include "store/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
	char directory[64];
	struct mtr_store *store;
	struct mtr_arena *arena;
	uint64_t revision;
};

static inline void fixture_open(struct fixture *f)
{
	const struct mtr_store_options options = {.directory = f->directory, .map_bytes = 256u << 20, .create = true};

	assert_int_equal(mtr_store_open(&f->store, &options), MTR_STORE_OK);
}

static inline int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_non_null(f);
	strcpy(f->directory, "/tmp/matricula-store-XXXXXX");
	assert_non_null(mkdtemp(f->directory));
	f->arena = mtr_arena_new(64u << 20);
	assert_non_null(f->arena);
	fixture_open(f);
	*state = f;
	return 0;
}

static inline void fixture_remove(const struct fixture *f, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", f->directory, name);
	unlink(path);
}

static inline int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	mtr_store_close(&f->store);
	mtr_arena_free(&f->arena);
	fixture_remove(f, "data.mdb");
	fixture_remove(f, "lock.mdb");
	rmdir(f->directory);
	free(f);
	return 0;
}

static inline struct mtr_bytes fixture_pack(struct fixture *f, const ProtobufCMessage *message)
{
	const size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = mtr_arena_alloc(f->arena, size);

	assert_non_null(bytes);
	protobuf_c_message_pack(message, bytes);
	return (struct mtr_bytes){bytes, size};
}

/* The next record, with these effects; returns what the transaction said. */
static inline enum mtr_store_error fixture_try(struct fixture *f, const struct mtr_effect *effects, size_t count)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	uint8_t chain[MTR_HASH_BYTES] = {0};
	struct mtr_txn txn;
	enum mtr_store_error error;

	header.revision = f->revision + 1;
	header.at = header.revision * 1000;
	memcpy(chain, &header.revision, sizeof header.revision);
	mtr_txn_begin_write(&txn, f->store);
	mtr_apply(&txn, &header, effects, count, chain);
	error = mtr_txn_commit(&txn);
	if (!error)
		f->revision++;
	return error;
}

static inline void fixture_apply(struct fixture *f, const struct mtr_effect *effects, size_t count)
{
	assert_int_equal(fixture_try(f, effects, count), MTR_STORE_OK);
}

static inline struct mtr_effect effect_of(struct fixture *f, struct mtr_home home, Mtr__EntityType type, uint64_t id,
					  const ProtobufCMessage *message)
{
	return (struct mtr_effect){.home = home, .type = type, .id = id, .row = fixture_pack(f, message)};
}

static inline struct mtr_effect end_of(struct mtr_home home, Mtr__EntityType type, uint64_t id, const char *reason)
{
	return (struct mtr_effect){.home = home, .type = type, .id = id, .tombstone = reason};
}

static inline char *text_of(struct fixture *f, const char *text)
{
	return mtr_arena_text(f->arena, text);
}

static inline struct mtr_effect unit_row(struct fixture *f, uint32_t id, const char *code, uint32_t parent)
{
	Mtr__Unit unit = MTR__UNIT__INIT;

	unit.id = id;
	unit.code = text_of(f, code);
	unit.name = text_of(f, code);
	unit.parent_id = parent;
	return effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, id, &unit.base);
}

static inline struct mtr_effect person_row(struct fixture *f, uint32_t id, const char *name, const char *citizen,
					   uint32_t unit_id)
{
	Mtr__Person person = MTR__PERSON__INIT;

	person.id = id;
	person.full_name = text_of(f, name);
	person.citizen_number = text_of(f, citizen);
	person.birth = 19800102;
	person.unit_id = unit_id;
	return effect_of(f, mtr_home_people(unit_id), MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, id, &person.base);
}

struct nomination_of {
	uint32_t programme, unit, person;
	Mtr__State state;
	uint8_t group;
	uint32_t rank; /* within the group */
	uint32_t class_id;
	uint64_t decision_id;
};

static inline struct mtr_effect nomination_row(struct fixture *f, uint64_t id, struct nomination_of of)
{
	Mtr__Nomination nomination = MTR__NOMINATION__INIT;
	struct mtr_key rank_key = mtr_key_start();

	mtr_key_u8(&rank_key, of.group);
	mtr_key_u32(&rank_key, of.rank);
	mtr_key_u64(&rank_key, id);
	nomination.id = id;
	nomination.programme_id = of.programme;
	nomination.unit_id = of.unit;
	nomination.person_id = of.person;
	nomination.state = of.state;
	nomination.group = (Mtr__PriorityGroup)of.group;
	nomination.rank_key.data = rank_key.data;
	nomination.rank_key.len = rank_key.size;
	nomination.class_id = of.class_id;
	nomination.decision_id = of.decision_id;
	return effect_of(f, mtr_home_part(of.programme, of.unit), MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, id,
			 &nomination.base);
}

static inline void fixture_check(struct fixture *f)
{
	char difference[MTR_DIFFERENCE_MAX] = "";
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	if (!mtr_store_check(&txn, difference))
		fail_msg("%s", difference);
	mtr_txn_abort(&txn);
}

#endif
