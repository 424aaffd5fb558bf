/* The record with which a restored register says that it goes on as another incarnation. */
#ifndef TESTS_UNIT_STORE_INCARNATION_RECORD_H
#define TESTS_UNIT_STORE_INCARNATION_RECORD_H

#include "matricula/v1/commands.pb-c.h"
#include "unit/store/fixture.h"

/* The next record of the register, with this statement of former and new incarnation; the fork and a reason are filled
 * in. A record of the register itself has principal 0, one that was done has error code 0. In the fixture's arena. */
static inline struct mtr_bytes incarnation_record(struct fixture *f, Mtr__Incarnation *statement, uint32_t principal_id,
						  uint32_t error_code)
{
	uint8_t chain[MTR_HASH_BYTES] = {1};
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	Mtr__Record record = MTR__RECORD__INIT;
	struct mtr_bytes packed;

	statement->fork_revision = f->revision;
	statement->fork_chain = (ProtobufCBinaryData){sizeof chain, chain};
	statement->reason = text_of(f, "the disk failed");
	command.body_case = MTR__COMMAND__BODY_INCARNATION;
	command.incarnation = statement;
	packed = fixture_pack(f, &command.base);
	statement->fork_chain = (ProtobufCBinaryData){0, NULL};
	header.revision = f->revision + 1;
	header.at = header.revision * 1000;
	header.command_tag = MTR__COMMAND__BODY_INCARNATION;
	header.principal_id = principal_id;
	header.error_code = error_code;
	record.header = &header;
	record.command = (ProtobufCBinaryData){packed.size, (uint8_t *)(uintptr_t)packed.data};
	return fixture_pack(f, &record.base);
}

#endif
