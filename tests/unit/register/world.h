/* A province in a temporary register: a tree of units, a key for each role, titles, a plan, and shorthands that send
 * commands through decide and apply. */
#ifndef TESTS_UNIT_REGISTER_WORLD_H
#define TESTS_UNIT_REGISTER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "contract/date.h"
#include "contract/errors.h"
#include "register/decide.h"
#include "register/decision.h"
#include "store/apply.h"
#include "store/read.h"
#include "support/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Keys, in the order in which they are registered. */
enum {
	OPERATOR = 1,
	ORGANISER,  /* of BTC, which acts for the root */
	CLERK_A,    /* of SO-A */
	CLERK_A1,   /* of its division PHONG-A1 */
	CLERK_B,    /* of SO-B */
	APPROVER,   /* of the root */
	APPROVER_A, /* of SO-A, which manages people */
	SCHOOL,     /* of TRUONG, a provider */
	MANAGER,    /* of TRUONG-QL, a student manager */
	AUDITOR,
	OUTSIDER, /* organiser of SO-B, which organises nothing */
	PRINCIPALS,
};

struct world {
	char directory[64];
	struct mtr_store *store;
	struct mtr_arena *messages; /* what the test builds */
	struct mtr_arena *arena;    /* of the last decision */
	uint64_t revision, now;
	struct mtr_outcome outcome; /* of the last decision */
};

#define NEW(w, type) mtr_message_new((w)->messages, &mtr__##type##__descriptor)
#define SEND(w, who, TAG, body) world_send(w, who, MTR__COMMAND__BODY_##TAG, &(body)->base)
#define STATE(name) MTR__STATE__STATE_##name

static inline uint64_t day(uint32_t date)
{
	uint64_t ms = 0;

	assert_true(mtr_date_start_ms(date, &ms));
	return ms + 1;
}

static inline void world_apply(struct world *w, struct mtr_txn *txn, const struct mtr_effect *effects, size_t count)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	uint8_t chain[MTR_HASH_BYTES] = {0};

	header.revision = ++w->revision;
	header.at = w->now;
	mtr_apply(txn, &header, effects, count, chain);
}

/* Decides, applies what comes of it, and commits. */
static inline const Mtr__Answer *world_send(struct world *w, uint32_t who, int tag, const ProtobufCMessage *body)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	struct mtr_decision_input input = {
		.arena = w->arena, .principal_id = who, .now = w->now, .revision = w->revision + 1};
	struct mtr_txn txn;

	command.written_at = 77;
	command.body_case = (Mtr__Command__BodyCase)tag;
	memcpy(&command.put_unit, &body, sizeof body);
	mtr_arena_reset(w->arena);
	mtr_txn_begin_write(&txn, w->store);
	input.txn = &txn;
	assert_int_equal(mtr_decide(&input, &command, &w->outcome), MTR_DECIDE_OK);
	if (w->outcome.consumes)
		world_apply(w, &txn, w->outcome.effects, w->outcome.effect_count);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	return w->outcome.answer;
}

static inline void expect_error(const Mtr__Answer *answer, Mtr__ErrorCode code, const char *field)
{
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ERROR);
	assert_string_equal(mtr_error_name(answer->error->code), mtr_error_name(code));
	assert_string_equal(answer->error->field, field);
}
#define ERROR(answer, code, field) expect_error(answer, MTR__ERROR_CODE__ERROR_CODE_##code, field)

static inline const Mtr__Done *expect_done(const Mtr__Answer *answer)
{
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		fail_msg("refused: %s %s (%s, %s)", mtr_error_name(answer->error->code), answer->error->field,
			 answer->error->found, answer->error->wanted);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_DONE);
	return answer->done;
}

static inline const Mtr__Acknowledgement *expect_ack(const Mtr__Answer *answer)
{
	if (answer->body_case == MTR__ANSWER__BODY_ERROR)
		fail_msg("refused: %s %s (%s, %s)", mtr_error_name(answer->error->code), answer->error->field,
			 answer->error->found, answer->error->wanted);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ACKNOWLEDGEMENT);
	return answer->acknowledgement;
}

static inline Mtr__PutUnit *unit(struct world *w, const char *code, const char *parent)
{
	Mtr__PutUnit *body = NEW(w, put_unit);

	body->code = text(code);
	body->name = text(code);
	body->kind = MTR__UNIT_KIND__UNIT_KIND_DEPARTMENT;
	body->level = MTR__LEVEL__LEVEL_PROVINCE;
	body->bloc = MTR__BLOC__BLOC_STATE;
	body->parent_code = text(parent);
	return body;
}

