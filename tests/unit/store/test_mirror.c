#include "unit/store/mirrored.h"

#define PERSON MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON
#define NOMINATION MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION
#define UNIT MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT

static uint32_t draw(uint32_t *random, uint32_t below)
{
	*random = *random * 1664525 + 1013904223;
	return (*random >> 8) % below;
}

static struct mtr_scope scope_of(struct mtr_home *homes, size_t count)
{
	return (struct mtr_scope){.homes = homes, .count = count};
}

static void put_people(struct fixture *f, uint32_t first, uint32_t count, uint32_t unit)
{
	struct mtr_effect rows[64];

	assert_true(count <= 64);
	for (uint32_t i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "Trần Thị %u", first + i);
		rows[i] = person_row(f, first + i, name, "", unit);
	}
	fixture_apply(f, rows, count);
	mtr_arena_reset(f->arena);
}

struct told {
	unsigned changes, gone, new;
	char reason[64];
	struct mtr_home home;
	uint64_t id;
	uint32_t old_unit, new_unit;
};

static uint32_t unit_of(struct mtr_bytes row)
{
	Mtr__Person *person = mtr__person__unpack(NULL, row.size, row.data);
	uint32_t unit;

	assert_non_null(person);
	unit = person->unit_id;
	mtr__person__free_unpacked(person, NULL);
	return unit;
}

static void note(void *context, const struct mtr_mirror_change *change)
{
	struct told *told = context;

	assert_true(change->old.size || change->new.size);
	told->changes++;
	told->gone += !change->new.size;
	told->new += !change->old.size;
	snprintf(told->reason, sizeof told->reason, "%s", change->reason ? change->reason : "");
	told->home = change->home;
	told->id = change->id;
	told->old_unit = change->old.size ? unit_of(change->old) : 0;
	told->new_unit = change->new.size ? unit_of(change->new) : 0;
}

