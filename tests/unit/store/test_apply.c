#include "store/digest.h"
#include "unit/store/fixture.h"

#include <sodium.h>

#define UNIT MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT
#define PERSON MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON
#define NOMINATION MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION

struct links {
	uint64_t ids[16];
	size_t count;
};

static bool take_link(void *context, uint64_t id)
{
	struct links *links = context;

	assert_true(links->count < 16);
	links->ids[links->count++] = id;
	return true;
}

static void expect_links(struct fixture *f, enum mtr_link_kind kind, uint64_t a, size_t count, const uint64_t *ids)
{
	struct links links = {.count = 0};
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	mtr_each_link(&txn, kind, a, take_link, &links);
	assert_int_equal(txn.error, MTR_STORE_OK);
	assert_int_equal(links.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_true(links.ids[i] == ids[i]);
		assert_true(mtr_has_link(&txn, kind, a, ids[i]));
	}
	mtr_txn_abort(&txn);
}

static void expect_nominations(struct fixture *f, uint32_t person_id, size_t count, const uint64_t *ids)
{
	struct links links = {.count = 0};
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	mtr_each_nomination_of(&txn, person_id, take_link, &links);
	assert_int_equal(txn.error, MTR_STORE_OK);
	assert_int_equal(links.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_true(links.ids[i] == ids[i]);
		assert_true(mtr_is_nomination_of(&txn, person_id, ids[i]));
		assert_false(mtr_is_nomination_of(&txn, person_id, ids[i] + 7));
	}
	mtr_txn_abort(&txn);
}

static uint64_t find_code(struct fixture *f, Mtr__EntityType type, const char *code)
{
	struct mtr_txn txn;
	uint64_t id;

	mtr_txn_begin_read(&txn, f->store);
	id = mtr_find_code(&txn, type, code);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	return id;
}

static void a_row_is_found_and_changes(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect first[] = {unit_row(f, 1, "TINH", 0), unit_row(f, 2, "HUYEN-A", 1)};
	const struct mtr_effect again = unit_row(f, 2, "HUYEN-B", 1);
	struct mtr_row row;
	struct mtr_txn txn;

	fixture_apply(f, first, 2);
	fixture_apply(f, &again, 1);
	mtr_txn_begin_read(&txn, f->store);
	assert_true(mtr_read_row(&txn, UNIT, 2, &row));
	assert_int_equal(row.revision, 2);
	assert_int_equal(row.ordinal, 0);
	assert_int_equal(row.bytes.size, again.row.size);
	assert_memory_equal(row.bytes.data, again.row.data, again.row.size);
	assert_string_equal(mtr_read_unit(&txn, f->arena, 2)->code, "HUYEN-B");
	assert_null(mtr_read_unit(&txn, f->arena, 3));
	assert_int_equal(mtr_next_id(&txn, UNIT), 3);
	assert_int_equal(mtr_next_id(&txn, PERSON), 1);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	assert_int_equal(find_code(f, UNIT, "HUYEN-A"), 0);
	assert_int_equal(find_code(f, UNIT, "HUYEN-B"), 2);
	fixture_check(f);
}

static void state_follows_the_record(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect row = unit_row(f, 1, "TINH", 0);
	struct mtr_store_state now;

	fixture_apply(f, &row, 1);
	fixture_apply(f, NULL, 0);
	assert_int_equal(mtr_store_state_read(f->store, &now), MTR_STORE_OK);
	assert_int_equal(now.revision, 2);
	assert_int_equal(now.at, 2000);
	assert_int_equal(now.chain[0], 2);
}

static void a_state_of_another_form_is_corrupt(void **state)
{
	static const struct mtr_bytes key = {(const uint8_t *)"state", 5};
	struct fixture *f = *state;
	struct mtr_store_state now;
	struct mtr_txn txn;

	fixture_apply(f, NULL, 0);
	mtr_txn_begin_write(&txn, f->store);
	mtr_txn_put(&txn, MTR_TABLE_META, key, key);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	assert_int_equal(mtr_store_state_read(f->store, &now), MTR_STORE_CORRUPT);
	assert_int_equal(now.revision, 0);
}

static void a_record_out_of_turn_is_corrupt(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect row = unit_row(f, 1, "TINH", 0);

	fixture_apply(f, &row, 1);
	f->revision++;
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
	f->revision = 0;
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
	f->revision = 1;
	fixture_apply(f, &row, 1);
	fixture_check(f);
}

