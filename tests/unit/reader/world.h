/* A small province: units, desks, programmes, people put forward; and questions put to it. */
#ifndef TESTS_UNIT_READER_WORLD_H
#define TESTS_UNIT_READER_WORLD_H

#include "reader/query.h"
#include "unit/store/fixture.h"

#define INCARNATION 5u

enum { ROOT = 1, BOARD = 2, DISTRICT_A = 3, DISTRICT_B = 4, COMMUNE_A = 5, SCHOOL = 6, OTHER_SCHOOL = 7 };
enum { SENIOR = 1, LOCAL = 2, LAST_YEARS = 3 };
enum {
	OPERATOR = 1,
	CLERK_A = 2,
	ORGANISER = 3,
	TEACHER = 4,
	AUDITOR = 5,
	CLERK_B = 6,
	ORGANISER_A = 7,
	APPROVER_A = 8,
	REVOKED = 9,
};

struct world {
	struct fixture *f;
	struct mtr_arena *arena, *scratch;
	struct mtr_scopes *scopes;
	struct mtr_readers_options options;
	Mtr__Answer *answer; /* the last */
};

static inline struct mtr_effect world_unit(struct fixture *f, uint32_t id, const char *code, uint32_t parent)
{
	Mtr__Unit unit = MTR__UNIT__INIT;

	unit.id = id;
	unit.code = text_of(f, code);
	unit.name = text_of(f, code);
	unit.parent_id = parent;
	unit.acts_for_parent = id == BOARD;
	return effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, id, &unit.base);
}

static inline struct mtr_effect world_principal(struct fixture *f, uint32_t id, Mtr__Role role, uint32_t unit)
{
	Mtr__Principal principal = MTR__PRINCIPAL__INIT;
	uint8_t key[MTR_KEY_BYTES] = {(uint8_t)id};
	char name[32];

	snprintf(name, sizeof name, "desk %u", id);
	principal.id = id;
	principal.name = text_of(f, name);
	principal.public_key = (ProtobufCBinaryData){sizeof key, key};
	principal.role = role;
	principal.unit_id = unit;
	principal.revoked = id == REVOKED;
	return effect_of(f, mtr_home_principals(), MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, id, &principal.base);
}

static inline struct mtr_effect world_plan(struct fixture *f, uint32_t id, const char *code)
{
	Mtr__Plan plan = MTR__PLAN__INIT;

	plan.id = id;
	plan.code = text_of(f, code);
	return effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, id, &plan.base);
}

static inline struct mtr_effect world_programme(struct fixture *f, uint32_t id, const char *code, uint32_t plan,
						uint32_t organiser)
{
	Mtr__Programme programme = MTR__PROGRAMME__INIT;
	Mtr__Quota quota = MTR__QUOTA__INIT;

	quota.in_force = 40 + id;
	programme.id = id;
	programme.code = text_of(f, code);
	programme.name = text_of(f, code);
	programme.plan_id = plan;
	programme.quota = &quota;
	programme.organising_unit_ids = &organiser;
	programme.n_organising_unit_ids = 1;
	return effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, id, &programme.base);
}

static inline struct mtr_effect world_allocation(struct fixture *f, uint32_t programme, uint32_t unit, uint32_t granted,
						 bool frozen)
{
	Mtr__Allocation allocation = MTR__ALLOCATION__INIT;

	allocation.programme_id = programme;
	allocation.unit_id = unit;
	allocation.demand = granted + 1;
	allocation.granted = granted;
	allocation.returned = granted > 1;
	allocation.frozen = frozen;
	return effect_of(f, mtr_home_part(programme, unit), MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION,
			 mtr_allocation_id(programme, unit), &allocation.base);
}

static inline struct mtr_effect world_class(struct fixture *f, uint32_t id, const char *code, uint32_t programme,
					    uint32_t provider)
{
	Mtr__Class class = MTR__CLASS__INIT;

	class.id = id;
	class.code = text_of(f, code);
	class.programme_id = programme;
	class.provider_unit_id = provider;
	return effect_of(f, mtr_home_class(id), MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, id, &class.base);
}

