#include "engine/record.h"
#include "writer/state.h"

bool mtr_writer_record_own(struct mtr_writer *writer, uint32_t command_tag, uint64_t at, struct mtr_bytes command)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	const struct mtr_record_parts parts = {.header = &header, .command = command};
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_bytes record;

	header.revision = mtr_writer_applied(writer) + 1;
	header.at = at;
	header.rules_version = MTR_RULES_VERSION;
	header.command_tag = command_tag;
	if (mtr_record_build(writer->arena, &parts, &record, digest) < 0)
		return mtr_writer_fail(writer, "no memory");
	mtr_gather_add(&writer->gather, record.data, record.size, digest);
	mtr_apply(&writer->txn, &header, NULL, 0, writer->gather.batch.after.chain);
	if (writer->txn.error)
		return mtr_writer_fail(writer, mtr_store_error_name(writer->txn.error));
	writer->at = at;
	return true;
}