static void what_cannot_be_stored_is_refused(void **state)
{
	struct fixture *f = *state;
	struct mtr_effect row = unit_row(f, 1, "TINH", 0);
	const struct mtr_effect twice[] = {row, unit_row(f, 2, "TINH", 1)};
	const struct mtr_effect end = end_of(mtr_home_public(), UNIT, 7, "gone");
	uint8_t *big = mtr_arena_alloc(f->arena, MTR_ROW_MAX + 1);

	assert_int_equal(fixture_try(f, twice, 2), MTR_STORE_CORRUPT);
	assert_int_equal(fixture_try(f, &end, 1), MTR_STORE_CORRUPT);
	row.id = 9;
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
	row.id = 1;
	row.row.size -= 1;
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
	row.type = MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER;
	row.row = (struct mtr_bytes){big, MTR_ROW_MAX + 1};
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_LIMIT);
	row.row.size = MTR_ROW_MAX;
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_OK);
	fixture_check(f);
}

static void units_link_to_both_parents_and_successor(void **state)
{
	struct fixture *f = *state;
	Mtr__Unit unit = MTR__UNIT__INIT;
	struct mtr_effect row;

	unit.id = 5;
	unit.code = text_of(f, "SO-A");
	unit.parent_id = 1;
	unit.party_parent_id = 2;
	unit.successor_id = 3;
	row = effect_of(f, mtr_home_public(), UNIT, 5, &unit.base);
	fixture_apply(f, &row, 1);
	expect_links(f, MTR_LINK_CHILD, 1, 1, (const uint64_t[]){5});
	expect_links(f, MTR_LINK_PARTY_CHILD, 2, 1, (const uint64_t[]){5});
	expect_links(f, MTR_LINK_SUCCESSION, 3, 1, (const uint64_t[]){5});
	unit.parent_id = 4;
	unit.party_parent_id = 0;
	row = effect_of(f, mtr_home_public(), UNIT, 5, &unit.base);
	fixture_apply(f, &row, 1);
	expect_links(f, MTR_LINK_CHILD, 1, 0, NULL);
	expect_links(f, MTR_LINK_CHILD, 4, 1, (const uint64_t[]){5});
	expect_links(f, MTR_LINK_PARTY_CHILD, 2, 0, NULL);
	fixture_check(f);
}

static void programmes_link_to_plan_and_organisers(void **state)
{
	struct fixture *f = *state;
	uint32_t organisers[] = {4, 9, 4};
	Mtr__Programme programme = MTR__PROGRAMME__INIT;
	struct mtr_effect row;

	programme.id = 3;
	programme.code = text_of(f, "CT-1");
	programme.plan_id = 2;
	programme.organising_unit_ids = organisers;
	programme.n_organising_unit_ids = 3;
	row = effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, 3, &programme.base);
	fixture_apply(f, &row, 1);
	expect_links(f, MTR_LINK_PLAN_PROGRAMME, 2, 1, (const uint64_t[]){3});
	expect_links(f, MTR_LINK_ORGANISER_PROGRAMME, 4, 1, (const uint64_t[]){3});
	expect_links(f, MTR_LINK_ORGANISER_PROGRAMME, 9, 1, (const uint64_t[]){3});
	assert_int_equal(find_code(f, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, "CT-1"), 3);
	programme.n_organising_unit_ids = 1;
	row = effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, 3, &programme.base);
	fixture_apply(f, &row, 1);
	expect_links(f, MTR_LINK_ORGANISER_PROGRAMME, 9, 0, NULL);
	fixture_check(f);
}

