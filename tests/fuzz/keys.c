#include "keys.h"

#include "target.h"

#include <sodium.h>

static const struct mtr_key_pair *pair_of(struct mtr_key_pair *pair, uint8_t number)
{
	static const struct mtr_key_pair none;

	if (sodium_memcmp(pair, &none, sizeof none) != 0)
		return pair;
	FUZZ_REQUIRE(sodium_init() >= 0);
	crypto_generichash(pair->secret_key, MTR_KEY_BYTES, &number, 1, NULL, 0);
	FUZZ_REQUIRE(crypto_scalarmult_base(pair->public_key, pair->secret_key) == 0);
	return pair;
}

const struct mtr_key_pair *fuzz_server_keys(void)
{
	static struct mtr_key_pair pair;

	return pair_of(&pair, 1);
}

const struct mtr_key_pair *fuzz_desk_keys(void)
{
	static struct mtr_key_pair pair;

	return pair_of(&pair, 2);
}