static void a_first_reading_shows_nothing_until_the_head(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = scope_of(homes, 2);
	struct mirrored m;

	put_people(f, 1, 20, 1);
	put_people(f, 21, 20, 2);
	mirrored_begin(&m);
	assert_int_equal(mirrored_state(&m).revision, 0);
	while (mirrored_take(f, &m, &scope, 7), !m.at_head) {
		assert_int_equal(mirrored_state(&m).revision, 0);
		assert_int_equal(mirrored_state(&m).held, 0);
	}
	assert_int_equal(m.pages, 6);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void changes_are_told(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope both = scope_of(homes, 2), first = scope_of(homes, 1);
	const struct mtr_effect end = end_of(mtr_home_people(1), PERSON, 3, "entered twice");
	struct told told = {.changes = 0};
	struct mirrored m;

	put_people(f, 1, 5, 1);
	put_people(f, 11, 5, 2);
	mirrored_begin(&m);
	m.watch = (struct mtr_mirror_watch){note, &told};
	mirrored_pull_all(f, &m, &both, 3);
	assert_int_equal(told.changes, 0);
	put_people(f, 2, 1, 2);
	mirrored_pull_all(f, &m, &both, 0);
	assert_int_equal(told.changes, 1);
	assert_int_equal(told.id, 2);
	assert_int_equal(told.old_unit, 1);
	assert_int_equal(told.new_unit, 2);
	assert_int_equal(told.home.a, 2);
	fixture_apply(f, &end, 1);
	mirrored_pull_all(f, &m, &both, 0);
	assert_int_equal(told.changes, 2);
	assert_int_equal(told.gone, 1);
	assert_string_equal(told.reason, "entered twice");
	put_people(f, 6, 1, 1);
	mirrored_pull_all(f, &m, &both, 0);
	assert_int_equal(told.changes, 3);
	assert_int_equal(told.new, 1);
	/* Held back, then told. */
	put_people(f, 1, 1, 1);
	put_people(f, 12, 1, 2);
	mirrored_pull(f, &m, &both, 1);
	assert_int_equal(told.changes, 3);
	mirrored_pull_all(f, &m, &both, 1);
	assert_int_equal(told.changes, 5);
	mirrored_pull_all(f, &m, &first, 0);
	assert_int_equal(told.changes, 5 + 6);
	assert_int_equal(told.gone, 1 + 6);
	assert_string_equal(told.reason, MTR_MIRROR_OUT_OF_SCOPE);
	mirrored_expect_exact(f, &m, &first);
	mirrored_end(&m);
}

/* What is unique in the register passes from one to another; its new holder may be read first. */
static void keys_pass_from_row_to_row(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_public(), mtr_home_people(1), mtr_home_people(2), mtr_home_part(1, 1),
				   mtr_home_part(1, 2)};
	const struct mtr_scope scope = scope_of(homes, 5);

	for (uint32_t limit = 1; limit < 8; limit++) {
		struct nomination_of first = {.programme = 1,
					      .unit = 2,
					      .person = 1,
					      .state = MTR__STATE__STATE_SEATED,
					      1},
				     second = first;
		struct mtr_effect rows[6];
		struct mirrored m;

		rows[0] = unit_row(f, 1, "HTM", 0);
		rows[1] = unit_row(f, 2, "TXTC", 0);
		rows[2] = person_row(f, 2, "Bình", "089180000002", 1);
		rows[3] = person_row(f, 1, "An", "089180000001", 2);
		rows[4] = nomination_row(f, 10 * limit, first);
		fixture_apply(f, rows, 5);
		mirrored_begin(&m);
		mirrored_pull_all(f, &m, &scope, limit);
		mirrored_expect_exact(f, &m, &scope);
		/* Let go, and taken by another in an earlier home. */
		rows[0] = unit_row(f, 2, "", 0);
		rows[1] = person_row(f, 1, "An", "089180000003", 2);
		first.state = MTR__STATE__STATE_WITHDRAWN;
		rows[2] = nomination_row(f, 10 * limit, first);
		fixture_apply(f, rows, 3);
		second.unit = 1;
		rows[0] = unit_row(f, 1, "TXTC", 0);
		rows[1] = person_row(f, 2, "Bình", "089180000001", 1);
		rows[2] = nomination_row(f, 10 * limit + 1, second);
		fixture_apply(f, rows, 3);
		/* The one that let go changes again, so that it comes last even in one page. */
		rows[0] = unit_row(f, 2, "TXCD", 0);
		rows[1] = person_row(f, 1, "An", "089180000004", 2);
		fixture_apply(f, rows, 2);
		mirrored_pull_all(f, &m, &scope, limit);
		mirrored_expect_exact(f, &m, &scope);
		second.state = MTR__STATE__STATE_WITHDRAWN;
		rows[0] = nomination_row(f, 10 * limit + 1, second);
		fixture_apply(f, rows, 1);
		mirrored_end(&m);
		mtr_arena_reset(f->arena);
	}
}

/* One lends its number to another and has it back before the mirror has read both. */
static void a_key_comes_back(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = scope_of(homes, 2);
	struct mtr_effect rows[2];
	struct mirrored m;

	rows[0] = person_row(f, 1, "An", "089180000001", 2);
	rows[1] = person_row(f, 2, "Bình", "", 1);
	fixture_apply(f, rows, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	rows[0] = person_row(f, 1, "An", "", 2);
	rows[1] = person_row(f, 2, "Bình", "089180000001", 1);
	fixture_apply(f, rows, 2);
	mirrored_pull(f, &m, &scope, 1);
	assert_int_equal(mirrored_state(&m).held, 1);
	rows[0] = person_row(f, 2, "Bình", "", 1);
	rows[1] = person_row(f, 1, "An", "089180000001", 2);
	fixture_apply(f, rows, 2);
	mirrored_pull_all(f, &m, &scope, 1);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void a_tombstone_ends_what_still_stands_there(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2), mtr_home_people(3)};
	const struct mtr_scope scope = scope_of(homes, 3);

	for (uint32_t limit = 1; limit < 5; limit++) {
		struct mirrored m;

		put_people(f, 1, 4, 2);
		mirrored_begin(&m);
		mirrored_pull_all(f, &m, &scope, limit);
		/* Away and back: the feed of home 2 has a tombstone and the row. */
		put_people(f, 1, 1, 1);
		put_people(f, 1, 1, 2);
		/* To a home that is read later, and to one that is read before. */
		put_people(f, 2, 1, 3);
		put_people(f, 3, 1, 1);
		mirrored_pull_all(f, &m, &scope, limit);
		mirrored_expect_exact(f, &m, &scope);
		mirrored_end(&m);
	}
}

