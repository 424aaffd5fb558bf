#include "writer/answers.h"

#include "engine/record.h"
#include "matricula/v1/wire.pb-c.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	uint64_t revision;
	uint8_t *bytes;
	size_t size;
};

struct mtr_answers {
	struct answer kept[MTR_ANSWERS_KEPT]; /* at the revision modulo their number */
};

struct mtr_answers *mtr_answers_new(void)
{
	return calloc(1, sizeof(struct mtr_answers));
}

void mtr_answers_free(struct mtr_answers **answers)
{
	if (!answers || !*answers)
		return;
	for (size_t i = 0; i < MTR_ANSWERS_KEPT; i++)
		free((*answers)->kept[i].bytes);
	free(*answers);
	*answers = NULL;
}

void mtr_answers_keep(struct mtr_answers *answers, uint64_t revision, struct mtr_bytes answer)
{
	struct answer *place = &answers->kept[revision % MTR_ANSWERS_KEPT];
	uint8_t *bytes = malloc(answer.size ? answer.size : 1);

	free(place->bytes);
	*place = (struct answer){0};
	if (!bytes)
		return;
	if (answer.size)
		memcpy(bytes, answer.data, answer.size);
	*place = (struct answer){revision, bytes, answer.size};
}

bool mtr_answers_find(const struct mtr_answers *answers, uint64_t revision, struct mtr_bytes *ret_answer)
{
	const struct answer *place = &answers->kept[revision % MTR_ANSWERS_KEPT];

	if (!place->bytes || place->revision != revision)
		return false;
	*ret_answer = (struct mtr_bytes){place->bytes, place->size};
	return true;
}

/* The entry stays answered for good, though nobody knows with what any more. */
static void keep_redacted(struct mtr_answers *answers, uint64_t revision)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;
	uint8_t bytes[64];

	error.code = MTR__ERROR_CODE__ERROR_CODE_ANSWER_REDACTED;
	answer.revision = revision;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	mtr_answers_keep(answers, revision, (struct mtr_bytes){bytes, mtr__answer__pack(&answer, bytes)});
}

#define FETCHED 1

static int keep_fetched(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			const uint8_t *record, size_t size)
{
	struct mtr_record_view view;
	int error = mtr_record_read(record, size, &view);

	(void)chain_after;
	if (error < 0)
		return error;
	if (view.answer_redacted)
		keep_redacted(context, revision);
	else
		mtr_answers_keep(context, revision, view.answer);
	return FETCHED;
}

int mtr_answers_fetch(struct mtr_answers *answers, struct mtr_engine *engine, uint64_t revision)
{
	int result = engine->operations->fetch(engine, revision, keep_fetched, answers);

	return result == FETCHED ? 0 : result;
}
