#include "contract/incarnation.h"

#include <sodium.h>
#include <string.h>

#define DOMAIN "MTR-INCARNATION1"
#define SIGNED_MAX (sizeof DOMAIN - 1 + 5u * 8u + MTR_HASH_BYTES + 4u + MTR_TEXT_MAX)

struct text {
	uint8_t bytes[SIGNED_MAX];
	size_t size;
};

static void put(struct text *text, const void *bytes, size_t size)
{
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
}

static void put_number(struct text *text, uint64_t number, unsigned size)
{
	for (unsigned shift = 8 * size; shift > 0; shift -= 8)
		text->bytes[text->size++] = (uint8_t)(number >> (shift - 8));
}

/* Of a complete statement. */
static void write_signed(const Mtr__Incarnation *statement, struct text *ret_text)
{
	const size_t reason = strlen(statement->reason);

	ret_text->size = 0;
	put(ret_text, DOMAIN, sizeof DOMAIN - 1);
	put_number(ret_text, statement->former, 8);
	put_number(ret_text, statement->incarnation, 8);
	put_number(ret_text, statement->fork_revision, 8);
	put(ret_text, statement->fork_chain.data, MTR_HASH_BYTES);
	put_number(ret_text, statement->old_head, 8);
	put_number(ret_text, reason, 4);
	put(ret_text, statement->reason, reason);
	put_number(ret_text, statement->at, 8);
}

bool mtr_incarnation_complete(const Mtr__Incarnation *statement)
{
	return statement->incarnation && statement->former && statement->incarnation != statement->former &&
	       statement->fork_revision && statement->fork_chain.len == MTR_HASH_BYTES &&
	       strlen(statement->reason) <= MTR_TEXT_MAX;
}

void mtr_incarnation_sign(const Mtr__Incarnation *statement, const struct mtr_key_pair *signer,
			  uint8_t ret_signature[MTR_SIGNATURE_BYTES])
{
	struct text text;

	write_signed(statement, &text);
	mtr_signing_pair_sign(signer, text.bytes, text.size, ret_signature);
}

bool mtr_incarnation_signed(const Mtr__Incarnation *statement, const uint8_t key[MTR_KEY_BYTES])
{
	struct text text;

	if (!mtr_incarnation_complete(statement) || statement->public_key.len != MTR_KEY_BYTES ||
	    memcmp(statement->public_key.data, key, MTR_KEY_BYTES) != 0 ||
	    statement->signature.len != MTR_SIGNATURE_BYTES)
		return false;
	write_signed(statement, &text);
	return crypto_sign_verify_detached(statement->signature.data, text.bytes, text.size, key) == 0;
}