static inline Mtr__PutPrincipal *key(struct world *w, uint8_t number, Mtr__Role role, const char *unit_code)
{
	Mtr__PutPrincipal *body = NEW(w, put_principal);

	body->public_key.data = mtr_arena_alloc(w->messages, MTR_KEY_BYTES);
	body->public_key.len = MTR_KEY_BYTES;
	memset(body->public_key.data, number, MTR_KEY_BYTES);
	body->name = text("Bàn làm việc");
	body->role = role;
	body->unit_code = text(unit_code);
	return body;
}

static inline Mtr__Standard *standard(struct world *w, Mtr__Scheme scheme, uint32_t number)
{
	Mtr__Standard *out = NEW(w, standard);

	out->scheme = scheme;
	out->number = number;
	return out;
}

/* A list of one or more pointers in the arena. */
static inline void *list_of(struct world *w, size_t count, ...)
{
	void **items = mtr_arena_array(w->messages, count, sizeof *items);
	va_list arguments;

	va_start(arguments, count);
	for (size_t i = 0; i < count; i++)
		items[i] = va_arg(arguments, void *);
	va_end(arguments);
	return items;
}

/* Every title demands senior theory unless `number` is 0. */
static inline Mtr__PutTitle *title(struct world *w, const char *code, uint32_t rank, uint32_t number)
{
	Mtr__PutTitle *body = NEW(w, put_title);

	body->code = text(code);
	body->name = text(code);
	body->level = MTR__LEVEL__LEVEL_PROVINCE;
	body->rank = rank;
	body->n_standards = number ? 1 : 0;
	body->standards = list_of(w, 1, standard(w, MTR__SCHEME__SCHEME_THEORY, number));
	return body;
}

static inline void hold(struct world *w, Mtr__PutPerson *body, const char *title_code, const char *unit_code)
{
	Mtr__PutPerson__PutHeldTitle *held = NEW(w, put_person__put_held_title);

	held->title_code = text(title_code);
	held->unit_code = text(unit_code);
	body->n_held = 1;
	body->held = list_of(w, 1, held);
}

static inline void plan_for(struct world *w, Mtr__PutPerson *body, const char *title_code, uint32_t from, uint32_t to)
{
	Mtr__PutPerson__PutPlannedTitle *planned = NEW(w, put_person__put_planned_title);

	planned->title_code = text(title_code);
	planned->term_from = from;
	planned->term_to = to;
	body->n_planned = 1;
	body->planned = list_of(w, 1, planned);
}

/* A man born in 1980 without a number, who may be put forward to anything. */
static inline Mtr__PutPerson *person(struct world *w, const char *name, const char *unit_code)
{
	Mtr__PutPerson *body = NEW(w, put_person);

	body->person = NEW(w, person);
	body->person->full_name = text(name);
	body->person->birth = 19800315;
	body->person->sex = MTR__SEX__SEX_MALE;
	body->unit_code = text(unit_code);
	return body;
}

static inline uint32_t put_person(struct world *w, uint32_t who, const Mtr__PutPerson *body)
{
	return (uint32_t)expect_done(SEND(w, who, PUT_PERSON, body))->id;
}

/* One that earns this group in CAO-CAP. */
static inline uint32_t someone(struct world *w, uint32_t who, const char *unit_code, Mtr__PriorityGroup group)
{
	Mtr__PutPerson *body = person(w, "Nguyễn Văn An", unit_code);

	hold(w, body, group == MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT ? "PGD" : "TP", "");
	if (group == MTR__PRIORITY_GROUP__PRIORITY_GROUP_SUCCESSOR)
		plan_for(w, body, "PGD", 2020, 2025);
	if (group == MTR__PRIORITY_GROUP__PRIORITY_GROUP_RESERVE)
		plan_for(w, body, "GD", 2020, 2025);
	return put_person(w, who, body);
}
#define INCUMBENT MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT
#define SUCCESSOR MTR__PRIORITY_GROUP__PRIORITY_GROUP_SUCCESSOR
#define RESERVE MTR__PRIORITY_GROUP__PRIORITY_GROUP_RESERVE
#define AUDIENCE MTR__PRIORITY_GROUP__PRIORITY_GROUP_AUDIENCE

/* Senior theory, 10 seats in force, organised by BTC, taught by TRUONG; open all the time. */
static inline Mtr__PutProgramme *programme(struct world *w, const char *code)
{
	Mtr__PutProgramme *body = NEW(w, put_programme);
	Mtr__Programme *inner = NEW(w, programme);

	inner->code = text(code);
	inner->name = text("Cao cấp lý luận chính trị");
	inner->kind = MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING;
	inner->mode = MTR__MODE__MODE_PART_TIME;
	inner->bloc = MTR__BLOC__BLOC_PARTY;
	inner->quota = NEW(w, quota);
	inner->quota->rule = MTR__QUOTA_RULE__QUOTA_RULE_FIXED;
	inner->quota->in_force = 10;
	inner->n_supplies = 1;
	inner->supplies = list_of(w, 1, standard(w, MTR__SCHEME__SCHEME_THEORY, 3));
	body->programme = inner;
	body->plan_code = text("KH-2020");
	body->n_organising_unit_codes = 1;
	body->organising_unit_codes = list_of(w, 1, "BTC");
	body->n_provider_unit_codes = 1;
	body->provider_unit_codes = list_of(w, 1, "TRUONG");
	return body;
}