static void classes_titles_plans_and_keys_are_found(void **state)
{
	struct fixture *f = *state;
	uint8_t public_key[MTR_KEY_BYTES] = {7, 1};
	Mtr__Class class = MTR__CLASS__INIT;
	Mtr__Title title = MTR__TITLE__INIT;
	Mtr__Plan plan = MTR__PLAN__INIT;
	Mtr__Principal principal = MTR__PRINCIPAL__INIT;
	struct mtr_txn txn;

	class.id = 1;
	class.code = title.code = plan.code = text_of(f, "SAME");
	class.programme_id = 3;
	class.provider_unit_id = class.student_manager_unit_id = 8;
	title.id = 2;
	plan.id = 3;
	principal.id = 4;
	principal.public_key = (ProtobufCBinaryData){sizeof public_key, public_key};
	const struct mtr_effect rows[] = {
		effect_of(f, mtr_home_class(1), MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, 1, &class.base),
		effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, 2, &title.base),
		effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, 3, &plan.base),
		effect_of(f, mtr_home_principals(), MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, 4, &principal.base),
	};
	fixture_apply(f, rows, 4);
	assert_int_equal(find_code(f, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, "SAME"), 1);
	assert_int_equal(find_code(f, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, "SAME"), 2);
	assert_int_equal(find_code(f, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, "SAME"), 3);
	assert_int_equal(find_code(f, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, "SAME"), 0);
	expect_links(f, MTR_LINK_PROGRAMME_CLASS, 3, 1, (const uint64_t[]){1});
	expect_links(f, MTR_LINK_SCHOOL_CLASS, 8, 1, (const uint64_t[]){1});
	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_find_principal(&txn, public_key), 4);
	public_key[0] = 8;
	assert_int_equal(mtr_find_principal(&txn, public_key), 0);
	mtr_txn_abort(&txn);
	fixture_check(f);
}

static size_t count_named(struct fixture *f, const char *name, uint32_t birth, uint32_t unit, uint32_t *ret_first)
{
	uint32_t ids[1] = {0};
	struct mtr_txn txn;
	size_t count;

	mtr_txn_begin_read(&txn, f->store);
	count = mtr_find_name(&txn, name, birth, unit, ids, 1);
	mtr_txn_abort(&txn);
	*ret_first = ids[0];
	return count;
}

static void people_are_found_by_number_and_by_name(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect rows[] = {
		person_row(f, 1, "Nguyễn Văn Đức", "089080000001", 5),
		person_row(f, 2, "NGUYỄN VĂN ĐỨC", "", 5),
		person_row(f, 3, "Nguyễn Văn Đức", "089080000003", 6),
	};
	const struct mtr_effect renamed = person_row(f, 1, "Nguyễn Văn Đạt", "089080000009", 5);
	struct mtr_txn txn;
	uint32_t first;

	fixture_apply(f, rows, 3);
	assert_int_equal(count_named(f, "nguyễn văn đức", 19800102, 5, &first), 2);
	assert_int_equal(first, 1);
	assert_int_equal(count_named(f, "Nguyễn Văn Đức", 19800102, 6, &first), 1);
	assert_int_equal(first, 3);
	assert_int_equal(count_named(f, "Nguyễn Văn Đức", 19800103, 6, &first), 0);
	assert_int_equal(count_named(f, "Nguyen Van Duc", 19800102, 5, &first), 0);
	fixture_apply(f, &renamed, 1);
	assert_int_equal(count_named(f, "Nguyễn Văn Đức", 19800102, 5, &first), 1);
	assert_int_equal(first, 2);
	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_find_citizen(&txn, "089080000001"), 0);
	assert_int_equal(mtr_find_citizen(&txn, "089080000009"), 1);
	assert_int_equal(mtr_find_citizen(&txn, ""), 0);
	mtr_txn_abort(&txn);
	fixture_check(f);
}

static void nominations_count_in_their_part(void **state)
{
	struct fixture *f = *state;
	struct nomination_of of = {.programme = 1, .unit = 2, .person = 3, .group = 2, .rank = 5};
	struct mtr_tally tally;
	struct mtr_effect row;
	struct mtr_txn txn;

	of.state = MTR__STATE__STATE_SEATED;
	row = nomination_row(f, 1, of);
	fixture_apply(f, &row, 1);
	of.person = 4;
	of.state = MTR__STATE__STATE_WAITING;
	row = nomination_row(f, 2, of);
	fixture_apply(f, &row, 1);
	mtr_txn_begin_read(&txn, f->store);
	mtr_read_tally(&txn, 1, 2, &tally);
	assert_int_equal(tally.by_state[MTR__STATE__STATE_SEATED], 1);
	assert_int_equal(tally.by_state[MTR__STATE__STATE_WAITING], 1);
	assert_int_equal(tally.held, 1);
	assert_int_equal(tally.seated_by_group[2], 1);
	assert_int_equal(tally.waiting_by_group[2], 1);
	assert_int_equal(mtr_find_once(&txn, 3, 1), 1);
	assert_int_equal(mtr_find_once(&txn, 4, 1), 2);
	assert_int_equal(mtr_find_once(&txn, 4, 2), 0);
	assert_int_equal(mtr_order_last_seated(&txn, 1, 2), 1);
	assert_int_equal(mtr_order_first_waiting(&txn, 1, 2), 2);
	mtr_txn_abort(&txn);
	expect_links(f, MTR_LINK_UNIT_PROGRAMME, 2, 1, (const uint64_t[]){1});
	expect_nominations(f, 4, 1, (const uint64_t[]){2});
	fixture_check(f);
}

