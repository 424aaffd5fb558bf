#include "unit/mirror/served.h"

static struct mtr_bytes pack(const Mtr__Query *query, uint8_t *bytes)
{
	return (struct mtr_bytes){bytes, mtr__query__pack(query, bytes)};
}

/* The register's answer and the mirror's are the same bytes. */
static void expect_same(struct served *served, const Mtr__Query *query)
{
	uint8_t bytes[512], expected[MTR_REPLY_MAX];
	const struct mtr_bytes packed = pack(query, bytes);
	const uint8_t *answer;
	size_t size, expected_size;

	assert_int_equal(mtr_client_query(served->desk.client, packed.data, packed.size, &answer, &expected_size), 0);
	assert_true(expected_size <= sizeof expected);
	memcpy(expected, answer, expected_size);
	assert_int_equal(mtr_client_query_mirror(served->desk.client, packed.data, packed.size, &answer, &size), 0);
	assert_int_equal(size, expected_size);
	assert_memory_equal(answer, expected, size);
}

static void expect_same_list(struct served *served, Mtr__List *list)
{
	Mtr__Query query = MTR__QUERY__INIT;

	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = list;
	expect_same(served, &query);
}

static void lists(struct served *served)
{
	static const char *const units[] = {"", "HUYEN-A", "HUYEN-B", "XA-A", "TRUONG", "NOBODY"};
	static const char *const programmes[] = {"", "CAO-CAP", "TRUNG-CAP", "CAO-CAP-24", "NOTHING"};
	static const char *const citizens[] = {"", "089080000001", "089080000004", "089080000009"};

	for (int type = TYPE(UNIT); type <= TYPE(ENROLMENT) + 1; type++) {
		for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
			for (size_t j = 0; j < sizeof programmes / sizeof programmes[0]; j++) {
				Mtr__List list = MTR__LIST__INIT;

				list.type = (Mtr__EntityType)type;
				list.unit_code = (char *)(uintptr_t)units[i];
				list.programme_code = (char *)(uintptr_t)programmes[j];
				list.limit = 3;
				expect_same_list(served, &list);
			}
		}
		for (size_t i = 0; i < sizeof citizens / sizeof citizens[0]; i++) {
			Mtr__List list = MTR__LIST__INIT;

			list.type = (Mtr__EntityType)type;
			list.citizen_number = (char *)(uintptr_t)citizens[i];
			expect_same_list(served, &list);
		}
		for (uint64_t id = 1; id < 8; id++) {
			Mtr__List list = MTR__LIST__INIT;

			list.type = (Mtr__EntityType)type;
			list.id = id;
			expect_same_list(served, &list);
		}
	}
}

static void figures(struct served *served)
{
	static const char *const codes[] = {"", "CAO-CAP", "HUYEN-A", "HUYEN-B", "KH-25", "NOTHING"};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		for (int field = 0; field < 3; field++) {
			for (int by_unit = 0; by_unit < 2; by_unit++) {
				char *code = (char *)(uintptr_t)codes[i];
				Mtr__Tallies tallies = MTR__TALLIES__INIT;
				Mtr__Query query = MTR__QUERY__INIT;

				*(field == 0   ? &tallies.plan_code
				  : field == 1 ? &tallies.programme_code
					       : &tallies.unit_code) = code;
				tallies.by_unit = by_unit;
				query.body_case = MTR__QUERY__BODY_TALLIES;
				query.tallies = &tallies;
				expect_same(served, &query);
			}
		}
	}
}

static void acknowledgements(struct served *served)
{
	for (uint64_t id = 0; id < 8; id++) {
		Mtr__NominationStatus status = MTR__NOMINATION_STATUS__INIT;
		Mtr__Query query = MTR__QUERY__INIT;

		status.nomination_id = id;
		query.body_case = MTR__QUERY__BODY_NOMINATION_STATUS;
		query.nomination_status = &status;
		expect_same(served, &query);
	}
}

static void every_role_gets_the_registers_answers(void **state)
{
	static const struct {
		uint32_t id;
		Mtr__Role role;
		uint32_t unit;
	} desks[] = {
		{CLERK_A, MTR__ROLE__ROLE_NOMINATOR, DISTRICT_A},
		{CLERK_B, MTR__ROLE__ROLE_NOMINATOR, DISTRICT_B},
		{ORGANISER, MTR__ROLE__ROLE_ORGANISER, BOARD},
		{ORGANISER_A, MTR__ROLE__ROLE_ORGANISER, DISTRICT_A},
		{APPROVER_A, MTR__ROLE__ROLE_APPROVER, DISTRICT_A},
		{TEACHER, MTR__ROLE__ROLE_SCHOOL, SCHOOL},
		{AUDITOR, MTR__ROLE__ROLE_AUDITOR, 0},
		{OPERATOR, MTR__ROLE__ROLE_OPERATOR, 0},
	};
	struct served *served = *state;

	for (size_t i = 0; i < sizeof desks / sizeof desks[0]; i++) {
		desk_close(&served->desk);
		served_remove_mirror(served);
		served_become(served, desks[i].id, desks[i].role, desks[i].unit);
		desk_open(&served->desk, &served->server, 0);
		served_sync(served);
		lists(served);
		figures(served);
		acknowledgements(served);
	}
}