static inline const Mtr__Answer *allocate(struct world *w, const char *code, const char *unit_code, int64_t seats)
{
	Mtr__Allocate *body = NEW(w, allocate);

	body->programme_code = text(code);
	body->unit_code = text(unit_code);
	body->seats = seats;
	return SEND(w, ORGANISER, ALLOCATE, body);
}

static inline uint64_t letter(struct world *w, uint32_t who, const char *code, const char *unit_code,
			      const char *number)
{
	Mtr__PutLetter *body = NEW(w, put_letter);

	body->programme_code = text(code);
	body->unit_code = text(unit_code);
	body->number = text(number);
	return expect_done(SEND(w, who, PUT_LETTER, body))->id;
}

static inline Mtr__Propose *proposal(struct world *w, const char *code, uint32_t person_id)
{
	Mtr__Propose *body = NEW(w, propose);

	body->programme_code = text(code);
	body->person = NEW(w, person_reference);
	body->person->person_id = person_id;
	return body;
}

static inline const Mtr__Acknowledgement *propose(struct world *w, uint32_t who, uint32_t person_id)
{
	return expect_ack(SEND(w, who, PROPOSE, proposal(w, "CAO-CAP", person_id)));
}

/* A nomination with a numbered letter. */
static inline uint64_t nominate(struct world *w, uint32_t who, const char *unit_code, Mtr__PriorityGroup group)
{
	Mtr__Propose *body = proposal(w, "CAO-CAP", someone(w, who, unit_code, group));

	body->unit_code = text(unit_code);
	body->letter_id = letter(w, who, "CAO-CAP", unit_code, "12-CV/SA");
	return expect_ack(SEND(w, who, PROPOSE, body))->nomination_id;
}

static inline const Mtr__Answer *vet(struct world *w, uint64_t id, bool eligible, const char *reason)
{
	Mtr__Vet *body = NEW(w, vet);

	body->nomination_id = id;
	body->eligible = eligible;
	body->reason = text(reason);
	return SEND(w, ORGANISER, VET, body);
}

static inline const Mtr__Answer *freeze(struct world *w, const char *code, const char *unit_code)
{
	Mtr__Freeze *body = NEW(w, freeze);

	body->programme_code = text(code);
	body->unit_code = text(unit_code);
	body->document = text("15-TB/BTC");
	return SEND(w, ORGANISER, FREEZE, body);
}

static inline const Mtr__Answer *withdraw(struct world *w, uint32_t who, uint64_t id, const char *reason)
{
	Mtr__Withdraw *body = NEW(w, withdraw);

	body->nomination_id = id;
	body->reason = text(reason);
	return SEND(w, who, WITHDRAW, body);
}

/* Approved ids first; both lists live in the caller's memory. */
static inline Mtr__Decide *decision(struct world *w, uint64_t *approved, size_t approved_count)
{
	Mtr__Decide *body = NEW(w, decide);

	body->programme_code = text("CAO-CAP");
	body->number = text("456-QĐ/TU");
	body->date = 20200310;
	body->signer = text("Trần Thị Bình");
	body->approved_ids = approved;
	body->n_approved_ids = approved_count;
	return body;
}

/* The nomination's row, in the arena of the last decision. */
static inline const Mtr__Nomination *nomination(struct world *w, uint64_t id)
{
	struct mtr_txn txn;
	const Mtr__Nomination *row;

	mtr_txn_begin_read(&txn, w->store);
	row = mtr_read_nomination(&txn, w->messages, id);
	mtr_txn_abort(&txn);
	assert_non_null(row);
	return row;
}

static inline Mtr__State state_of(struct world *w, uint64_t id)
{
	return nomination(w, id)->state;
}

static inline void world_first_operator(struct world *w)
{
	Mtr__Principal row;
	uint8_t public_key[MTR_KEY_BYTES], packed[256];
	struct mtr_effect effect = {
		.home = mtr_home_principals(), .type = MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, .id = OPERATOR};
	struct mtr_txn txn;

	mtr__principal__init(&row);
	memset(public_key, OPERATOR, sizeof public_key);
	row.id = OPERATOR;
	row.public_key = (ProtobufCBinaryData){sizeof public_key, public_key};
	row.role = MTR__ROLE__ROLE_OPERATOR;
	effect.row = (struct mtr_bytes){packed, mtr__principal__pack(&row, packed)};
	mtr_txn_begin_write(&txn, w->store);
	world_apply(w, &txn, &effect, 1);
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
}