static void a_mirror_shows_a_head_and_nothing_between(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope scope = scope_of(homes, 2);
	struct mirrored m;
	struct sums shown;
	uint64_t revision;

	put_people(f, 1, 20, 1);
	put_people(f, 21, 20, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	shown = mirrored_sums(&m);
	revision = mirrored_state(&m).revision;
	put_people(f, 1, 10, 2);
	put_people(f, 31, 5, 1);
	for (;;) {
		struct sums now;

		mirrored_take(f, &m, &scope, 4);
		now = mirrored_sums(&m);
		assert_memory_equal(&now, &shown, sizeof now);
		assert_int_equal(mirrored_state(&m).revision, revision);
		if (m.at_head)
			break;
		assert_false(mirrored_state(&m).settling);
	}
	/* All is there: whoever reads now must settle first, and is told so. */
	assert_true(mirrored_state(&m).settling);
	assert_true(mirrored_state(&m).held > 3);
	mirrored_settle(&m);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void a_home_that_leaves_the_scope_goes_in_steps(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1), mtr_home_people(2)};
	const struct mtr_scope both = scope_of(homes, 2), second = scope_of(homes + 1, 1);
	struct mirrored m;
	unsigned steps = 0;

	for (uint32_t i = 0; i < 40; i++)
		put_people(f, 1 + 64 * i, 64, 1);
	put_people(f, 5001, 3, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &both, 0);
	put_people(f, 5004, 3, 2);
	mirrored_take(f, &m, &second, 0);
	while (mirrored_state(&m).settling) {
		/* The process dies in every step once. */
		mirrored_settle_step(&m, false);
		assert_true(mirrored_state(&m).settling);
		assert_int_equal(mirrored_settle_step(&m, true), MTR_STORE_OK);
		steps++;
	}
	assert_int_equal(steps, 3);
	mirrored_expect_exact(f, &m, &second);
	mirrored_end(&m);
}

/* Changes of every kind that moves keys, homes or counts. */
static void change_something(struct fixture *f, uint32_t *random)
{
	struct mtr_effect rows[6];
	size_t count = 1 + draw(random, 3);

	for (size_t i = 0; i < count; i++) {
		const uint32_t which = draw(random, 10), id = 1 + (uint32_t)i * 16 + draw(random, 16);
		char text[16];

		if (which < 2) {
			snprintf(text, sizeof text, "U-%u-%u", (unsigned)i, draw(random, 3) ? id : 0);
			rows[i] = unit_row(f, id, draw(random, 3) ? text : "", draw(random, 4));
		} else if (which < 6) {
			snprintf(text, sizeof text, "Lê %u", id);
			rows[i] = person_row(f, id, text, "", 1 + draw(random, 5));
		} else {
			const struct nomination_of of = {
				.programme = 1 + id % 2,
				.unit = 1 + id % 5,
				.person = id,
				.state = (Mtr__State)(1 + draw(random, 20)),
				.group = (uint8_t)(1 + draw(random, 4)),
				.rank = draw(random, 3),
			};

			rows[i] = nomination_row(f, id, of);
		}
	}
	/* A unit's code may be another's already: then nothing happens. */
	if (fixture_try(f, rows, count) != MTR_STORE_OK)
		put_people(f, 1 + draw(random, 48), 1, 1 + draw(random, 5));
	mtr_arena_reset(f->arena);
}

static void end_someone(struct fixture *f, uint32_t *random)
{
	const uint32_t id = 1 + draw(random, 48);
	struct mtr_effect end;
	struct mtr_row row;
	struct mtr_txn txn;
	bool there;

	mtr_txn_begin_read(&txn, f->store);
	there = mtr_read_row(&txn, draw(random, 2) ? PERSON : NOMINATION, id, &row);
	if (there)
		end = end_of(row.home, row.type, row.id, "ended");
	mtr_txn_abort(&txn);
	if (there)
		fixture_apply(f, &end, 1);
}

static size_t all_homes(struct mtr_home *homes)
{
	size_t count = 0;

	homes[count++] = mtr_home_public();
	for (uint32_t unit = 1; unit <= 5; unit++)
		homes[count++] = mtr_home_people(unit);
	for (uint32_t programme = 1; programme <= 2; programme++) {
		for (uint32_t unit = 1; unit <= 5; unit++)
			homes[count++] = mtr_home_part(programme, unit);
	}
	return count;
}

