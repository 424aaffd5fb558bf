#include "common/propose.h"
#include "fill/fill.h"

/* Letters of the register of rosters: one a unit. */
static void put_letters(struct pipe *pipe)
{
	Mtr__PutLetter put = MTR__PUT_LETTER__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	char programme[WORLD_CODE], unit[WORLD_CODE];

	for (uint32_t i = 1; i <= WORLD_UNITS; i++) {
		world_programme_code(&(struct proposal){.unit = i}, programme);
		world_unit_code(i, unit);
		put.programme_code = programme;
		put.unit_code = unit;
		put.number = text("12-CV/ĐU");
		put.date = 20250105;
		command.body_case = MTR__COMMAND__BODY_PUT_LETTER;
		command.put_letter = &put;
		pipe_put(pipe, FILL_DESK, &command);
	}
}

static void propose(struct pipe *pipe, const struct proposal *proposal, uint64_t letter_id)
{
	struct world_propose propose;

	world_propose(proposal, &propose);
	propose.body.letter_id = letter_id;
	pipe_put(pipe, FILL_DESK, &propose.command);
}

void fill_nominations(struct pipe *pipe, const struct world *world)
{
	if (world->classes)
		put_letters(pipe);
	for (uint64_t number = 0; number < world->nominations; number++) {
		struct proposal proposal = world_spread(world, number);

		propose(pipe, &proposal, world->classes ? proposal.unit : 0);
	}
}
