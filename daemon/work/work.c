#include "work/work.h"

#include <stdlib.h>
#include <string.h>

static uint8_t *copy(const void *bytes, size_t size)
{
	uint8_t *out = malloc(size ? size : 1);

	if (out && size)
		memcpy(out, bytes, size);
	return out;
}

struct mtr_work *mtr_work_new(const void *body, size_t size)
{
	struct mtr_work *work = calloc(1, sizeof *work);

	if (!work)
		return NULL;
	work->body = copy(body, size);
	work->body_size = size;
	if (!work->body) {
		free(work);
		return NULL;
	}
	return work;
}

void mtr_work_free(struct mtr_work **work)
{
	if (!work || !*work)
		return;
	free((*work)->body);
	free((*work)->answer);
	free((*work)->again);
	free((*work)->former);
	free(*work);
	*work = NULL;
}

bool mtr_work_answer(struct mtr_work *work, const void *packed_answer, size_t size)
{
	uint8_t *answer = copy(packed_answer, size);

	if (!answer)
		return false;
	free(work->answer);
	work->answer = answer;
	work->answer_size = size;
	return true;
}

bool mtr_work_again(struct mtr_work *work, const void *packed_again, size_t size)
{
	uint8_t *again = copy(packed_again, size);

	if (!again)
		return false;
	free(work->again);
	work->again = again;
	work->again_size = size;
	return true;
}