/* Some of the homes, drawn anew. */
static void draw_scope(uint32_t *random, struct mtr_home *homes, struct mtr_scope *scope)
{
	struct mtr_home all[32];
	const size_t count = all_homes(all);

	*scope = (struct mtr_scope){.homes = homes, .everything = draw(random, 6) == 0};
	for (size_t i = 0; i < count; i++) {
		if (draw(random, 4))
			homes[scope->count++] = all[i];
	}
}

/* Changes, scopes and pages as they come; links break after any page, processes die in any transaction. At every head
 * the mirror is exact, and between heads what it shows doesn't move. */
static void whatever_happens_it_is_exact_at_every_head(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[32];
	struct mtr_scope scope = {.count = 0};
	uint32_t random = 5;
	struct mirrored m;

	mirrored_begin(&m);
	draw_scope(&random, homes, &scope);
	for (unsigned round = 0; round < 350; round++) {
		struct sums shown = mirrored_sums(&m), now;
		const uint64_t revision = mirrored_state(&m).revision;

		for (uint32_t changes = draw(&random, 5); changes > 0; changes--)
			change_something(f, &random);
		if (draw(&random, 3) == 0)
			end_someone(f, &random);
		if (draw(&random, 12) == 0)
			draw_scope(&random, homes, &scope);
		if (draw(&random, 5) == 0) {
			mtr_store_close(&m.store);
			mirrored_open(&m);
		}
		mirrored_take(f, &m, &scope, 1 + draw(&random, 12));
		while (mirrored_state(&m).settling)
			assert_int_equal(mirrored_settle_step(&m, draw(&random, 3) != 0), MTR_STORE_OK);
		now = mirrored_sums(&m);
		if (m.at_head && round % 4 == 0)
			mirrored_expect_exact(f, &m, &scope);
		else if (m.at_head)
			assert_true(mirrored_state(&m).agreed);
		else if (revision && mirrored_state(&m).revision)
			assert_memory_equal(&now, &shown, sizeof now);
	}
	printf("pages %llu, heads %llu, revisions %llu\n", (unsigned long long)m.pages, (unsigned long long)m.heads,
	       (unsigned long long)f->revision);
	assert_true(m.heads > 80 && m.pages > m.heads + 100);
	mirrored_end(&m);
	fixture_check(f);
}

