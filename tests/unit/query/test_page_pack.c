/* A page packed by hand against the same page packed by protobuf-c. */
#include "matricula/v1/queries.pb-c.h"
#include "model/random.h"
#include "query/page_pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 40u
#define HOMES 6u
#define BYTES 300u
#define PAGES 400u

struct pages {
	struct random random;
	Mtr__Answer answer;
	Mtr__FeedPage page;
	Mtr__FeedRow rows[ROWS], *row_pointers[ROWS];
	Mtr__Home homes[ROWS + 2 * HOMES], *home_pointers[2 * HOMES];
	Mtr__Tombstone tombstones[ROWS];
	char reasons[ROWS][BYTES];
	uint8_t bytes[BYTES];
};

/* Of any length that a number can have, 0 and the largest included. */
static uint64_t any_number(struct pages *p, unsigned bits)
{
	const unsigned used = (unsigned)random_below(&p->random, bits + 1);

	return used ? (random_next(&p->random) | UINT64_C(1) << 63) >> (64 - used) : 0;
}

static ProtobufCBinaryData any_bytes(struct pages *p)
{
	return (ProtobufCBinaryData){random_below(&p->random, 4) ? random_below(&p->random, BYTES) : 0, p->bytes};
}

static void fill_home(struct pages *p, Mtr__Home *home)
{
	mtr__home__init(home);
	home->kind = (Mtr__HomeKind)any_number(p, 8);
	home->a = (uint32_t)any_number(p, 32);
	home->b = (uint32_t)any_number(p, 32);
}

static void fill_row(struct pages *p, size_t i)
{
	Mtr__FeedRow *row = &p->rows[i];

	p->row_pointers[i] = row;
	mtr__feed_row__init(row);
	fill_home(p, &p->homes[i]);
	row->home = random_below(&p->random, 8) ? &p->homes[i] : NULL;
	row->type = (Mtr__EntityType)any_number(p, 8);
	row->id = any_number(p, 64);
	row->revision = any_number(p, 64);
	row->ordinal = (uint32_t)any_number(p, 32);
	row->content_case =
		(Mtr__FeedRow__ContentCase)(uint32_t[]){MTR__FEED_ROW__CONTENT_ROW, MTR__FEED_ROW__CONTENT_TOMBSTONE,
							MTR__FEED_ROW__CONTENT__NOT_SET}[random_below(&p->random, 3)];
	if (row->content_case == MTR__FEED_ROW__CONTENT_ROW)
		row->row = any_bytes(p);
	if (row->content_case != MTR__FEED_ROW__CONTENT_TOMBSTONE)
		return;
	const size_t length = any_bytes(p).len;

	mtr__tombstone__init(&p->tombstones[i]);
	memset(p->reasons[i], 'x', length);
	p->reasons[i][length] = 0;
	p->tombstones[i].reason = p->reasons[i];
	row->tombstone = &p->tombstones[i];
}

static void fill_page(struct pages *p)
{
	Mtr__FeedPage *page = &p->page;

	mtr__feed_page__init(page);
	page->rows = p->row_pointers;
	page->n_rows = random_below(&p->random, ROWS + 1);
	for (size_t i = 0; i < page->n_rows; i++)
		fill_row(p, i);
	for (size_t i = 0; i < 2 * HOMES; i++) {
		p->home_pointers[i] = &p->homes[ROWS + i];
		fill_home(p, p->home_pointers[i]);
	}
	page->homes_added = p->home_pointers;
	page->homes_removed = p->home_pointers + HOMES;
	page->n_homes_added = random_below(&p->random, HOMES + 1);
	page->n_homes_removed = random_below(&p->random, HOMES + 1);
	page->cursor = any_bytes(p);
	page->digest = any_bytes(p);
	page->more = random_below(&p->random, 2) != 0;
	page->revision_complete = random_below(&p->random, 2) != 0;
	page->at_head = random_below(&p->random, 2) != 0;
	page->count = any_number(p, 64);
	mtr__answer__init(&p->answer);
	p->answer.revision = any_number(p, 64);
	p->answer.body_case = MTR__ANSWER__BODY_PAGE;
	p->answer.page = page;
}

static void it_is_what_protobuf_makes_of_it(void **state)
{
	struct pages *p = calloc(1, sizeof *p);

	(void)state;
	assert_non_null(p);
	p->random = (struct random){7};
	for (size_t i = 0; i < BYTES; i++)
		p->bytes[i] = (uint8_t)random_next(&p->random);
	for (unsigned i = 0; i < PAGES; i++) {
		fill_page(p);
		const size_t expected = mtr__answer__get_packed_size(&p->answer), room = mtr_page_pack_room(&p->page);
		uint8_t *theirs = malloc(expected), *ours = malloc(room);

		assert_true(theirs && ours && room >= expected);
		mtr__answer__pack(&p->answer, theirs);
		const uint8_t *at = mtr_page_pack(&p->answer, ours + room);

		assert_int_equal(ours + room - at, expected);
		assert_memory_equal(at, theirs, expected);
		free(theirs);
		free(ours);
	}
	free(p);
}

/* The largest of everything, so that the room is shown to be enough. */
static void the_room_is_enough(void **state)
{
	enum { COUNT = 100 };
	Mtr__Home home = MTR__HOME__INIT, *homes[COUNT];
	Mtr__FeedRow row = MTR__FEED_ROW__INIT, *rows[COUNT];
	Mtr__FeedPage page = MTR__FEED_PAGE__INIT;
	Mtr__Answer answer = MTR__ANSWER__INIT;

	(void)state;
	home.kind = (Mtr__HomeKind)-1;
	home.a = home.b = UINT32_MAX;
	row.home = &home;
	row.type = (Mtr__EntityType)-1;
	row.id = row.revision = UINT64_MAX;
	row.ordinal = UINT32_MAX;
	row.content_case = MTR__FEED_ROW__CONTENT_ROW;
	for (size_t i = 0; i < COUNT; i++) {
		homes[i] = &home;
		rows[i] = &row;
	}
	page.rows = rows;
	page.homes_added = page.homes_removed = homes;
	page.n_rows = page.n_homes_added = page.n_homes_removed = COUNT;
	page.count = UINT64_MAX;
	page.more = page.revision_complete = page.at_head = 1;
	answer.revision = UINT64_MAX;
	answer.body_case = MTR__ANSWER__BODY_PAGE;
	answer.page = &page;
	assert_true(mtr_page_pack_room(&page) >= mtr__answer__get_packed_size(&answer));
}

/* Whoever adds a field packs it too. */
static void no_field_is_forgotten(void **state)
{
	(void)state;
	assert_int_equal(mtr__feed_page__descriptor.n_fields, 9);
	assert_int_equal(mtr__feed_row__descriptor.n_fields, 7);
	assert_int_equal(mtr__home__descriptor.n_fields, 3);
	assert_int_equal(mtr__tombstone__descriptor.n_fields, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_what_protobuf_makes_of_it),
		cmocka_unit_test(the_room_is_enough),
		cmocka_unit_test(no_field_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
