#include "fake_register.h"
#include "support/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ROWS_MAX 64u

struct rows {
	Mtr__FeedRow rows[ROWS_MAX];
	Mtr__FeedRow *pointers[ROWS_MAX];
	size_t count;
};

static void add(struct rows *rows, Mtr__EntityType type, uint64_t id, const ProtobufCMessage *message)
{
	Mtr__FeedRow *row = &rows->rows[rows->count];

	mtr__feed_row__init(row);
	row->type = type;
	row->id = id;
	row->content_case = MTR__FEED_ROW__CONTENT_ROW;
	row->row.len = protobuf_c_message_get_packed_size(message);
	row->row.data = malloc(row->row.len + 1);
	protobuf_c_message_pack(message, row->row.data);
	rows->pointers[rows->count++] = row;
}

static void free_rows(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		free(rows->rows[i].row.data);
}

static bool wanted(const Mtr__List *list, uint64_t id, const char *code)
{
	return (list->id == 0 || list->id == id) && (!*list->code || strcmp(list->code, code) == 0);
}

static void add_units(struct rows *rows, const Mtr__List *list)
{
	static const struct {
		const char *code, *name;
		Mtr__UnitKind kind;
		Mtr__Level level;
		uint32_t parent;
	} units[] = {
		{"TU", "Tỉnh ủy", MTR__UNIT_KIND__UNIT_KIND_PROVINCIAL_COMMITTEE, MTR__LEVEL__LEVEL_PROVINCE, 0},
		{"BTC", "Ban Tổ chức Tỉnh ủy", MTR__UNIT_KIND__UNIT_KIND_PARTY_BOARD, MTR__LEVEL__LEVEL_PROVINCE, 1},
		{"HU-TN", "Huyện ủy Tư Nghĩa", MTR__UNIT_KIND__UNIT_KIND_DISTRICT_COMMITTEE, MTR__LEVEL__LEVEL_DISTRICT,
		 1},
		{"TCT", "Trường Chính trị tỉnh", MTR__UNIT_KIND__UNIT_KIND_SCHOOL, MTR__LEVEL__LEVEL_PROVINCE, 1},
		{"XA-CU", "Xã cũ", MTR__UNIT_KIND__UNIT_KIND_COMMUNE, MTR__LEVEL__LEVEL_COMMUNE, 3},
	};

	for (uint32_t i = 0; i < COUNT(units); i++) {
		Mtr__Unit unit = MTR__UNIT__INIT;
		unit.id = i + 1;
		unit.code = text(units[i].code);
		unit.name = text(units[i].name);
		unit.kind = units[i].kind;
		unit.level = units[i].level;
		unit.bloc = MTR__BLOC__BLOC_PARTY;
		unit.parent_id = units[i].parent;
		unit.manages_people = i == 0 || i == 2;
		unit.acts_for_parent = i == 1;
		unit.dissolved = i == 4;
		unit.successor_id = i == 4 ? 3 : 0;
		if (wanted(list, unit.id, unit.code))
			add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, unit.id, &unit.base);
	}
}

static void add_titles(struct rows *rows, const Mtr__List *list)
{
	Mtr__Standard senior = MTR__STANDARD__INIT;
	Mtr__Standard *standards[] = {&senior};
	Mtr__Title title = MTR__TITLE__INIT;

	senior.scheme = MTR__SCHEME__SCHEME_THEORY;
	senior.number = 3;
	title.n_standards = 1;
	title.standards = standards;
	title.level = MTR__LEVEL__LEVEL_DISTRICT;
	title.id = 1;
	title.code = text("PCT-HUYEN");
	title.name = text("Phó Chủ tịch huyện");
	title.rank = 50;
	if (wanted(list, title.id, title.code))
		add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, title.id, &title.base);
	title.id = 2;
	title.code = text("BT-HUYEN");
	title.name = text("Bí thư huyện ủy");
	title.rank = 51;
	title.managing_unit_id = 1;
	if (wanted(list, title.id, title.code))
		add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE, title.id, &title.base);
}

