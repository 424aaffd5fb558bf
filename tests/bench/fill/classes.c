/* Nominations have the ids 1, 2, 3, … in the order in which they were proposed. */
#include "fill/fill.h"

#include <stdio.h>

static void vet(struct pipe *pipe, uint64_t id)
{
	Mtr__Vet body = MTR__VET__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	body.nomination_id = id;
	body.eligible = true;
	command.body_case = MTR__COMMAND__BODY_VET;
	command.vet = &body;
	pipe_put(pipe, FILL_ORGANISER, &command);
}

static void freeze(struct pipe *pipe, uint32_t number)
{
	char programme[WORLD_CODE], unit[WORLD_CODE];
	Mtr__Freeze body = MTR__FREEZE__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	world_programme_code(&(struct proposal){.unit = number}, programme);
	world_unit_code(number, unit);
	body.programme_code = programme;
	body.unit_code = unit;
	command.body_case = MTR__COMMAND__BODY_FREEZE;
	command.freeze = &body;
	pipe_put(pipe, FILL_ORGANISER, &command);
}

static void decide(struct pipe *pipe, uint64_t *ids, size_t count)
{
	char programme[WORLD_CODE];
	Mtr__Decide body = MTR__DECIDE__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	world_programme_code(&(struct proposal){.unit = 1}, programme);
	body.programme_code = programme;
	body.number = text("1-QĐ/TU");
	body.date = 20250201;
	body.signer = text("Thường trực Tỉnh ủy");
	body.approved_ids = ids;
	body.n_approved_ids = count;
	command.body_case = MTR__COMMAND__BODY_DECIDE;
	command.decide = &body;
	pipe_put(pipe, FILL_APPROVER, &command);
}

static void open_class(struct pipe *pipe, const char *code)
{
	char programme[WORLD_CODE];
	Mtr__OpenClass body = MTR__OPEN_CLASS__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	world_programme_code(&(struct proposal){.unit = 1}, programme);
	body.code = text(code);
	body.programme_code = programme;
	body.provider_unit_code = text("TCT");
	body.opens_on = 20250901;
	body.capacity = WORLD_ROSTER;
	body.decision_number = text("2-QĐ/TCT");
	command.body_case = MTR__COMMAND__BODY_OPEN_CLASS;
	command.open_class = &body;
	pipe_put(pipe, FILL_SCHOOL, &command);
}

static void summon(struct pipe *pipe, const char *class_code, uint64_t *ids)
{
	Mtr__Summon body = MTR__SUMMON__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	body.class_code = text(class_code);
	body.number = text("3-GTT/TCT");
	body.date = 20250801;
	body.report_on = 20250901;
	body.nomination_ids = ids;
	body.n_nomination_ids = WORLD_ROSTER;
	command.body_case = MTR__COMMAND__BODY_SUMMON;
	command.summon = &body;
	pipe_put(pipe, FILL_SCHOOL, &command);
}

static void fill_class(struct pipe *pipe, uint32_t number)
{
	char code[WORLD_CODE];
	uint64_t ids[WORLD_ROSTER];

	for (uint32_t i = 0; i < WORLD_ROSTER; i++)
		ids[i] = 1 + (uint64_t)number * WORLD_ROSTER + i;
	world_class_code(number, code);
	decide(pipe, ids, WORLD_ROSTER);
	open_class(pipe, code);
	summon(pipe, code, ids);
}

void fill_classes(struct pipe *pipe, const struct world *world)
{
	for (uint64_t id = 1; id <= world->nominations; id++)
		vet(pipe, id);
	for (uint32_t unit = 1; unit <= WORLD_UNITS; unit++)
		freeze(pipe, unit);
	for (uint32_t number = 0; number < world->classes; number++)
		fill_class(pipe, number);
}