static void a_persons_nominations_are_found_in_every_block(void **state)
{
	const uint64_t block = UINT64_C(1) << MTR_NOMINATION_BLOCK_BITS;
	const struct {
		uint64_t id;
		uint32_t person;
	} rows[] = {{1, 3},         {2, 4},         {block - 1, 4},     {block, 4},     {block + 2, 3},
		    {block + 9, 5}, {3 * block, 5}, {3 * block + 1, 4}, {7 * block, 3}, {9 * block + 2, 4}};
	struct fixture *f = *state;

	for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct nomination_of of = {.programme = 1,
						 .unit = 2,
						 .person = rows[i].person,
						 .group = 2,
						 .rank = (uint8_t)i,
						 .state = MTR__STATE__STATE_WITHDRAWN};
		const struct mtr_effect row = nomination_row(f, rows[i].id, of);

		fixture_apply(f, &row, 1);
	}
	expect_nominations(f, 2, 0, NULL);
	expect_nominations(f, 3, 3, (const uint64_t[]){1, block + 2, 7 * block});
	expect_nominations(f, 4, 5, (const uint64_t[]){2, block - 1, block, 3 * block + 1, 9 * block + 2});
	expect_nominations(f, 5, 2, (const uint64_t[]){block + 9, 3 * block});
	expect_nominations(f, 6, 0, NULL);
	fixture_check(f);
}

static void a_nomination_goes_its_way(void **state)
{
	static const struct {
		Mtr__State state;
		uint32_t class_id;
		uint64_t decision_id;
		uint32_t held, decided, summoned, enrolled;
		bool once;
	} way[] = {
		{MTR__STATE__STATE_LATE, 0, 0, 0, 0, 0, 0, true},
		{MTR__STATE__STATE_WAITING, 0, 0, 0, 0, 0, 0, true},
		{MTR__STATE__STATE_SEATED, 0, 0, 1, 0, 0, 0, true},
		{MTR__STATE__STATE_DECIDED, 0, 8, 1, 1, 0, 0, true},
		{MTR__STATE__STATE_SUMMONED, 6, 8, 1, 1, 1, 0, true},
		{MTR__STATE__STATE_ENROLLED, 6, 8, 1, 1, 1, 1, true},
		{MTR__STATE__STATE_LEFT, 6, 8, 1, 1, 1, 1, false},
		{MTR__STATE__STATE_DEFIED, 6, 8, 0, 1, 1, 0, false},
		{MTR__STATE__STATE_NOT_APPROVED, 0, 8, 0, 0, 0, 0, false},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
		const struct nomination_of of = {.programme = 1,
						 .unit = 2,
						 .person = 3,
						 .state = way[i].state,
						 .group = 1,
						 .class_id = way[i].class_id,
						 .decision_id = way[i].decision_id};
		const struct mtr_effect row = nomination_row(f, 1, of);
		struct mtr_tally tally;
		struct mtr_txn txn;
		uint32_t sum = 0;

		fixture_apply(f, &row, 1);
		mtr_txn_begin_read(&txn, f->store);
		mtr_read_tally(&txn, 1, 2, &tally);
		for (size_t s = 0; s < 32; s++)
			sum += tally.by_state[s];
		assert_int_equal(sum, 1);
		assert_int_equal(tally.by_state[way[i].state], 1);
		assert_int_equal(tally.held, way[i].held);
		assert_int_equal(tally.ever_decided, way[i].decided);
		assert_int_equal(tally.ever_summoned, way[i].summoned);
		assert_int_equal(tally.ever_enrolled, way[i].enrolled);
		assert_int_equal(mtr_find_once(&txn, 3, 1), way[i].once ? 1 : 0);
		mtr_txn_abort(&txn);
		fixture_check(f);
	}
}

