#include "unit/writer/house.h"

#include "writer/answers.h"
#include "writer/entry.h"

struct sample {
	struct mtr_arena *arena;
	Mtr__RecordHeader header;
	Mtr__Answer answer;
	Mtr__Done done;
	struct mtr_effect effects[MTR_EFFECTS_MAX + 1];
	uint8_t row[MTR_ROW_MAX + 1];
	struct mtr_outcome outcome;
};

static int set_up(void **state)
{
	struct sample *sample = calloc(1, sizeof *sample);

	sample->arena = mtr_arena_new(MTR_DECISION_ARENA);
	mtr__record_header__init(&sample->header);
	mtr__answer__init(&sample->answer);
	mtr__done__init(&sample->done);
	sample->header.revision = sample->answer.revision = 9;
	sample->answer.body_case = MTR__ANSWER__BODY_DONE;
	sample->answer.done = &sample->done;
	for (size_t i = 0; i <= MTR_EFFECTS_MAX; i++)
		sample->effects[i] = (struct mtr_effect){.home = mtr_home_people((uint32_t)i + 1),
							 .type = MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON,
							 .id = i + 1,
							 .row = {sample->row, 3}};
	memset(sample->row, 0x11, sizeof sample->row);
	sample->outcome = (struct mtr_outcome){
		.answer = &sample->answer, .effects = sample->effects, .effect_count = 2, .consumes = true};
	*state = sample;
	return 0;
}

static int tear_down(void **state)
{
	struct sample *sample = *state;

	mtr_arena_free(&sample->arena);
	free(sample);
	return 0;
}

static int build(struct sample *sample, struct mtr_entry *ret_entry)
{
	const struct mtr_bytes command = {(const uint8_t *)"c", 1};

	return mtr_entry_build(sample->arena, &sample->header, command, &sample->outcome, ret_entry);
}

static void effects_come_back(void **state)
{
	struct sample *sample = *state;
	struct mtr_entry entry;

	sample->effects[1].row = (struct mtr_bytes){NULL, 0};
	sample->effects[1].tombstone = "Thôi việc";
	assert_int_equal(build(sample, &entry), 0);
	Mtr__Record *record = mtr__record__unpack(NULL, entry.record.size, entry.record.data);

	assert_int_equal(record->n_effects, 2);
	Mtr__Effect *row = mtr__effect__unpack(NULL, record->effects[0].len, record->effects[0].data);
	Mtr__Effect *gone = mtr__effect__unpack(NULL, record->effects[1].len, record->effects[1].data);

	assert_int_equal(row->home->kind, MTR__HOME_KIND__HOME_KIND_PEOPLE);
	assert_int_equal(row->home->a, 1);
	assert_int_equal(row->id, 1);
	assert_int_equal(row->row.len, 3);
	assert_string_equal(row->tombstone_reason, "");
	assert_string_equal(gone->tombstone_reason, "Thôi việc");
	assert_int_equal(gone->row.len, 0);
	assert_int_equal(record->answer.len, entry.answer.size);
	assert_memory_equal(record->answer.data, entry.answer.data, entry.answer.size);
	mtr__effect__free_unpacked(row, NULL);
	mtr__effect__free_unpacked(gone, NULL);
	mtr__record__free_unpacked(record, NULL);
}

static void outcomes_that_no_record_holds_are_told(void **state)
{
	struct sample *sample = *state;
	struct mtr_entry entry;

	sample->outcome.effect_count = MTR_EFFECTS_MAX + 1;
	assert_int_equal(build(sample, &entry), -EMSGSIZE);
	sample->outcome.effect_count = 1;
	sample->effects[0].row.size = MTR_ROW_MAX + 1;
	assert_int_equal(build(sample, &entry), -EMSGSIZE);
	sample->effects[0].row.size = MTR_ROW_MAX;
	assert_int_equal(build(sample, &entry), 0);
	sample->outcome.effect_count = MTR_EFFECTS_MAX;
	for (size_t i = 0; i < MTR_EFFECTS_MAX; i++)
		sample->effects[i].row.size = 2000;
	assert_int_equal(build(sample, &entry), -EMSGSIZE);
}

static void error_answer_says_what_it_is_about(void **state)
{
	struct sample *sample = *state;
	const Mtr__Answer *answer =
		mtr_answer_error(sample->arena, MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP, "sequencing.sequence", 17);
	struct mtr_bytes packed = mtr_pack_answer(sample->arena, answer);
	Mtr__Answer *back = mtr__answer__unpack(NULL, packed.size, packed.data);

	assert_int_equal(back->body_case, MTR__ANSWER__BODY_ERROR);
	assert_int_equal(back->error->code, MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP);
	assert_string_equal(back->error->field, "sequencing.sequence");
	assert_int_equal(back->error->number, 17);
	assert_int_equal(back->revision, 0);
	mtr__answer__free_unpacked(back, NULL);
	struct mtr_arena *small = mtr_arena_new(16);

	assert_null(mtr_answer_error(small, MTR__ERROR_CODE__ERROR_CODE_BUSY, "", 0));
	mtr_arena_free(&small);
}

static void lately_given_answers_are_kept(void **state)
{
	struct mtr_answers *answers = mtr_answers_new();
	struct mtr_bytes found;

	(void)state;
	assert_false(mtr_answers_find(answers, 5, &found));
	mtr_answers_keep(answers, 5, (struct mtr_bytes){(const uint8_t *)"five", 4});
	assert_true(mtr_answers_find(answers, 5, &found));
	assert_memory_equal(found.data, "five", 4);
	assert_false(mtr_answers_find(answers, 5 + MTR_ANSWERS_KEPT, &found));
	mtr_answers_keep(answers, 5 + MTR_ANSWERS_KEPT, (struct mtr_bytes){(const uint8_t *)"later", 5});
	assert_false(mtr_answers_find(answers, 5, &found));
	assert_true(mtr_answers_find(answers, 5 + MTR_ANSWERS_KEPT, &found));
	assert_int_equal(found.size, 5);
	mtr_answers_free(&answers);
	assert_null(answers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(effects_come_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(outcomes_that_no_record_holds_are_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(error_answer_says_what_it_is_about, set_up, tear_down),
		cmocka_unit_test(lately_given_answers_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
