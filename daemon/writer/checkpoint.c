/* The register's signature over its history, as a record of that history. */
#include "contract/checkpoint.h"
#include "writer/state.h"

#include <errno.h>
#include <string.h>

/* A Checkpoint as the body of a Command. */
#define COMMAND_BYTES (MTR_CHECKPOINT_BYTES + 8u)

static uint64_t records_since(const struct mtr_writer *writer)
{
	return mtr_writer_applied(writer) - writer->checkpoint.revision;
}

static bool due(const struct mtr_writer *writer)
{
	if (!writer->options.signer || records_since(writer) == 0)
		return false;
	return records_since(writer) >= MTR_CHECKPOINT_RECORDS ||
	       mtr_writer_now(writer) - writer->checkpoint.at >= MTR_CHECKPOINT_MS;
}

static struct mtr_bytes command_of(struct mtr_writer *writer, uint64_t now, uint8_t bytes[COMMAND_BYTES])
{
	const struct mtr_chain_point *stand = &writer->gather.batch.after;
	uint8_t chain[MTR_HASH_BYTES], key[MTR_KEY_BYTES], signature[MTR_SIGNATURE_BYTES];
	Mtr__Checkpoint checkpoint = MTR__CHECKPOINT__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	memcpy(chain, stand->chain, sizeof chain);
	memcpy(key, writer->options.signer->public_key, sizeof key);
	checkpoint.incarnation = writer->options.incarnation;
	checkpoint.revision = stand->revision;
	checkpoint.chain = (ProtobufCBinaryData){sizeof chain, chain};
	checkpoint.at = now;
	checkpoint.public_key = (ProtobufCBinaryData){sizeof key, key};
	checkpoint.signature = (ProtobufCBinaryData){sizeof signature, signature};
	mtr_checkpoint_sign(&checkpoint, writer->options.signer, signature);
	command.body_case = MTR__COMMAND__BODY_CHECKPOINT;
	command.checkpoint = &checkpoint;
	return (struct mtr_bytes){bytes, mtr__command__pack(&command, bytes)};
}

static bool append(struct mtr_writer *writer)
{
	const uint64_t now = mtr_writer_now(writer);
	uint8_t bytes[COMMAND_BYTES];

	mtr_arena_reset(writer->arena);
	if (!mtr_writer_record_own(writer, MTR__COMMAND__BODY_CHECKPOINT, now, command_of(writer, now, bytes)))
		return false;
	writer->checkpoint = (struct mtr_checkpoint_place){mtr_writer_applied(writer), now};
	return mtr_writer_flush(writer);
}

static bool write_one(struct mtr_writer *writer)
{
	if (!mtr_writer_check_room(writer))
		return false;
	/* On a full disk it comes when there is room again. */
	return !writer->has_room || (mtr_writer_begin(writer) && append(writer));
}

bool mtr_writer_checkpoint_if_due(struct mtr_writer *writer)
{
	return writer->dead || !due(writer) ? !writer->dead : write_one(writer);
}

bool mtr_writer_checkpoint_last(struct mtr_writer *writer)
{
	if (writer->dead || !writer->options.signer || records_since(writer) == 0)
		return !writer->dead;
	return write_one(writer);
}