static void nobody_is_put_forward_twice(void **state)
{
	struct fixture *f = *state;
	const struct nomination_of of = {.programme = 1, .unit = 2, .person = 3, .state = MTR__STATE__STATE_WAITING};
	struct nomination_of elsewhere = of;
	struct mtr_effect row = nomination_row(f, 1, of);

	fixture_apply(f, &row, 1);
	elsewhere.unit = 9;
	row = nomination_row(f, 2, elsewhere);
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
	elsewhere.state = MTR__STATE__STATE_WITHDRAWN;
	row = nomination_row(f, 2, elsewhere);
	fixture_apply(f, &row, 1);
	fixture_check(f);
}

static void a_nomination_stays_in_its_part(void **state)
{
	struct fixture *f = *state;
	const struct nomination_of of = {.programme = 1, .unit = 2, .person = 3, .state = MTR__STATE__STATE_WAITING};
	struct mtr_effect row = nomination_row(f, 1, of);

	row.home = mtr_home_part(1, 3);
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
}

static void a_rank_key_says_the_group(void **state)
{
	struct fixture *f = *state;
	const struct nomination_of of = {.programme = 1, .unit = 2, .person = 3, .state = MTR__STATE__STATE_SEATED};
	struct mtr_effect row = nomination_row(f, 1, of);
	Mtr__Nomination *nomination =
		mtr__nomination__unpack(mtr_arena_allocator(f->arena), row.row.size, row.row.data);

	nomination->group = MTR__PRIORITY_GROUP__PRIORITY_GROUP_AUDIENCE;
	row.row = fixture_pack(f, &nomination->base);
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
	nomination->rank_key.len = 0;
	row.row = fixture_pack(f, &nomination->base);
	assert_int_equal(fixture_try(f, &row, 1), MTR_STORE_CORRUPT);
	nomination->state = MTR__STATE__STATE_LATE;
	row.row = fixture_pack(f, &nomination->base);
	fixture_apply(f, &row, 1);
}

struct rows_of_home {
	unsigned count;
	uint8_t sum[MTR_HASH_BYTES];
};

