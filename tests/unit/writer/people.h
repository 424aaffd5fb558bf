/* Entries of an operator and of a nominator who puts people on record: what tests of the journal's contents are about.
 */
#ifndef MTR_TESTS_WRITER_PEOPLE_H
#define MTR_TESTS_WRITER_PEOPLE_H

#include "unit/writer/house.h"

#define NOMINATOR_ID 2u

static inline struct mtr_work *people_entry(struct desk *desk, const Mtr__Command *command)
{
	uint8_t bytes[1024];

	return desk_entry(desk, bytes, mtr__command__pack(command, bytes));
}

/* Makes NOMINATOR_ID a nominator of the unit U-0. */
static inline struct mtr_work *people_nominator(struct desk *operator)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;
	uint8_t key[MTR_KEY_BYTES] = {9};
	char name[] = "Văn thư", unit[] = "U-0";

	put.public_key = (ProtobufCBinaryData){sizeof key, key};
	put.name = name;
	put.role = MTR__ROLE__ROLE_NOMINATOR;
	put.unit_code = unit;
	command.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	command.put_principal = &put;
	return people_entry(operator, & command);
}

static inline struct mtr_work *people_person(struct desk *nominator, const char *name, const char *unit)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__PutPerson put = MTR__PUT_PERSON__INIT;
	Mtr__Person person = MTR__PERSON__INIT;

	person.full_name = (char *)(uintptr_t)name;
	person.birth = 19800000;
	person.sex = MTR__SEX__SEX_FEMALE;
	put.person = &person;
	put.unit_code = (char *)(uintptr_t)unit;
	command.body_case = MTR__COMMAND__BODY_PUT_PERSON;
	command.put_person = &put;
	return people_entry(nominator, &command);
}

static inline struct mtr_work *people_redact(struct desk *operator, uint32_t person_id)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__Redact body = MTR__REDACT__INIT;
	char reason[] = "theo yêu cầu", document[] = "45-QĐ/TU";

	body.person_id = person_id;
	body.reason = reason;
	body.document = document;
	command.body_case = MTR__COMMAND__BODY_REDACT;
	command.redact = &body;
	return people_entry(operator, & command);
}

#endif