static void add_plans(struct rows *rows, const Mtr__List *list)
{
	Mtr__Plan plan = MTR__PLAN__INIT;
	char *amendments[] = {text("12-KH/TU"), text("15-KH/TU")};

	plan.id = 1;
	plan.code = text("QN21");
	plan.name = text("Kế hoạch đào tạo, bồi dưỡng năm 2021");
	plan.year = 2021;
	plan.issuer = text("Ban Thường vụ Tỉnh ủy");
	plan.number = text("103-KH/TU");
	plan.date = 20200225;
	plan.n_amendments = 2;
	plan.amendments = amendments;
	if (wanted(list, plan.id, plan.code))
		add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN, plan.id, &plan.base);
}

static void add_programmes(struct rows *rows, const Mtr__List *list)
{
	Mtr__Programme programme = MTR__PROGRAMME__INIT;
	Mtr__Quota quota = MTR__QUOTA__INIT;
	Mtr__Window window = MTR__WINDOW__INIT;
	Mtr__Standard senior = MTR__STANDARD__INIT;
	Mtr__Standard *supplies[] = {&senior};
	Mtr__Condition age = MTR__CONDITION__INIT;
	Mtr__Condition degree = MTR__CONDITION__INIT;
	Mtr__Condition audience = MTR__CONDITION__INIT;
	Mtr__Condition *conditions[] = {&age, &degree, &audience};
	Mtr__TieBreak ties[] = {MTR__TIE_BREAK__TIE_BREAK_WOMEN, MTR__TIE_BREAK__TIE_BREAK_OLDER};
	uint32_t organisers[] = {2};
	uint32_t providers[] = {4};
	uint32_t titles[] = {1, 2};

	senior.scheme = MTR__SCHEME__SCHEME_THEORY;
	senior.number = 3;
	age.kind = MTR__CONDITION_KIND__CONDITION_KIND_AGE;
	age.maximum = 40;
	age.sex = MTR__SEX__SEX_MALE;
	age.maximum_offset = -5;
	age.n_offset_title_ids = 1;
	age.offset_title_ids = titles;
	age.age_at_date = true;
	age.age_date = 20210301;
	age.valid_from = 20131107;
	age.instrument = text("5763-CV/BTCTW");
	degree.kind = MTR__CONDITION_KIND__CONDITION_KIND_DEGREE;
	degree.minimum = MTR__DEGREE__DEGREE_BACHELOR;
	audience.kind = MTR__CONDITION_KIND__CONDITION_KIND_AUDIENCE;
	audience.n_values = 2;
	audience.values = titles;
	quota.rule = MTR__QUOTA_RULE__QUOTA_RULE_RANGE;
	quota.minimum = 40;
	quota.target = 45;
	quota.maximum = 50;
	quota.in_force = 45;
	quota.document = text("7-TB/TU");
	window.opens = UINT64_C(1614531600000);
	window.closes = UINT64_C(1617209999999);
	programme.id = 1;
	programme.code = text("QN21-CC");
	programme.plan_id = 1;
	programme.name = text("Cao cấp lý luận chính trị, hệ tập trung");
	programme.kind = MTR__PROGRAMME_KIND__PROGRAMME_KIND_TRAINING;
	programme.mode = MTR__MODE__MODE_FULL_TIME;
	programme.bloc = MTR__BLOC__BLOC_PARTY;
	programme.directing = text("Ban Thường vụ Tỉnh ủy");
	programme.n_organising_unit_ids = 1;
	programme.organising_unit_ids = organisers;
	programme.n_provider_unit_ids = 1;
	programme.provider_unit_ids = providers;
	programme.quota = &quota;
	programme.nomination_window = &window;
	programme.n_supplies = 1;
	programme.supplies = supplies;
	programme.n_conditions = COUNT(conditions);
	programme.conditions = conditions;
	programme.n_tie_breaks = COUNT(ties);
	programme.tie_breaks = ties;
	programme.cost_per_head = UINT64_C(11147406000);
	programme.needs_acceptance = true;
	if (wanted(list, programme.id, programme.code))
		add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, programme.id, &programme.base);
}