static inline struct mtr_effect world_enrolment(struct fixture *f, uint64_t nomination, uint32_t class_id,
						uint32_t unit)
{
	Mtr__Enrolment enrolment = MTR__ENROLMENT__INIT;

	enrolment.nomination_id = nomination;
	enrolment.class_id = class_id;
	enrolment.unit_id = unit;
	enrolment.state = MTR__STATE__STATE_SUMMONED;
	return effect_of(f, mtr_home_class(class_id), MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT, nomination,
			 &enrolment.base);
}

static inline struct mtr_effect world_letter(struct fixture *f, uint64_t id, uint32_t programme, uint32_t unit)
{
	Mtr__Letter letter = MTR__LETTER__INIT;

	letter.id = id;
	letter.programme_id = programme;
	letter.unit_id = unit;
	return effect_of(f, mtr_home_part(programme, unit), MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER, id, &letter.base);
}

static inline struct mtr_effect world_decision(struct fixture *f, uint64_t id, uint32_t programme)
{
	Mtr__Decision decision = MTR__DECISION__INIT;

	decision.id = id;
	decision.programme_id = programme;
	return effect_of(f, mtr_home_programme(programme), MTR__ENTITY_TYPE__ENTITY_TYPE_DECISION, id, &decision.base);
}

static inline void world_found(struct fixture *f)
{
	const struct mtr_effect rows[] = {
		world_unit(f, ROOT, "TINH", 0),
		world_unit(f, BOARD, "BTC", ROOT),
		world_unit(f, DISTRICT_A, "HUYEN-A", ROOT),
		world_unit(f, DISTRICT_B, "HUYEN-B", ROOT),
		world_unit(f, COMMUNE_A, "XA-A", DISTRICT_A),
		world_unit(f, SCHOOL, "TRUONG", ROOT),
		world_unit(f, OTHER_SCHOOL, "HOC-VIEN", ROOT),
		world_principal(f, OPERATOR, MTR__ROLE__ROLE_OPERATOR, 0),
		world_principal(f, CLERK_A, MTR__ROLE__ROLE_NOMINATOR, DISTRICT_A),
		world_principal(f, ORGANISER, MTR__ROLE__ROLE_ORGANISER, BOARD),
		world_principal(f, TEACHER, MTR__ROLE__ROLE_SCHOOL, SCHOOL),
		world_principal(f, AUDITOR, MTR__ROLE__ROLE_AUDITOR, 0),
		world_principal(f, CLERK_B, MTR__ROLE__ROLE_NOMINATOR, DISTRICT_B),
		world_principal(f, ORGANISER_A, MTR__ROLE__ROLE_ORGANISER, DISTRICT_A),
		world_principal(f, APPROVER_A, MTR__ROLE__ROLE_APPROVER, DISTRICT_A),
		world_principal(f, REVOKED, MTR__ROLE__ROLE_NOMINATOR, DISTRICT_A),
		world_plan(f, 1, "KH-25"),
		world_plan(f, 2, "KH-24"),
		world_programme(f, SENIOR, "CAO-CAP", 1, BOARD),
		world_programme(f, LOCAL, "TRUNG-CAP", 1, DISTRICT_A),
		world_programme(f, LAST_YEARS, "CAO-CAP-24", 2, BOARD),
	};

	fixture_apply(f, rows, sizeof rows / sizeof rows[0]);
}

