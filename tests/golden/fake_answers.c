#include "fake_register.h"
#include "support/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

uint8_t *fake_pack(const Mtr__Answer *answer, size_t *ret_size)
{
	*ret_size = mtr__answer__get_packed_size(answer);
	uint8_t *bytes = malloc(*ret_size + 1);
	mtr__answer__pack(answer, bytes);
	return bytes;
}

/* The desk is a nominator, or an organiser while the file "organiser" exists. */
uint8_t *fake_hello(size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__HelloReply hello = MTR__HELLO_REPLY__INIT;
	Mtr__Principal principal = MTR__PRINCIPAL__INIT;

	principal.name = text("Huyện ủy Tư Nghĩa");
	principal.role = access("organiser", F_OK) ? MTR__ROLE__ROLE_NOMINATOR : MTR__ROLE__ROLE_ORGANISER;
	principal.unit_id = 3;
	hello.protocol = 1;
	hello.software = text("matriculad 0.0.0");
	hello.now = FAKE_NOW;
	hello.principal = &principal;
	hello.unit_code = text("HU-TN");
	hello.unit_name = text("Huyện ủy Tư Nghĩa");
	hello.head_revision = 99;
	answer.body_case = MTR__ANSWER__BODY_HELLO;
	answer.hello = &hello;
	return fake_pack(&answer, ret_size);
}

/* An error of each code, with what docs/protocol.md says it carries. */
static uint8_t *answer_error(Mtr__ErrorCode code, size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Error error = MTR__ERROR__INIT;
	Mtr__Finding age = MTR__FINDING__INIT;
	Mtr__Finding theory = MTR__FINDING__INIT;
	Mtr__Finding *findings[] = {&age, &theory};

	error.code = code;
	error.field = text("propose.person.full_name");
	age.condition = MTR__CONDITION_KIND__CONDITION_KIND_AGE;
	age.found = text("46");
	age.wanted = text("..40");
	age.instrument = text("5763-CV/BTCTW");
	theory.condition = MTR__CONDITION_KIND__CONDITION_KIND_DEGREE;
	theory.found = text("DEGREE_UNSPECIFIED");
	theory.wanted = text("DEGREE_BACHELOR..");
	if (code == MTR__ERROR_CODE__ERROR_CODE_NOT_ELIGIBLE) {
		error.n_findings = COUNT(findings);
		error.findings = findings;
	} else if (code == MTR__ERROR_CODE__ERROR_CODE_TRANSITION_REFUSED) {
		error.found = text("STATE_WAITING");
		error.wanted = text("decide approve");
	} else if (code == MTR__ERROR_CODE__ERROR_CODE_FIELD_RANGE) {
		error.found = text("9");
		error.wanted = text("1..5");
	}
	error.number =
		code == MTR__ERROR_CODE__ERROR_CODE_WINDOW_NOT_OPEN || code == MTR__ERROR_CODE__ERROR_CODE_WINDOW_CLOSED
			? FAKE_NOW
			: 12;
	answer.body_case = MTR__ANSWER__BODY_ERROR;
	answer.error = &error;
	return fake_pack(&answer, ret_size);
}

