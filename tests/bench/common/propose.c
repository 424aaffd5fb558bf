#include "common/propose.h"

void world_propose(const struct proposal *proposal, struct world_propose *ret_propose)
{
	mtr__command__init(&ret_propose->command);
	mtr__propose__init(&ret_propose->body);
	mtr__person_reference__init(&ret_propose->person);
	world_programme_code(proposal, ret_propose->programme);
	world_unit_code(proposal->unit, ret_propose->unit);
	world_citizen_number(proposal->person, ret_propose->citizen);
	ret_propose->person.citizen_number = ret_propose->citizen;
	ret_propose->body.programme_code = ret_propose->programme;
	ret_propose->body.unit_code = ret_propose->unit;
	ret_propose->body.person = &ret_propose->person;
	ret_propose->command.body_case = MTR__COMMAND__BODY_PROPOSE;
	ret_propose->command.propose = &ret_propose->body;
}
