/* A desk's talks with its server: true ones, and such as go wrong in one place. */
#include "seeds.h"

#include "world.h"

#include <string.h>

/* As in desk.h and targets/answers.c. */
enum kind {
	HONEST,
	BENT,
	ANSWER,
	REPLY,
	FRAME,
	GARBLED,
	LOST,
	QUIET,
	ELSEWHERE,
	FLUSH,
	SYNC,
	ASK,
	DRY_RUN,
	ENQUEUE,
	LOOK,
	REOPEN,
	STRANGE,
};

#define STORIES 16u

static const struct mtr_bytes nothing;

static struct mtr_bytes error_of(Mtr__ErrorCode code, uint64_t number)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;

	error.code = code;
	error.number = number;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	return seed_pack(&answer.base);
}

/* What the server says to the k-th request of a kind of call. */
static void reply_with(struct seed_list *list, unsigned number)
{
	static const Mtr__ErrorCode codes[] = {
		MTR__ERROR_CODE__ERROR_CODE_BUSY,           MTR__ERROR_CODE__ERROR_CODE_SEQUENCE_GAP,
		MTR__ERROR_CODE__ERROR_CODE_OUTBOX_FORKED,  MTR__ERROR_CODE__ERROR_CODE_HELLO_REQUIRED,
		MTR__ERROR_CODE__ERROR_CODE_CURSOR_INVALID, MTR__ERROR_CODE__ERROR_CODE_REVOKED,
		MTR__ERROR_CODE__ERROR_CODE_STOPPING,       MTR__ERROR_CODE__ERROR_CODE_OUTBOX_OUTDATED,
	};
	const uint8_t bent[] = {0, 9, 0x01, 0, 40, 0x80, 1, 2, 0x33};

	switch (number % 8) {
	case 0:
	case 1:
	case 2:
		seed_add(list, HONEST, 0, nothing);
		break;
	case 3:
		seed_add(list, BENT, 0, seed_copy((struct mtr_bytes){bent, sizeof bent}));
		break;
	case 4:
		seed_add(list, ANSWER, 0, error_of(codes[number / 8 % 8], number % 3));
		break;
	case 5:
		seed_add(list, QUIET, 0, nothing);
		break;
	case 6:
		seed_add(list, LOST, 0, nothing);
		break;
	default:
		seed_add(list, FRAME, 0, seed_copy((struct mtr_bytes){bent, sizeof bent}));
		break;
	}
}

static void sending(unsigned number)
{
	struct fuzz_story *story = fuzz_story_begin(number);
	struct seed_list list = {.count = 0};
	struct operation operation;

	for (unsigned i = 0; i < 4; i++) {
		fuzz_story_next(story, &operation);
		seed_add(&list, ENQUEUE, operation.principal_id - 1, seed_pack(&operation.command->base));
	}
	seed_add(&list, FLUSH, 0, nothing);
	for (unsigned i = 0; i < 8; i++)
		reply_with(&list, number * 5 + i * (number % 7));
	seed_add(&list, REOPEN, 0, nothing);
	seed_add(&list, FLUSH, 0, nothing);
	for (unsigned i = 0; i < 6; i++)
		seed_add(&list, HONEST, 0, nothing);
	seed_write(&list, "answers", "sending", number);
	fuzz_story_end(&story);
}

static void reading(unsigned number)
{
	struct fuzz_story *story = fuzz_story_begin(number);
	size_t count;
	const struct mtr_bytes *queries = seed_queries(&count);
	struct seed_list list = {.count = 0};
	struct operation operation;

	seed_add(&list, SYNC, number * 3, nothing);
	for (unsigned i = 0; i < 5; i++)
		seed_add(&list, HONEST, 0, nothing);
	seed_add(&list, LOOK, 0, queries[number % count]);
	seed_add(&list, SYNC, 1, nothing);
	for (unsigned i = 0; i < 4; i++) {
		fuzz_story_next(story, &operation);
		seed_add(&list, ELSEWHERE, operation.principal_id - 1, seed_pack(&operation.command->base));
	}
	for (unsigned i = 0; i < 6; i++)
		reply_with(&list, number + i * (number % 5));
	seed_add(&list, ASK, 0, queries[number * 7 % count]);
	reply_with(&list, number);
	if (number % 4 == 0)
		seed_add(&list, STRANGE, 0, nothing);
	seed_add(&list, SYNC, 0, nothing);
	for (unsigned i = 0; i < 6; i++)
		seed_add(&list, HONEST, 0, nothing);
	seed_write(&list, "answers", "reading", number);
	fuzz_story_end(&story);
}

void seed_answers(void)
{
	for (unsigned number = 1; number <= STORIES; number++) {
		sending(number);
		reading(number);
	}
}