static void a_page_is_taken_once(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = scope_of(homes, 1);
	struct mtr_mirror_page page;
	struct mtr_bytes cursor, packed;
	struct mirrored m;
	struct mtr_txn txn;

	put_people(f, 1, 5, 1);
	mirrored_begin(&m);
	packed = mirrored_ask(f, &m, &scope, 2, &cursor);
	page = mirrored_page(&m, cursor, packed);
	for (int i = 0; i < 2; i++) {
		mtr_txn_begin_write(&txn, m.store);
		assert_int_equal(mtr_mirror_take(&txn, &page, NULL), i == 0);
		assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	}
	mirrored_pull_all(f, &m, &scope, 2);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

/* Pages that no register sends. */
static void a_bad_page_is_told(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = scope_of(homes, 1);
	struct mtr_mirror_page page;
	struct mtr_bytes cursor, packed;
	struct mirrored m;
	Mtr__FeedPage *p;
	Mtr__FeedRow *row, saved;
	Mtr__Home home;

	put_people(f, 1, 3, 1);
	mirrored_begin(&m);
	packed = mirrored_ask(f, &m, &scope, 0, &cursor);
	page = mirrored_page(&m, cursor, packed);
	p = (Mtr__FeedPage *)(uintptr_t)page.page;
	row = p->rows[1];
	saved = *row;
	home = *row->home;
#define BAD(change, undo)                                                                                              \
	do {                                                                                                           \
		assert_true(mtr_mirror_page_good(m.scratch, &page));                                                   \
		change;                                                                                                \
		assert_false(mtr_mirror_page_good(m.scratch, &page));                                                  \
		undo;                                                                                                  \
	} while (0)
	BAD(row->id = 7, *row = saved); /* the row says 2 */
	BAD(row->id = 0, *row = saved);
	BAD(row->revision = 2, *row = saved); /* beyond the answer's */
	BAD(row->revision = 0, *row = saved);
	BAD(row->ordinal = 0, *row = saved); /* out of order */
	BAD(row->home = NULL, *row = saved);
	BAD(row->home->kind = 0, *row->home = home);
	BAD(row->home->kind = 300, *row->home = home);
	BAD(row->type = 0, *row = saved);
	BAD(row->type = 256, *row = saved);
	BAD(row->row.len--, *row = saved);
	BAD(row->row.len = 0, *row = saved);
	BAD(row->content_case = MTR__FEED_ROW__CONTENT__NOT_SET, *row = saved);
	BAD(row->type = NOMINATION, *row = saved);
	BAD(p->digest.len = 31, p->digest.len = 32);
	BAD(p->cursor.len = 0, p->cursor.len = 75);
	BAD(p->cursor.len = MTR_MIRROR_CURSOR_MAX + 1, p->cursor.len = 75);
	BAD(p->revision_complete = false, p->revision_complete = true);
	BAD(p->more = true, p->more = false);
	mirrored_end(&m);
}

/* Bytes changed at random: refused, or taken up as what they say; nothing else. */
static void a_page_of_noise_does_no_harm(void **state)
{
	struct fixture *f = *state;
	struct mtr_home people[] = {mtr_home_people(1), mtr_home_people(2)};
	struct mtr_home others[] = {mtr_home_public(), mtr_home_people(2)};
	const struct mtr_scope before = scope_of(people, 2), after = scope_of(others, 2);
	const struct mtr_effect unit = unit_row(f, 1, "HTM", 0), end = end_of(mtr_home_people(2), PERSON, 12, "ended");
	struct mtr_bytes cursor, packed;
	unsigned taken = 0, refused = 0;
	uint32_t random = 23;
	struct mirrored m;
	uint8_t *bytes;

	fixture_apply(f, &unit, 1);
	put_people(f, 1, 4, 1);
	put_people(f, 11, 4, 2);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &before, 0);
	fixture_apply(f, &end, 1);
	put_people(f, 13, 1, 2);
	packed = mirrored_ask(f, &m, &after, 0, &cursor);
	bytes = malloc(packed.size);
	assert_non_null(bytes);
	for (unsigned round = 0; round < 4000; round++) {
		struct mtr_mirror_page page = {.cursor = cursor, .answer = {bytes, packed.size}};
		const Mtr__Answer *answer;
		struct mtr_arena *arena = mtr_arena_new(32u << 20);
		struct mtr_txn txn;

		memcpy(bytes, packed.data, packed.size);
		for (uint32_t i = 1 + draw(&random, 3); i > 0; i--)
			bytes[draw(&random, (uint32_t)packed.size)] = (uint8_t)draw(&random, 256);
		answer = mtr__answer__unpack(mtr_arena_allocator(arena), packed.size, bytes);
		if (answer && answer->body_case == MTR__ANSWER__BODY_PAGE) {
			page.page = answer->page;
			page.revision = answer->revision;
		}
		if (page.page && mtr_mirror_page_good(m.scratch, &page)) {
			mtr_txn_begin_write(&txn, m.store);
			taken += mtr_mirror_take(&txn, &page, &m.watch);
			for (int i = 0; i < 3 && !txn.error; i++)
				mtr_mirror_settle(&txn, arena, &m.watch);
			mtr_txn_abort(&txn);
		} else {
			refused++;
		}
		mtr_arena_free(&arena);
	}
	free(bytes);
	assert_true(taken > 500 && refused > 500);
	mirrored_pull_all(f, &m, &after, 0);
	mirrored_expect_exact(f, &m, &after);
	mirrored_end(&m);
}

/* A type that this version doesn't know is kept and counted. */
static void rows_of_a_newer_register_are_kept(void **state)
{
	struct fixture *f = *state;
	struct mtr_home homes[] = {{200, 5, 6}};
	const struct mtr_scope scope = scope_of(homes, 1);
	const uint8_t bytes[] = {1, 2, 3};
	const struct mtr_effect row = {.home = homes[0], .type = (Mtr__EntityType)90, .id = 4, .row = {bytes, 3}};
	struct mirrored m;

	fixture_apply(f, &row, 1);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	mirrored_expect_exact(f, &m, &scope);
	mirrored_end(&m);
}