static inline void world_nominate(struct fixture *f)
{
	const Mtr__State seated = MTR__STATE__STATE_SEATED, waiting = MTR__STATE__STATE_WAITING;
	const struct nomination_of nominations[] = {
		{.programme = SENIOR, .unit = DISTRICT_A, .person = 1, .state = seated, .group = 1},
		{.programme = SENIOR, .unit = DISTRICT_A, .person = 2, .state = waiting, .group = 2},
		{.programme = SENIOR,
		 .unit = COMMUNE_A,
		 .person = 3,
		 .state = MTR__STATE__STATE_SUMMONED,
		 .class_id = 1,
		 .decision_id = 1},
		{.programme = SENIOR, .unit = DISTRICT_B, .person = 4, .state = seated, .group = 1},
		{.programme = LOCAL, .unit = DISTRICT_A, .person = 1, .state = MTR__STATE__STATE_WITHDRAWN},
	};
	const struct mtr_effect rows[] = {
		world_allocation(f, SENIOR, DISTRICT_A, 1, false),
		world_allocation(f, SENIOR, COMMUNE_A, 4, true),
		world_allocation(f, SENIOR, DISTRICT_B, 2, false),
		world_allocation(f, LAST_YEARS, DISTRICT_B, 7, false),
		person_row(f, 1, "Nguyễn Văn An", "089080000001", DISTRICT_A),
		person_row(f, 2, "Nguyễn Văn Bình", "089080000002", DISTRICT_A),
		person_row(f, 3, "Trần Thị Cúc", "089180000003", COMMUNE_A),
		person_row(f, 4, "Lê Văn Dũng", "089080000004", DISTRICT_B),
		nomination_row(f, 1, nominations[0]),
		nomination_row(f, 2, nominations[1]),
		nomination_row(f, 3, nominations[2]),
		nomination_row(f, 4, nominations[3]),
		nomination_row(f, 5, nominations[4]),
		world_class(f, 1, "LOP-1", SENIOR, SCHOOL),
		world_class(f, 2, "LOP-2", LAST_YEARS, OTHER_SCHOOL),
		world_enrolment(f, 3, 1, COMMUNE_A),
		world_letter(f, 1, SENIOR, DISTRICT_A),
		world_letter(f, 2, SENIOR, DISTRICT_B),
		world_decision(f, 1, SENIOR),
	};

	fixture_apply(f, rows, sizeof rows / sizeof rows[0]);
}

static inline int world_setup(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	void *made = NULL;

	assert_non_null(world);
	fixture_setup(&made);
	world->f = made;
	world->arena = mtr_arena_new(32u << 20);
	world->scratch = mtr_arena_new(1u << 20);
	world->scopes = mtr_scopes_new();
	assert_non_null(world->scopes);
	world->options = (struct mtr_readers_options){.store = world->f->store, .incarnation = INCARNATION};
	world_found(world->f);
	world_nominate(world->f);
	fixture_check(world->f);
	*state = world;
	return 0;
}

static inline int world_teardown(void **state)
{
	struct world *world = *state;
	void *made = world->f;

	if (world->answer)
		mtr__answer__free_unpacked(world->answer, NULL);
	mtr_arena_free(&world->arena);
	mtr_arena_free(&world->scratch);
	mtr_scopes_free(&world->scopes);
	fixture_teardown(&made);
	free(world);
	return 0;
}

static inline struct mtr_work *work_of(uint32_t principal_id, const Mtr__Query *query)
{
	uint8_t bytes[8192];
	const size_t size = mtr__query__get_packed_size(query);
	struct mtr_work *work;

	assert_true(size <= sizeof bytes);
	mtr__query__pack(query, bytes);
	work = mtr_work_new(bytes, size);
	assert_non_null(work);
	work->principal_id = principal_id;
	work->is_query = true;
	return work;
}

/* The answer stays the world's until the next question. */
static inline const Mtr__Answer *ask(struct world *world, uint32_t principal_id, const Mtr__Query *query)
{
	struct mtr_work *work = work_of(principal_id, query);
	struct mtr_attempted attempted;

	assert_int_equal(mtr_query_attempt(&world->options, world->arena, world->scratch, world->scopes, work, false,
					   &attempted),
			 MTR_ATTEMPT_ANSWERED);
	assert_true(work->answer_size <= MTR_REPLY_MAX);
	if (world->answer)
		mtr__answer__free_unpacked(world->answer, NULL);
	world->answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);
	assert_non_null(world->answer);
	mtr_work_free(&work);
	return world->answer;
}

static inline void expect_error(const Mtr__Answer *answer, Mtr__ErrorCode code, const char *field)
{
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ERROR);
	assert_int_equal(answer->error->code, code);
	assert_string_equal(answer->error->field, field);
}

#define ERROR(name) MTR__ERROR_CODE__ERROR_CODE_##name
#define TYPE(name) MTR__ENTITY_TYPE__ENTITY_TYPE_##name
#define WORLD_TEST(function) cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

#endif