/* Names whose order by the alphabet of bytes would be wrong. */
static const struct person {
	const char *name, *number;
	uint32_t birth;
	Mtr__Sex sex;
} people[] = {
	{"Nguyễn Văn Ân", "051075000123", 19750320, MTR__SEX__SEX_MALE},
	{"Trần Thị Ánh", "051180000456", 19800000, MTR__SEX__SEX_FEMALE},
	{"Đỗ Văn An", "", 19781100, MTR__SEX__SEX_MALE},
	{"Lê Thị Đào", "051182000789", 19820902, MTR__SEX__SEX_FEMALE},
	{"=Công thức", "", 19850101, MTR__SEX__SEX_MALE},
};

static void fill_person(Mtr__Person *person, uint32_t id)
{
	mtr__person__init(person);
	person->id = id;
	person->full_name = text(people[id - 1].name);
	person->citizen_number = text(people[id - 1].number);
	person->birth = people[id - 1].birth;
	person->sex = people[id - 1].sex;
	person->unit_id = 3;
}

static void add_people(struct rows *rows, const Mtr__List *list)
{
	for (uint32_t id = 1; id <= COUNT(people); id++) {
		Mtr__Person person;
		Mtr__HeldTitle held = MTR__HELD_TITLE__INIT;
		Mtr__HeldTitle *helds[] = {&held};
		Mtr__PlannedTitle planned = MTR__PLANNED_TITLE__INIT;
		Mtr__PlannedTitle *planneds[] = {&planned};
		Mtr__Rating rating = MTR__RATING__INIT;
		Mtr__Rating *ratings[] = {&rating};
		fill_person(&person, id);
		held.title_id = 1;
		held.unit_id = 3;
		held.since = 20150601;
		planned.title_id = 2;
		planned.term_from = 2020;
		planned.term_to = 2025;
		rating.year = 2020;
		rating.grade = MTR__GRADE__GRADE_GOOD;
		if (id == 1) {
			person.n_held = person.n_planned = person.n_ratings = 1;
			person.held = helds;
			person.planned = planneds;
			person.ratings = ratings;
			person.party = MTR__PARTY_MEMBERSHIP__PARTY_MEMBERSHIP_FULL;
			person.party_since = 20050203;
			person.degree = MTR__DEGREE__DEGREE_MASTER;
			person.phone = text("+84 905 000 111");
		}
		if (wanted(list, id, "") &&
		    (!*list->citizen_number || strcmp(list->citizen_number, person.citizen_number) == 0))
			add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, id, &person.base);
	}
}

static bool in_states(const Mtr__List *list, Mtr__State state)
{
	for (size_t i = 0; i < list->n_states; i++) {
		if (list->states[i] == state)
			return true;
	}
	return list->n_states == 0;
}

static void add_nominations(struct rows *rows, const Mtr__List *list)
{
	static const Mtr__State states[] = {MTR__STATE__STATE_WAITING, MTR__STATE__STATE_SEATED,
					    MTR__STATE__STATE_WAITING, MTR__STATE__STATE_COMPLETED,
					    MTR__STATE__STATE_WITHDRAWN};

	for (uint32_t i = 0; i < COUNT(states); i++) {
		Mtr__Nomination nomination = MTR__NOMINATION__INIT;
		Mtr__Person person;
		uint8_t rank = (uint8_t)(10 - i);
		fill_person(&person, i + 1);
		nomination.id = i + 1;
		nomination.programme_id = 1;
		nomination.unit_id = 3;
		nomination.person_id = i + 1;
		nomination.particulars = &person;
		nomination.unit_order = i + 1;
		nomination.state = states[i];
		nomination.group = i == 0 ? MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT
					  : MTR__PRIORITY_GROUP__PRIORITY_GROUP_AUDIENCE;
		nomination.arrived_at = FAKE_NOW + i;
		nomination.written_at = FAKE_NOW - 60000;
		nomination.rank_key = (ProtobufCBinaryData){1, &rank};
		nomination.managing_unit_id = 1;
		nomination.vetted = i < 2;
		nomination.reason = text(i == 4 ? "chuyển công tác" : "");
		if (i == 3) {
			nomination.decision_number = text("77-QĐ/TU");
			nomination.decision_date = 20210420;
			nomination.class_id = 1;
		}
		if (wanted(list, nomination.id, "") && in_states(list, nomination.state))
			add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, nomination.id, &nomination.base);
	}
}