/* The digest as schema.h gives it, worked out anew. */
static bool sum_row(void *context, const struct mtr_row *row)
{
	struct rows_of_home *rows = context;
	uint8_t head[26], digest[MTR_HASH_BYTES];
	crypto_generichash_state hash;
	unsigned carry = 0;

	head[0] = row->home.kind;
	for (unsigned i = 0; i < 4; i++) {
		head[1 + i] = (uint8_t)(row->home.a >> (24 - 8 * i));
		head[5 + i] = (uint8_t)(row->home.b >> (24 - 8 * i));
	}
	head[9] = (uint8_t)row->type;
	for (unsigned i = 0; i < 8; i++) {
		head[10 + i] = (uint8_t)(row->id >> (56 - 8 * i));
		head[18 + i] = (uint8_t)(row->revision >> (56 - 8 * i));
	}
	crypto_generichash_init(&hash, NULL, 0, sizeof digest);
	crypto_generichash_update(&hash, head, sizeof head);
	crypto_generichash_update(&hash, row->bytes.data, row->bytes.size);
	crypto_generichash_final(&hash, digest, sizeof digest);
	for (int i = MTR_HASH_BYTES - 1; i >= 0; i--) {
		carry += (unsigned)rows->sum[i] + digest[i];
		rows->sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
	rows->count++;
	return true;
}

static void expect_home(struct fixture *f, struct mtr_home home, unsigned count)
{
	const struct mtr_scope scope = {.homes = &home, .count = 1};
	struct rows_of_home rows = {.count = 0};
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_txn txn;
	uint64_t live;

	mtr_txn_begin_read(&txn, f->store);
	mtr_each_row(&txn, home, sum_row, &rows);
	mtr_scope_digest(&txn, &scope, digest, &live);
	mtr_txn_abort(&txn);
	assert_int_equal(rows.count, count);
	assert_int_equal(live, count);
	assert_memory_equal(digest, rows.sum, sizeof digest);
}

static void digests_are_the_sum_of_the_rows(void **state)
{
	struct fixture *f = *state;
	uint32_t random = 1;

	for (unsigned i = 0; i < 300; i++) {
		struct mtr_effect row;
		char name[32];

		random = random * 1664525 + 1013904223;
		snprintf(name, sizeof name, "Trần %u", random);
		row = person_row(f, 1 + (random >> 16) % 40, name, "", 1 + (random >> 24) % 3);
		fixture_apply(f, &row, 1);
	}
	for (uint32_t unit = 1, people = 0; unit <= 3; unit++) {
		const struct mtr_home home = mtr_home_people(unit);
		const struct mtr_scope scope = {.homes = (struct mtr_home *)(uintptr_t)&home, .count = 1};
		uint8_t digest[MTR_HASH_BYTES];
		struct mtr_txn txn;
		uint64_t live;

		mtr_txn_begin_read(&txn, f->store);
		mtr_scope_digest(&txn, &scope, digest, &live);
		mtr_txn_abort(&txn);
		expect_home(f, home, (unsigned)live);
		people += (uint32_t)live;
		if (unit == 3)
			assert_int_equal(people, 40);
	}
	fixture_check(f);
}

static void adding_and_subtracting_carry(void **state)
{
	uint8_t sum[MTR_HASH_BYTES], one[MTR_HASH_BYTES] = {0}, zero[MTR_HASH_BYTES] = {0};

	(void)state;
	one[MTR_HASH_BYTES - 1] = 1;
	memset(sum, 0xff, sizeof sum);
	mtr_digest_add(sum, one);
	assert_memory_equal(sum, zero, sizeof sum);
	mtr_digest_subtract(sum, one);
	for (size_t i = 0; i < sizeof sum; i++)
		assert_int_equal(sum[i], 0xff);
	mtr_digest_subtract(sum, sum);
	assert_memory_equal(sum, zero, sizeof sum);
}

static void who_moves_leaves_a_tombstone(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(5), mtr_home_people(6)};
	const struct mtr_scope scope = {.homes = homes, .count = 1};
	struct mtr_effect row = person_row(f, 1, "Lê Thị Hoa", "089180000001", 5);
	struct mtr_bytes cursor;
	Mtr__FeedPage *page;
	struct mtr_txn txn;

	fixture_apply(f, &row, 1);
	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_feed_page(&txn, f->arena, &scope, 1, (struct mtr_bytes){0}, 0, &page), MTR_FEED_OK);
	mtr_txn_abort(&txn);
	assert_int_equal(page->n_rows, 1);
	cursor = (struct mtr_bytes){page->cursor.data, page->cursor.len};
	row = person_row(f, 1, "Lê Thị Hoa", "089180000001", 6);
	fixture_apply(f, &row, 1);
	mtr_txn_begin_read(&txn, f->store);
	assert_int_equal(mtr_feed_page(&txn, f->arena, &scope, 1, cursor, 0, &page), MTR_FEED_OK);
	assert_int_equal(page->n_rows, 1);
	assert_int_equal(page->rows[0]->content_case, MTR__FEED_ROW__CONTENT_TOMBSTONE);
	assert_string_equal(page->rows[0]->tombstone->reason, MTR_TOMBSTONE_MOVED);
	assert_int_equal(page->rows[0]->revision, 2);
	assert_int_equal(page->rows[0]->ordinal, 1);
	assert_int_equal(page->rows[0]->id, 1);
	assert_int_equal(mtr_read_person(&txn, f->arena, 1)->unit_id, 6);
	mtr_txn_abort(&txn);
	expect_home(f, homes[0], 0);
	expect_home(f, homes[1], 1);
	fixture_check(f);
}

static void there_and_back_again(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 6; i++) {
		const struct mtr_effect row = person_row(f, 1, "Lê Thị Hoa", "089180000001", 5 + i % 2);

		fixture_apply(f, &row, 1);
		expect_home(f, mtr_home_people(5), i % 2 == 0);
		expect_home(f, mtr_home_people(6), i % 2 == 1);
		fixture_check(f);
	}
}

