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
	free((*work)->block);
	free((*work)->again);
	free((*work)->former);
	free(*work);
	*work = NULL;
}

uint8_t *mtr_work_room(struct mtr_work *work, size_t size)
{
	free(work->block);
	work->block = malloc(MTR_WORK_HEAD + size);
	work->answer = NULL;
	work->answer_size = 0;
	return work->block ? work->block + MTR_WORK_HEAD : NULL;
}

void mtr_work_answered(struct mtr_work *work, struct mtr_bytes packed_answer)
{
	work->answer = work->block + (packed_answer.data - work->block);
	work->answer_size = packed_answer.size;
}

bool mtr_work_answer(struct mtr_work *work, const void *packed_answer, size_t size)
{
	uint8_t *room = mtr_work_room(work, size);

	if (!room)
		return false;
	if (size)
		memcpy(room, packed_answer, size);
	mtr_work_answered(work, (struct mtr_bytes){room, size});
	return true;
}

void mtr_work_answer_with(struct mtr_work *work, struct mtr_work *from)
{
	free(work->block);
	work->block = from->block;
	work->answer = from->answer;
	work->answer_size = from->answer_size;
	from->block = from->answer = NULL;
	from->answer_size = 0;
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