static void add_small(struct rows *rows, const Mtr__List *list)
{
	Mtr__Allocation allocation = MTR__ALLOCATION__INIT;
	Mtr__LedgerEntry entry = MTR__LEDGER_ENTRY__INIT;
	Mtr__Letter letter = MTR__LETTER__INIT;

	allocation.programme_id = entry.programme_id = letter.programme_id = 1;
	allocation.unit_id = entry.unit_id = letter.unit_id = 3;
	allocation.granted = 2;
	allocation.frozen = true;
	if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION)
		add(rows, list->type, UINT64_C(1) << 32 | 3, &allocation.base);
	entry.id = 9;
	entry.kind = MTR__LEDGER_KIND__LEDGER_KIND_TRANSFERRED_OUT;
	entry.seats = 1;
	entry.counterpart_unit_id = 2;
	entry.document = text("15-CV/BTC");
	entry.at = FAKE_NOW;
	if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_LEDGER_ENTRY)
		add(rows, list->type, entry.id, &entry.base);
	letter.id = 7;
	letter.number = text("45-CV/HU");
	letter.date = 20210315;
	letter.signer = text("Trần Văn B");
	if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_LETTER)
		add(rows, list->type, letter.id, &letter.base);
}

static void add_class(struct rows *rows, const Mtr__List *list)
{
	Mtr__Class class = MTR__CLASS__INIT;

	class.id = 1;
	class.code = text("QN21-CC-K1");
	class.programme_id = 1;
	class.name = text("Cao cấp, khóa 1");
	class.provider_unit_id = 4;
	class.opens_on = 20210505;
	class.closes_on = 20211130;
	class.capacity = 60;
	class.decision_number = text("101-QĐ/TCT");
	class.state = MTR__CLASS_STATE__CLASS_STATE_OPEN;
	if (wanted(list, class.id, class.code))
		add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS, class.id, &class.base);
}

static void add_enrolments(struct rows *rows)
{
	for (uint32_t i = 0; i < COUNT(people); i++) {
		Mtr__Enrolment enrolment = MTR__ENROLMENT__INIT;
		enrolment.nomination_id = i + 1;
		enrolment.class_id = 1;
		enrolment.full_name = text(people[i].name);
		enrolment.birth = people[i].birth;
		enrolment.sex = people[i].sex;
		enrolment.unit_name = text("Huyện ủy Tư Nghĩa");
		enrolment.title_name = text(i == 0 ? "Phó Chủ tịch huyện" : "");
		enrolment.state = i == 3 ? MTR__STATE__STATE_EXCUSED : MTR__STATE__STATE_ENROLLED;
		enrolment.note = text(i == 3 ? "nghỉ thai sản" : "");
		enrolment.summons_number = text("110-GTT");
		enrolment.report_on = 20210505;
		add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT, enrolment.nomination_id, &enrolment.base);
	}
}

static void add_principals(struct rows *rows)
{
	Mtr__Principal principal = MTR__PRINCIPAL__INIT;
	uint8_t key[32] = {1, 2, 3};

	principal.id = 1;
	principal.public_key = (ProtobufCBinaryData){sizeof key, key};
	principal.name = text("Huyện ủy Tư Nghĩa");
	principal.role = MTR__ROLE__ROLE_NOMINATOR;
	principal.unit_id = 3;
	principal.revoked = true;
	principal.revoked_reason = text("máy bị mất");
	add(rows, MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, principal.id, &principal.base);
}

static void add_rows(struct rows *rows, const Mtr__List *list)
{
	if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT)
		add_units(rows, list);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_TITLE)
		add_titles(rows, list);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PLAN)
		add_plans(rows, list);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME)
		add_programmes(rows, list);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON)
		add_people(rows, list);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION)
		add_nominations(rows, list);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_CLASS)
		add_class(rows, list);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT)
		add_enrolments(rows);
	else if (list->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL)
		add_principals(rows);
	else
		add_small(rows, list);
}

