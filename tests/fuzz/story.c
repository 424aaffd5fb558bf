#include "world.h"

#include "world_base.h"

#include "target.h"

#include <stdlib.h>

#define STORY_ARENA (256u << 20)
#define OPERATION_ARENA (4u << 20)
#define BASE_SEED 2025u

struct fuzz_story {
	struct mtr_arena *kept, *operation;
	struct model *model;
	struct generator generator;
};

struct fuzz_story *fuzz_story_of_base(void)
{
	struct fuzz_story *story = calloc(1, sizeof *story);
	uint8_t key[MTR_KEY_BYTES];

	FUZZ_REQUIRE(story);
	story->kept = mtr_arena_new(STORY_ARENA);
	story->operation = mtr_arena_new(OPERATION_ARENA);
	FUZZ_REQUIRE(story->kept && story->operation);
	generator_key(1, key);
	story->model = model_new(story->kept, FUZZ_START_MS, key);
	generator_init(&story->generator, BASE_SEED, story->model, FUZZ_START_MS);
	return story;
}

uint32_t fuzz_story_principals(const struct fuzz_story *story)
{
	return story->model->principal_count;
}

struct fuzz_story *fuzz_story_begin(uint64_t seed)
{
	struct fuzz_story *story = fuzz_story_of_base();
	struct operation operation;

	for (uint32_t i = 0; i < FUZZ_BASE_STEPS; i++)
		fuzz_story_next(story, &operation);
	story->generator.random.state = seed;
	return story;
}

void fuzz_story_next(struct fuzz_story *story, struct operation *ret_operation)
{
	struct verdict verdict;

	mtr_arena_reset(story->operation);
	generate(&story->generator, story->operation, ret_operation);
	model_execute(story->model, ret_operation->principal_id, ret_operation->now, ret_operation->command, &verdict);
}

void fuzz_story_end(struct fuzz_story **story)
{
	mtr_arena_free(&(*story)->kept);
	mtr_arena_free(&(*story)->operation);
	free(*story);
	*story = NULL;
}