static void flip(struct mirrored *m, enum mtr_table table, unsigned skip, size_t at)
{
	struct mtr_bytes key, value, none = {NULL, 0};
	uint8_t keep_key[64], keep[512];
	struct mtr_walk walk;
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, m->store);
	mtr_walk_begin(&walk, &txn, table, none, none);
	for (unsigned i = 0; i <= skip; i++)
		assert_true(mtr_walk_next(&walk, &key, &value));
	mtr_walk_end(&walk);
	assert_true(key.size <= sizeof keep_key && value.size <= sizeof keep && at < value.size);
	memcpy(keep_key, key.data, key.size);
	memcpy(keep, value.data, value.size);
	keep[at] ^= 0x20;
	mtr_txn_put(&txn, table, (struct mtr_bytes){keep_key, key.size}, (struct mtr_bytes){keep, value.size});
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static bool holds_together(struct mirrored *m)
{
	char difference[MTR_DIFFERENCE_MAX];
	struct mtr_txn txn;
	bool good;

	mtr_txn_begin_read(&txn, m->store);
	good = mtr_rows_check(&txn, difference);
	mtr_txn_abort(&txn);
	return good;
}

/* A bit that flips on the desk's disk is found by looking, and by the next change to its row. */
static void damage_is_found(void **state)
{
	static const enum mtr_table tables[] = {MTR_TABLE_ENTITY, MTR_TABLE_HOME, MTR_TABLE_FEED};
	struct fixture *f = *state;
	struct mtr_home homes[] = {mtr_home_people(1)};
	const struct mtr_scope scope = scope_of(homes, 1);
	struct mirrored m;

	put_people(f, 1, 10, 1);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		for (size_t at = 10; at < 21; at++) {
			assert_true(holds_together(&m));
			flip(&m, tables[i], 0, at);
			assert_false(holds_together(&m));
			flip(&m, tables[i], 0, at);
		}
	}
	mirrored_end(&m);
	/* Not looked for: its row changes, and then the sums no longer agree. */
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	flip(&m, MTR_TABLE_FEED, 3, 25);
	put_people(f, 4, 1, 1);
	mirrored_pull_all(f, &m, &scope, 0);
	assert_false(mirrored_state(&m).agreed);
	mirrored_end(&m);
}

static void a_newer_mirror_is_refused(void **state)
{
	static const struct mtr_bytes name = {(const uint8_t *)"mirror owner", 12};
	struct fixture *f = *state;
	const struct mtr_scope scope = {.everything = true};
	struct mtr_mirror_state read;
	struct mtr_bytes value;
	struct mirrored m;
	struct mtr_txn txn;
	uint8_t bytes[128];

	put_people(f, 1, 1, 1);
	mirrored_begin(&m);
	mirrored_pull_all(f, &m, &scope, 0);
	mtr_txn_begin_write(&txn, m.store);
	assert_true(mtr_txn_get(&txn, MTR_TABLE_META, name, &value));
	memcpy(bytes, value.data, value.size);
	bytes[3]++;
	mtr_txn_put(&txn, MTR_TABLE_META, name, (struct mtr_bytes){bytes, value.size});
	assert_false(mtr_mirror_read(&txn, &read));
	assert_int_equal(txn.error, MTR_STORE_NEWER);
	mtr_txn_abort(&txn);
	mirrored_end(&m);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_first_reading_shows_nothing_until_the_head),
		STORE_TEST(changes_are_told),
		STORE_TEST(keys_pass_from_row_to_row),
		STORE_TEST(a_key_comes_back),
		STORE_TEST(a_tombstone_ends_what_still_stands_there),
		STORE_TEST(a_mirror_shows_a_head_and_nothing_between),
		STORE_TEST(a_home_that_leaves_the_scope_goes_in_steps),
		STORE_TEST(whatever_happens_it_is_exact_at_every_head),
		STORE_TEST(a_page_is_taken_once),
		STORE_TEST(a_bad_page_is_told),
		STORE_TEST(a_page_of_noise_does_no_harm),
		STORE_TEST(rows_of_a_newer_register_are_kept),
		STORE_TEST(damage_is_found),
		STORE_TEST(a_newer_mirror_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