static uint8_t *answer_list(const Mtr__List *list, size_t *ret_size)
{
	struct rows rows = {0};
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__FeedPage page = MTR__FEED_PAGE__INIT;

	add_rows(&rows, list);
	page.n_rows = rows.count;
	page.rows = rows.pointers;
	answer.revision = 99;
	answer.body_case = MTR__ANSWER__BODY_PAGE;
	answer.page = &page;
	uint8_t *bytes = fake_pack(&answer, ret_size);
	free_rows(&rows);
	return bytes;
}

static uint8_t *answer_tallies(const Mtr__Tallies *tallies, size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__TallyTable table = MTR__TALLY_TABLE__INIT;
	Mtr__Tally tally = MTR__TALLY__INIT;
	Mtr__Tally *rows[] = {&tally};

	tally.programme_id = 1;
	tally.programme_code = text("QN21-CC");
	tally.programme_name = text("Cao cấp lý luận chính trị, hệ tập trung");
	tally.unit_id = tallies->by_unit ? 3 : 0;
	tally.unit_code = text(tallies->by_unit ? "HU-TN" : "");
	tally.unit_name = text(tallies->by_unit ? "Huyện ủy Tư Nghĩa" : "");
	tally.seats_in_force = 45;
	tally.demand = 4;
	tally.seats = 2;
	tally.held = 1;
	tally.waiting = 2;
	tally.completed = 1;
	tally.granted = 3;
	tally.transferred_out = 1;
	tally.parts = 1;
	table.n_rows = 1;
	table.rows = rows;
	answer.body_case = MTR__ANSWER__BODY_TALLIES;
	answer.tallies = &table;
	return fake_pack(&answer, ret_size);
}

static uint8_t *answer_log(size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__LogPage page = MTR__LOG_PAGE__INIT;
	Mtr__LogEntry done = MTR__LOG_ENTRY__INIT;
	Mtr__LogEntry refused = MTR__LOG_ENTRY__INIT;
	Mtr__LogEntry *entries[] = {&refused, &done};
	uint64_t nominations[] = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144};
	uint32_t persons[] = {1, 2, 3, 4, 5, 6, 7, 8};

	done.revision = 41;
	refused.revision = 42;
	done.at = refused.at = FAKE_NOW;
	done.principal_name = refused.principal_name = text("Huyện ủy Tư Nghĩa");
	done.command = text("propose");
	done.n_nomination_ids = sizeof nominations / sizeof *nominations;
	done.nomination_ids = nominations;
	done.n_person_ids = sizeof persons / sizeof *persons;
	done.person_ids = persons;
	done.effects = 3;
	refused.command = text("withdraw");
	refused.error_code = MTR__ERROR_CODE__ERROR_CODE_LIST_FROZEN;
	page.n_entries = 2;
	page.entries = entries;
	answer.body_case = MTR__ANSWER__BODY_LOG;
	answer.log = &page;
	return fake_pack(&answer, ret_size);
}

static uint8_t *answer_status(size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__ServerStatusReply status = MTR__SERVER_STATUS_REPLY__INIT;

	status.software = text("matriculad 0.0.0");
	status.now = FAKE_NOW;
	status.started_at = FAKE_NOW - 3600000;
	status.accepts_changes = true;
	status.durable_revision = status.committed_revision = 99;
	status.map_bytes = UINT64_C(8589934592);
	answer.body_case = MTR__ANSWER__BODY_SERVER_STATUS;
	answer.server_status = &status;
	return fake_pack(&answer, ret_size);
}

uint8_t *fake_query(const Mtr__Query *query, size_t *ret_size)
{
	if (query->body_case == MTR__QUERY__BODY_LIST)
		return answer_list(query->list, ret_size);
	if (query->body_case == MTR__QUERY__BODY_TALLIES)
		return answer_tallies(query->tallies, ret_size);
	if (query->body_case == MTR__QUERY__BODY_LOG)
		return answer_log(ret_size);
	if (query->body_case == MTR__QUERY__BODY_NOMINATION_STATUS) {
		Mtr__Command command = MTR__COMMAND__INIT;
		Mtr__Withdraw withdraw = MTR__WITHDRAW__INIT;
		command.body_case = MTR__COMMAND__BODY_WITHDRAW;
		command.withdraw = &withdraw;
		withdraw.nomination_id = query->nomination_status->nomination_id;
		return fake_command(&command, ret_size);
	}
	return answer_status(ret_size);
}