static uint8_t *answer_acknowledgement(uint64_t nomination_id, size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Acknowledgement acknowledgement = MTR__ACKNOWLEDGEMENT__INIT;
	Mtr__Basis incumbent = MTR__BASIS__INIT;
	Mtr__Basis reserve = MTR__BASIS__INIT;
	Mtr__Basis *bases[] = {&incumbent, &reserve};
	Mtr__Standard lacking = MTR__STANDARD__INIT;
	Mtr__Outlook outlook[] = {MTR__OUTLOOK__OUTLOOK_PROMOTED_BY_FREE_SEAT,
				  MTR__OUTLOOK__OUTLOOK_LETTER_NUMBER_NEEDED};

	lacking.scheme = MTR__SCHEME__SCHEME_THEORY;
	lacking.number = 3;
	incumbent.group = MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT;
	incumbent.title_code = text("PCT-HUYEN");
	incumbent.title_name = text("Phó Chủ tịch huyện");
	incumbent.lacking = &lacking;
	reserve.group = MTR__PRIORITY_GROUP__PRIORITY_GROUP_RESERVE;
	reserve.title_code = text("BT-HUYEN");
	reserve.title_name = text("Bí thư huyện ủy");
	reserve.ranks_below = 2;
	reserve.term_from = 2020;
	reserve.term_to = 2025;
	acknowledgement.nomination_id = nomination_id;
	acknowledgement.state = nomination_id == 2 ? MTR__STATE__STATE_SEATED : MTR__STATE__STATE_WAITING;
	acknowledgement.cause = MTR__CAUSE__CAUSE_DISPLACED;
	acknowledgement.rank = 3;
	acknowledgement.of = 4;
	acknowledgement.waiting_position = nomination_id == 2 ? 0 : 1;
	acknowledgement.seats_granted = 2;
	acknowledgement.seats_held = 2;
	acknowledgement.group = MTR__PRIORITY_GROUP__PRIORITY_GROUP_INCUMBENT;
	acknowledgement.n_bases = COUNT(bases);
	acknowledgement.bases = bases;
	acknowledgement.n_outlook = COUNT(outlook);
	acknowledgement.outlook = outlook;
	acknowledgement.displaced_id = nomination_id == 2 ? 1 : 0;
	acknowledgement.programme_code = text("QN21-CC");
	acknowledgement.unit_code = text("HU-TN");
	acknowledgement.person_id = 1;
	acknowledgement.arrived_at = FAKE_NOW;
	answer.revision = 100;
	answer.body_case = MTR__ANSWER__BODY_ACKNOWLEDGEMENT;
	answer.acknowledgement = &acknowledgement;
	return fake_pack(&answer, ret_size);
}

static uint8_t *answer_allocation(size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Done done = MTR__DONE__INIT;
	Mtr__Allocation allocation = MTR__ALLOCATION__INIT;
	uint64_t promoted[] = {1, 3};

	allocation.programme_id = 1;
	allocation.unit_id = 3;
	allocation.demand = 4;
	allocation.granted = 5;
	allocation.returned = 1;
	done.type = MTR__ENTITY_TYPE__ENTITY_TYPE_ALLOCATION;
	done.id = UINT64_C(1) << 32 | 3;
	done.allocation = &allocation;
	done.held = 3;
	done.left = 1;
	done.changed = 2;
	done.n_promoted_ids = COUNT(promoted);
	done.promoted_ids = promoted;
	answer.revision = 100;
	answer.body_case = MTR__ANSWER__BODY_DONE;
	answer.done = &done;
	return fake_pack(&answer, ret_size);
}

static uint8_t *answer_done(size_t *ret_size)
{
	Mtr__Answer answer = MTR__ANSWER__INIT;
	Mtr__Done done = MTR__DONE__INIT;

	done.type = MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON;
	done.id = 6;
	done.created = true;
	answer.revision = 100;
	answer.body_case = MTR__ANSWER__BODY_DONE;
	answer.done = &done;
	return fake_pack(&answer, ret_size);
}

static uint8_t *answer_propose(const Mtr__Propose *propose, size_t *ret_size)
{
	if (strncmp(propose->programme_code, "E-", 2) == 0)
		return answer_error((Mtr__ErrorCode)atoi(propose->programme_code + 2), ret_size);
	return answer_acknowledgement(propose->unit_order ? propose->unit_order : 1, ret_size);
}

uint8_t *fake_command(const Mtr__Command *command, size_t *ret_size)
{
	if (command->body_case == MTR__COMMAND__BODY_PROPOSE)
		return answer_propose(command->propose, ret_size);
	if (command->body_case == MTR__COMMAND__BODY_WITHDRAW)
		return answer_acknowledgement(command->withdraw->nomination_id, ret_size);
	if (command->body_case == MTR__COMMAND__BODY_VET && command->vet->nomination_id > 5)
		return answer_error(MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION, ret_size);
	if (command->body_case == MTR__COMMAND__BODY_VET)
		return answer_acknowledgement(command->vet->nomination_id, ret_size);
	if (command->body_case == MTR__COMMAND__BODY_ALLOCATE)
		return answer_allocation(ret_size);
	return answer_done(ret_size);
}