static inline void world_units(struct world *w)
{
	static const char *const below[] = {"BTC", "SO-A", "SO-B", "TRUONG", "TRUONG-QL"};

	expect_done(SEND(w, OPERATOR, PUT_UNIT, unit(w, "TINH-UY", "")));
	for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
		Mtr__PutUnit *body = unit(w, below[i], "TINH-UY");

		body->acts_for_parent = strcmp(below[i], "BTC") == 0;
		body->manages_people = strcmp(below[i], "SO-A") == 0;
		expect_done(SEND(w, OPERATOR, PUT_UNIT, body));
	}
	expect_done(SEND(w, OPERATOR, PUT_UNIT, unit(w, "PHONG-A1", "SO-A")));
}

static inline void world_keys(struct world *w)
{
	static const struct {
		Mtr__Role role;
		const char *unit_code;
	} keys[PRINCIPALS] = {
		[ORGANISER] = {MTR__ROLE__ROLE_ORGANISER, "BTC"},
		[CLERK_A] = {MTR__ROLE__ROLE_NOMINATOR, "SO-A"},
		[CLERK_A1] = {MTR__ROLE__ROLE_NOMINATOR, "PHONG-A1"},
		[CLERK_B] = {MTR__ROLE__ROLE_NOMINATOR, "SO-B"},
		[APPROVER] = {MTR__ROLE__ROLE_APPROVER, "TINH-UY"},
		[APPROVER_A] = {MTR__ROLE__ROLE_APPROVER, "SO-A"},
		[SCHOOL] = {MTR__ROLE__ROLE_SCHOOL, "TRUONG"},
		[MANAGER] = {MTR__ROLE__ROLE_SCHOOL, "TRUONG-QL"},
		[AUDITOR] = {MTR__ROLE__ROLE_AUDITOR, ""},
		[OUTSIDER] = {MTR__ROLE__ROLE_ORGANISER, "SO-B"},
	};

	for (uint32_t i = ORGANISER; i < PRINCIPALS; i++)
		assert_int_equal(expect_done(SEND(w, OPERATOR, PUT_PRINCIPAL,
						  key(w, (uint8_t)i, keys[i].role, keys[i].unit_code)))
					 ->id,
				 i);
}

/* Director, deputy director, head and deputy head of division: the ladder of 103-KH/TU's examples. */
static inline void world_titles(struct world *w)
{
	expect_done(SEND(w, ORGANISER, PUT_TITLE, title(w, "PTP", 1, 0)));
	expect_done(SEND(w, ORGANISER, PUT_TITLE, title(w, "TP", 2, 0)));
	expect_done(SEND(w, ORGANISER, PUT_TITLE, title(w, "PGD", 3, 3)));
	expect_done(SEND(w, ORGANISER, PUT_TITLE, title(w, "GD", 4, 3)));
}

static inline void world_plan(struct world *w)
{
	Mtr__PutPlan *body = NEW(w, put_plan);

	body->plan = NEW(w, plan);
	body->plan->code = text("KH-2020");
	body->plan->name = text("Kế hoạch đào tạo, bồi dưỡng năm 2020");
	body->plan->year = 2020;
	expect_done(SEND(w, ORGANISER, PUT_PLAN, body));
	expect_done(SEND(w, ORGANISER, PUT_PROGRAMME, programme(w, "CAO-CAP")));
}

static inline int world_setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct mtr_store_options options = {.map_bytes = 64u << 20, .create = true};

	assert_non_null(w);
	strcpy(w->directory, "/tmp/matricula-register-XXXXXX");
	assert_non_null(mkdtemp(w->directory));
	options.directory = w->directory;
	w->messages = mtr_arena_new(256u << 20);
	w->arena = mtr_arena_new(MTR_DECISION_ARENA);
	w->now = day(20200225);
	assert_int_equal(mtr_store_open(&w->store, &options), MTR_STORE_OK);
	world_first_operator(w);
	world_units(w);
	world_keys(w);
	world_titles(w);
	world_plan(w);
	*state = w;
	return 0;
}

static inline int world_teardown(void **state)
{
	struct world *w = *state;
	char path[128];

	mtr_store_close(&w->store);
	mtr_arena_free(&w->messages);
	mtr_arena_free(&w->arena);
	snprintf(path, sizeof path, "%s/data.mdb", w->directory);
	unlink(path);
	snprintf(path, sizeof path, "%s/lock.mdb", w->directory);
	unlink(path);
	rmdir(w->directory);
	free(w);
	return 0;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

#endif
