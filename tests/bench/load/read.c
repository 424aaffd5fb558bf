#include "common/clock.h"
#include "common/fail.h"
#include "load/scan.h"
#include "load/session.h"
#include "load/talks.h"
#include "model/random.h"

#include <string.h>

/* The longest names 256 homes. */
#define CURSOR_MAX (LOOP_FRAME_MAX - 512u)

struct reading {
	const struct world *world;
	struct mtr_arena *arena;
	uint64_t *asked, *answered; /* of each client: numbers of requests */
	uint32_t *wanted;           /* by each client: the class */
	struct random random;
	/* Resync. */
	uint8_t cursor[CURSOR_MAX];
	size_t cursor_size;
	uint64_t rows, since;
	struct resync *resync;
};

static size_t greet(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	(void)context, (void)client;
	return session_hello(NULL, ret_frame);
}

static void greeted(void *context, uint32_t client, struct mtr_bytes frame)
{
	struct reading *r = context;

	(void)client;
	if (session_answer(r->arena, frame, 0)->body_case != MTR__ANSWER__BODY_HELLO)
		bench_fail("hello", "answered with something else");
}

static size_t pack_query(struct reading *r, uint32_t client, Mtr__Query *query, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	Mtr__Request request = MTR__REQUEST__INIT;

	request.request_id = ++r->asked[client] + 1;
	request.body_case = MTR__REQUEST__BODY_QUERY;
	request.query = query;
	return session_pack(&request, ret_frame);
}

static struct scanned_page page_of(struct reading *r, uint32_t client, struct mtr_bytes frame)
{
	struct scanned_page page;

	if (!scan_page(frame, r->answered[client] + 2, &page)) {
		(void)session_answer(r->arena, frame, r->answered[client] + 2);
		bench_fail("page", "answered with something else");
	}
	r->answered[client]++;
	return page;
}

static size_t ask_roster(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	struct reading *r = context;
	Mtr__List list = MTR__LIST__INIT;
	Mtr__Query query = MTR__QUERY__INIT;
	char code[WORLD_CODE];

	r->wanted[client] = random_below(&r->random, r->world->classes);
	world_class_code(r->wanted[client], code);
	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT;
	list.class_code = code;
	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = &list;
	return pack_query(r, client, &query, ret_frame);
}

/* Exactly those who were summoned to that class (fill/classes.c). */
static bool take_roster(void *context, uint32_t client, struct mtr_bytes frame)
{
	struct reading *r = context;
	const uint64_t first = 1 + (uint64_t)r->wanted[client] * WORLD_ROSTER;
	struct scanned_page page = page_of(r, client, frame);
	struct scanned_row row;

	if (page.rows != WORLD_ROSTER || page.more)
		bench_fail("roster", "not complete");
	for (uint64_t i = 0; i < page.rows; i++) {
		if (!scan_row(&page.body, &row) || row.type != MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT ||
		    row.id != first + i || !row.content.size)
			bench_fail("roster", "of another class");
	}
	return true;
}

static size_t ask_page(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	struct reading *r = context;
	Mtr__Feed feed = MTR__FEED__INIT;
	Mtr__Query query = MTR__QUERY__INIT;

	if (!r->since)
		r->since = bench_now();
	feed.cursor = (ProtobufCBinaryData){r->cursor_size, r->cursor};
	query.body_case = MTR__QUERY__BODY_FEED;
	query.feed = &feed;
	return pack_query(r, client, &query, ret_frame);
}

static void end_pass(struct reading *r, uint64_t count)
{
	uint64_t now = bench_now();

	if (r->rows != count || r->rows < r->world->nominations)
		bench_fail("resync", "rows are missing");
	if (r->resync->passes < RESYNC_PASSES)
		r->resync->ms[r->resync->passes++] = (double)(now - r->since) / 1e6;
	r->resync->rows = r->rows;
	r->rows = 0;
	r->since = now;
}

static bool take_page(void *context, uint32_t client, struct mtr_bytes frame)
{
	struct reading *r = context;
	const struct scanned_page page = page_of(r, client, frame);

	if (page.cursor.size > sizeof r->cursor)
		bench_fail("page", "its cursor is too long");
	r->rows += page.rows;
	r->cursor_size = page.more ? page.cursor.size : 0;
	if (r->cursor_size)
		memcpy(r->cursor, page.cursor.data, r->cursor_size);
	else
		end_pass(r, page.count);
	return true;
}

static bool synced(void *context)
{
	const struct reading *r = context;

	return r->resync->passes == RESYNC_PASSES;
}

static struct reading *reading_new(const struct world *world, uint32_t clients)
{
	struct reading *r = calloc(1, sizeof *r);

	if (!r || !(r->asked = calloc(clients, sizeof *r->asked)) ||
	    !(r->answered = calloc(clients, sizeof *r->answered)) || !(r->wanted = calloc(clients, sizeof *r->wanted)))
		bench_fail("load", "no memory");
	r->world = world;
	r->arena = session_arena();
	return r;
}

struct talk talk_rosters(const struct world *world, uint32_t clients)
{
	return (struct talk){
		.context = reading_new(world, clients),
		.greet = greet,
		.greeted = greeted,
		.ask = ask_roster,
		.answered = take_roster,
	};
}

struct talk talk_resync(const struct world *world, struct resync *resync)
{
	struct reading *r = reading_new(world, 1);

	r->resync = resync;
	return (struct talk){
		.context = r,
		.greet = greet,
		.greeted = greeted,
		.ask = ask_page,
		.answered = take_page,
		.finished = synced,
	};
}