/* A list goes on from the mirror where a page of the mirror ended. */
static void pages_follow_each_other(void **state)
{
	struct served *served = *state;
	Mtr__List list = MTR__LIST__INIT;
	Mtr__Query query = MTR__QUERY__INIT;
	uint8_t bytes[512], cursor[128];
	unsigned rows = 0, pages = 0;
	bool more = true;

	served_sync(served);
	list.type = TYPE(UNIT);
	list.limit = 2;
	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = &list;
	for (; more; pages++) {
		const struct mtr_bytes packed = pack(&query, bytes);
		const uint8_t *got;
		size_t size;
		Mtr__Answer *answer;

		assert_int_equal(mtr_client_query_mirror(served->desk.client, packed.data, packed.size, &got, &size),
				 0);
		answer = mtr__answer__unpack(NULL, size, got);
		assert_non_null(answer);
		assert_int_equal(answer->body_case, MTR__ANSWER__BODY_PAGE);
		assert_int_equal(answer->revision, served->world->f->revision);
		rows += (unsigned)answer->page->n_rows;
		more = answer->page->more;
		if (more) {
			assert_true(answer->page->cursor.len <= sizeof cursor);
			memcpy(cursor, answer->page->cursor.data, answer->page->cursor.len);
			list.after = (ProtobufCBinaryData){answer->page->cursor.len, cursor};
		}
		mtr__answer__free_unpacked(answer, NULL);
	}
	assert_int_equal(rows, 7);
	assert_int_equal(pages, 4);
}

static Mtr__ErrorCode error_of(struct served *served, const Mtr__Query *query, uint64_t *ret_number)
{
	uint8_t bytes[64];
	const struct mtr_bytes packed = pack(query, bytes);
	const uint8_t *got;
	size_t size;
	Mtr__Answer *answer;
	Mtr__ErrorCode code;

	assert_int_equal(mtr_client_query_mirror(served->desk.client, packed.data, packed.size, &got, &size), 0);
	answer = mtr__answer__unpack(NULL, size, got);
	assert_non_null(answer);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_ERROR);
	code = answer->error->code;
	*ret_number = answer->error->number;
	mtr__answer__free_unpacked(answer, NULL);
	return code;
}

static void what_a_mirror_cannot_answer_is_said(void **state)
{
	struct served *served = *state;
	const uint8_t noise[] = {0xff};
	Mtr__ServerStatus status = MTR__SERVER_STATUS__INIT;
	Mtr__Tallies tallies = MTR__TALLIES__INIT;
	Mtr__Query query = MTR__QUERY__INIT;
	const uint8_t *answer;
	uint64_t number;
	size_t size;

	query.body_case = MTR__QUERY__BODY_SERVER_STATUS;
	query.server_status = &status;
	assert_int_equal(mtr_client_query_mirror(served->desk.client, noise, 0, &answer, &size), MTR_CLIENT_NO_MIRROR);
	served->limit = 3;
	served->cut_after = 1;
	served_reopen(served, 200);
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_NO_LINK);
	assert_int_equal(mtr_client_query_mirror(served->desk.client, noise, 0, &answer, &size), MTR_CLIENT_NO_MIRROR);
	served->cut_after = 0;
	served_reopen(served, 0);
	served_sync(served);
	assert_int_equal(mtr_client_query_mirror(served->desk.client, noise, 1, &answer, &size), MTR_CLIENT_USAGE);
	assert_int_equal(error_of(served, &query, &number), ERROR(UNKNOWN_REQUEST));
	query.body_case = MTR__QUERY__BODY_TALLIES;
	query.tallies = &tallies;
	query.least_revision = served->world->f->revision + 1;
	assert_int_equal(error_of(served, &query, &number), ERROR(TIMED_OUT));
	assert_int_equal(number, served->world->f->revision);
}

/* The server is gone; the mirror answers. */
static void no_link_is_needed(void **state)
{
	struct served *served = *state;
	Mtr__Tallies tallies = MTR__TALLIES__INIT;
	Mtr__Query query = MTR__QUERY__INIT;
	uint8_t bytes[64];
	const uint8_t *answer;
	struct mtr_bytes packed;
	size_t size;

	served_sync(served);
	fake_server_stop(&served->server);
	served_reopen(served, 100);
	query.body_case = MTR__QUERY__BODY_TALLIES;
	query.tallies = &tallies;
	packed = pack(&query, bytes);
	assert_int_equal(mtr_client_query(served->desk.client, packed.data, packed.size, &answer, &size),
			 MTR_CLIENT_NO_LINK);
	assert_int_equal(mtr_client_query_mirror(served->desk.client, packed.data, packed.size, &answer, &size), 0);
	assert_true(size > 20);
	assert_int_equal(served_state(served).revision, served->world->f->revision);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(every_role_gets_the_registers_answers),
		SERVED_TEST(pages_follow_each_other),
		SERVED_TEST(what_a_mirror_cannot_answer_is_said),
		SERVED_TEST(no_link_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