static void what_has_ended_is_no_longer_read(void **state)
{
	struct fixture *f = *state;
	const struct mtr_effect row = person_row(f, 4, "Lê Thị Hoa", "089180000001", 5);
	const struct mtr_effect end = end_of(mtr_home_people(5), PERSON, 4, "entered twice");
	const struct mtr_effect elsewhere = person_row(f, 4, "Lê Thị Hoa", "089180000001", 6);
	struct mtr_row found;
	struct mtr_txn txn;
	uint32_t first;

	fixture_apply(f, &row, 1);
	fixture_apply(f, &end, 1);
	mtr_txn_begin_read(&txn, f->store);
	assert_false(mtr_read_row(&txn, PERSON, 4, &found));
	assert_null(mtr_read_person(&txn, f->arena, 4));
	assert_int_equal(mtr_find_citizen(&txn, "089180000001"), 0);
	assert_int_equal(mtr_next_id(&txn, PERSON), 5);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	assert_int_equal(count_named(f, "Lê Thị Hoa", 19800102, 5, &first), 0);
	expect_home(f, mtr_home_people(5), 0);
	assert_int_equal(fixture_try(f, &end, 1), MTR_STORE_CORRUPT);
	fixture_check(f);
	fixture_apply(f, &elsewhere, 1);
	expect_home(f, mtr_home_people(6), 1);
	fixture_check(f);
}

static void the_last_nomination_of_a_part_can_end(void **state)
{
	struct fixture *f = *state;
	const struct nomination_of of = {.programme = 1, .unit = 2, .person = 3, .state = MTR__STATE__STATE_SEATED};
	const struct mtr_effect row = nomination_row(f, 1, of);
	const struct mtr_effect end = end_of(mtr_home_part(1, 2), NOMINATION, 1, "redacted");
	struct mtr_tally tally;
	struct mtr_txn txn;

	fixture_apply(f, &row, 1);
	fixture_apply(f, &end, 1);
	mtr_txn_begin_read(&txn, f->store);
	mtr_read_tally(&txn, 1, 2, &tally);
	assert_int_equal(tally.held, 0);
	assert_int_equal(mtr_order_last_seated(&txn, 1, 2), 0);
	assert_int_equal(mtr_find_once(&txn, 3, 1), 0);
	mtr_txn_abort(&txn);
	fixture_check(f);
}

static void a_part_without_a_row_is_zeros(void **state)
{
	struct fixture *f = *state;
	Mtr__Allocation allocation = MTR__ALLOCATION__INIT;
	const Mtr__Allocation *found;
	struct mtr_effect row;
	struct mtr_txn txn;

	allocation.programme_id = 1;
	allocation.unit_id = 2;
	allocation.granted = 10;
	allocation.transferred_in = 3;
	allocation.transferred_out = 2;
	allocation.returned = 1;
	allocation.lapsed = 4;
	row = effect_of(f, mtr_home_part(1, 2), MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION, mtr_allocation_id(1, 2),
			&allocation.base);
	fixture_apply(f, &row, 1);
	mtr_txn_begin_read(&txn, f->store);
	found = mtr_read_allocation(&txn, f->arena, 1, 2);
	assert_int_equal(mtr_allocation_seats(found), 6);
	found = mtr_read_allocation(&txn, f->arena, 1, 3);
	assert_int_equal(found->unit_id, 3);
	assert_int_equal(found->programme_id, 1);
	assert_int_equal(mtr_allocation_seats(found), 0);
	mtr_txn_abort(&txn);
	expect_links(f, MTR_LINK_UNIT_PROGRAMME, 2, 1, (const uint64_t[]){1});
	fixture_check(f);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_row_is_found_and_changes),
		STORE_TEST(state_follows_the_record),
		STORE_TEST(a_state_of_another_form_is_corrupt),
		STORE_TEST(a_record_out_of_turn_is_corrupt),
		STORE_TEST(what_cannot_be_stored_is_refused),
		STORE_TEST(units_link_to_both_parents_and_successor),
		STORE_TEST(programmes_link_to_plan_and_organisers),
		STORE_TEST(classes_titles_plans_and_keys_are_found),
		STORE_TEST(people_are_found_by_number_and_by_name),
		STORE_TEST(nominations_count_in_their_part),
		STORE_TEST(a_persons_nominations_are_found_in_every_block),
		STORE_TEST(a_nomination_goes_its_way),
		STORE_TEST(nobody_is_put_forward_twice),
		STORE_TEST(a_nomination_stays_in_its_part),
		STORE_TEST(a_rank_key_says_the_group),
		STORE_TEST(digests_are_the_sum_of_the_rows),
		STORE_TEST(adding_and_subtracting_carry),
		STORE_TEST(who_moves_leaves_a_tombstone),
		STORE_TEST(there_and_back_again),
		STORE_TEST(what_has_ended_is_no_longer_read),
		STORE_TEST(the_last_nomination_of_a_part_can_end),
		STORE_TEST(a_part_without_a_row_is_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
