#include "contract/incarnation_file.h"

#include "contract/incarnation.h"
#include "contract/lines.h"
#include "contract/text.h"

#include <inttypes.h>
#include <stdio.h>

size_t mtr_incarnation_print(const Mtr__Incarnation *statement, char ret_text[MTR_INCARNATION_FILE_MAX])
{
	char chain[2 * MTR_HASH_BYTES + 1], signature[2 * MTR_SIGNATURE_BYTES + 1], key[MTR_KEY_TEXT];
	int size;

	mtr_hex_text(statement->fork_chain.data, MTR_HASH_BYTES, chain);
	size = snprintf(ret_text, MTR_INCARNATION_FILE_MAX,
			"matricula-incarnation 1\nformer %" PRIu64 "\nincarnation %" PRIu64 "\nfork-revision %" PRIu64
			"\nfork-chain %s\nold-head %" PRIu64 "\nat %" PRIu64 "\nreason %s\n",
			statement->former, statement->incarnation, statement->fork_revision, chain, statement->old_head,
			statement->at, statement->reason);
	if (size > 0 && statement->signature.len == MTR_SIGNATURE_BYTES && statement->public_key.len == MTR_KEY_BYTES) {
		mtr_key_text(statement->public_key.data, key);
		mtr_hex_text(statement->signature.data, MTR_SIGNATURE_BYTES, signature);
		size += snprintf(ret_text + size, MTR_INCARNATION_FILE_MAX - (size_t)size,
				 "public-key %s\nsignature %s\n", key, signature);
	}
	return size > 0 ? (size_t)size : 0;
}

static bool bytes_field(struct mtr_arena *arena, size_t size, ProtobufCBinaryData *ret_field)
{
	ret_field->data = mtr_arena_alloc(arena, size);
	ret_field->len = ret_field->data ? size : 0;
	return ret_field->data;
}

static void read_signature(struct mtr_lines *lines, Mtr__Incarnation *statement)
{
	char key[MTR_KEY_TEXT];

	if (!mtr_lines_word(lines, "public-key") || !mtr_lines_token(lines, key, sizeof key))
		return;
	lines->failed = !mtr_key_parse(key, statement->public_key.data);
	if (mtr_lines_word(lines, "signature"))
		mtr_lines_hex(lines, statement->signature.data, MTR_SIGNATURE_BYTES);
}

static bool read_all(struct mtr_lines *lines, Mtr__Incarnation *statement)
{
	const struct {
		const char *word;
		uint64_t *number;
	} before[] = {{"former", &statement->former},
		      {"incarnation", &statement->incarnation},
		      {"fork-revision", &statement->fork_revision}},
	  after[] = {{"old-head", &statement->old_head}, {"at", &statement->at}};

	if (!mtr_lines_word(lines, "matricula-incarnation") || mtr_lines_number(lines) != 1)
		return false;
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (mtr_lines_word(lines, before[i].word))
			*before[i].number = mtr_lines_number(lines);
	if (mtr_lines_word(lines, "fork-chain"))
		mtr_lines_hex(lines, statement->fork_chain.data, MTR_HASH_BYTES);
	for (size_t i = 0; i < sizeof after / sizeof *after; i++)
		if (mtr_lines_word(lines, after[i].word))
			*after[i].number = mtr_lines_number(lines);
	if (mtr_lines_word(lines, "reason"))
		mtr_lines_rest(lines, statement->reason, MTR_TEXT_MAX + 1);
	if (mtr_lines_done(lines)) {
		statement->public_key.len = statement->signature.len = 0;
		return true;
	}
	read_signature(lines, statement);
	return mtr_lines_done(lines);
}

Mtr__Incarnation *mtr_incarnation_parse(struct mtr_arena *arena, const char *text, size_t size)
{
	Mtr__Incarnation *statement = mtr_arena_alloc(arena, sizeof *statement);
	struct mtr_lines lines = mtr_lines_of(text, size);

	if (!statement)
		return NULL;
	mtr__incarnation__init(statement);
	statement->reason = mtr_arena_alloc(arena, MTR_TEXT_MAX + 1);
	if (!statement->reason || !bytes_field(arena, MTR_HASH_BYTES, &statement->fork_chain) ||
	    !bytes_field(arena, MTR_KEY_BYTES, &statement->public_key) ||
	    !bytes_field(arena, MTR_SIGNATURE_BYTES, &statement->signature))
		return NULL;
	if (!read_all(&lines, statement) || !mtr_incarnation_complete(statement) ||
	    mtr_text_check(statement->reason, MTR_TEXT_MAX, MTR_TEXT_REQUIRED) != MTR__ERROR_CODE__ERROR_CODE_NONE)
		return NULL;
	return statement;
}
