#include "run.h"

#include "compare.h"
#include "contract/commands.h"
#include "contract/errors.h"
#include "generate.h"
#include "real.h"

#include <inttypes.h>
#include <stdio.h>

#define MODEL_ARENA (512u << 20)
#define OPERATION_ARENA (4u << 20)
/* 2025-03-01 08:00 in Ho Chi Minh City. */
#define START_MS UINT64_C(1740790800000)
/* Everything is compared once in so many steps. */
#define SAMPLE 40

struct run {
	const struct run_options *options;
	struct mtr_arena *kept, *operation, *decision;
	struct model *model;
	struct real *real;
	struct generator generator;
	struct random chance; /* of what surrounds the operations: commits and the like */
	uint32_t step, until_commit;
};

static void tell(const struct run *run, const struct operation *op, const struct verdict *verdict)
{
	const struct mtr_command_info *info = mtr_command_by_tag(op->command->body_case);

	fprintf(stderr, "seed %" PRIu64 " step %u: %s by principal %u: %s\n", run->options->seed, run->step,
		info ? info->name : "?", op->principal_id,
		verdict->code == MTR__ERROR_CODE__ERROR_CODE_NONE ? "done" : mtr_error_name(verdict->code));
}

static bool start(struct run *run)
{
	uint8_t key[MTR_KEY_BYTES];

	run->kept = mtr_arena_new(MODEL_ARENA);
	run->operation = mtr_arena_new(OPERATION_ARENA);
	run->decision = mtr_arena_new(2 * MTR_DECISION_ARENA);
	if (!run->kept || !run->operation || !run->decision)
		return false;
	generator_key(1, key);
	run->model = model_new(run->kept, START_MS, key);
	generator_init(&run->generator, run->options->seed, run->model, START_MS);
	run->chance.state = run->options->seed ^ 0xC0FFEE;
	return real_open(&run->real, START_MS, key);
}

static void end(struct run *run)
{
	real_close(&run->real);
	mtr_arena_free(&run->kept);
	mtr_arena_free(&run->operation);
	mtr_arena_free(&run->decision);
}

/* Several commands a commit; now and then another writer is ahead, or the records are redacted. */
static bool settle(struct run *run)
{
	if (run->until_commit > 0) {
		run->until_commit--;
		return true;
	}
	run->until_commit = random_below(&run->chance, 12);
	if (random_percent(&run->chance, 5) && !real_fenced(run->real))
		return false;
	return random_percent(&run->chance, 1) ? real_redact(run->real) : real_commit(run->real);
}

static bool step(struct run *run, struct tally *tally)
{
	struct operation op;
	struct verdict verdict;
	const Mtr__Answer *answer = NULL;
	bool twice = random_percent(&run->chance, 6);
	bool compare = run->options->thorough || random_below(&run->chance, SAMPLE) == 0;

	mtr_arena_reset(run->operation);
	mtr_arena_reset(run->decision);
	generate(&run->generator, run->operation, &op);
	model_execute(run->model, op.principal_id, op.now, op.command, &verdict);
	if (run->options->verbose)
		tell(run, &op, &verdict);
	if (!real_execute(run->real, run->decision, op.principal_id, op.now, op.command, twice, &answer) ||
	    !compare_answer(run->model, &verdict, answer) ||
	    (compare && !(compare_state(run->model, run->real) && compare_scopes(run->model, run->real)))) {
		tell(run, &op, &verdict);
		return false;
	}
	tally_count(tally, run->model, op.command->body_case, &verdict);
	return settle(run);
}

bool run_seed(const struct run_options *options, struct tally *tally)
{
	struct run run = {.options = options};
	bool good = start(&run);

	for (run.step = 0; good && run.step < options->steps; run.step++)
		good = step(&run, tally);
	good = good && compare_state(run.model, run.real) && real_rebuild(run.real) && real_redact(run.real) &&
	       real_rebuild(run.real);
	if (!good)
		fprintf(stderr, "seed %" PRIu64 " failed at step %u; again with --first %" PRIu64 " --seeds 1\n",
			options->seed, run.step, options->seed);
	end(&run);
	return good;
}
