#include "contract/known_history.h"

#include "contract/lines.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text {
	char *at;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int size = vsnprintf(text->at + text->size, MTR_KNOWN_HISTORY_MAX - text->size, format, arguments);

	va_end(arguments);
	text->size += size > 0 ? (size_t)size : 0;
}

static void add_key(struct text *text, const char *word, const uint8_t key[MTR_KEY_BYTES])
{
	char key_text[MTR_KEY_TEXT];

	mtr_key_text(key, key_text);
	add(text, "%s %s\n", word, key_text);
}

static void add_hex(struct text *text, const char *word, const uint8_t *bytes, size_t size)
{
	char digits[2 * MTR_SIGNATURE_BYTES + 1];

	mtr_hex_text(bytes, size, digits);
	add(text, "%s %s\n", word, digits);
}

size_t mtr_known_history_print(const struct mtr_known_history *known, char ret_text[MTR_KNOWN_HISTORY_MAX])
{
	struct text text = {.at = ret_text};

	add(&text, "matricula-history 1\n");
	add_key(&text, "server-key", known->server_key);
	add_key(&text, "audit-key", known->audit_key);
	if (known->has_recovery_key)
		add_key(&text, "recovery-key", known->recovery_key);
	if (!known->revision)
		return text.size;
	add(&text, "incarnation %" PRIu64 "\nrevision %" PRIu64 "\n", known->incarnation, known->revision);
	add_hex(&text, "chain", known->chain, sizeof known->chain);
	add(&text, "at %" PRIu64 "\n", known->at);
	add_hex(&text, "signature", known->signature, sizeof known->signature);
	return text.size;
}

static void take_key(struct mtr_lines *lines, const char *word, uint8_t ret_key[MTR_KEY_BYTES])
{
	char text[MTR_KEY_TEXT];

	if (mtr_lines_word(lines, word) && mtr_lines_token(lines, text, sizeof text) && !mtr_key_parse(text, ret_key))
		lines->failed = true;
}

static uint64_t take_number(struct mtr_lines *lines, const char *word)
{
	return mtr_lines_word(lines, word) ? mtr_lines_number(lines) : 0;
}

static void take_checkpoint(struct mtr_lines *lines, struct mtr_known_history *known)
{
	known->incarnation = take_number(lines, "incarnation");
	known->revision = take_number(lines, "revision");
	if (mtr_lines_word(lines, "chain"))
		mtr_lines_hex(lines, known->chain, sizeof known->chain);
	known->at = take_number(lines, "at");
	if (mtr_lines_word(lines, "signature"))
		mtr_lines_hex(lines, known->signature, sizeof known->signature);
}

static bool is_signed(struct mtr_known_history *known)
{
	Mtr__Checkpoint checkpoint = MTR__CHECKPOINT__INIT;

	checkpoint.incarnation = known->incarnation;
	checkpoint.revision = known->revision;
	checkpoint.chain = (ProtobufCBinaryData){sizeof known->chain, known->chain};
	checkpoint.at = known->at;
	checkpoint.public_key = (ProtobufCBinaryData){sizeof known->audit_key, known->audit_key};
	checkpoint.signature = (ProtobufCBinaryData){sizeof known->signature, known->signature};
	return mtr_checkpoint_signed(&checkpoint, known->audit_key);
}

bool mtr_known_history_parse(const char *text, size_t size, struct mtr_known_history *ret_known)
{
	struct mtr_lines lines = mtr_lines_of(text, size);
	struct mtr_known_history known = {0};

	if (!mtr_lines_word(&lines, "matricula-history") || mtr_lines_number(&lines) != 1)
		return false;
	take_key(&lines, "server-key", known.server_key);
	take_key(&lines, "audit-key", known.audit_key);
	known.has_recovery_key = mtr_lines_next_is(&lines, "recovery-key");
	if (known.has_recovery_key)
		take_key(&lines, "recovery-key", known.recovery_key);
	const bool checkpoint = !mtr_lines_done(&lines);

	if (checkpoint)
		take_checkpoint(&lines, &known);
	if (!mtr_lines_done(&lines) || (checkpoint && !is_signed(&known)))
		return false;
	*ret_known = known;
	return true;
}

void mtr_known_history_take(struct mtr_known_history *known, const Mtr__Checkpoint *checkpoint)
{
	known->incarnation = checkpoint->incarnation;
	known->revision = checkpoint->revision;
	known->at = checkpoint->at;
	memcpy(known->chain, checkpoint->chain.data, sizeof known->chain);
	memcpy(known->signature, checkpoint->signature.data, sizeof known->signature);
}
