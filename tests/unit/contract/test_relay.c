/* Boxes between a desk and the server: only the right key, the right direction, the very bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "contract/relay.h"

#include <string.h>

struct parties {
	struct mtr_key_pair desk, server, other;
};

static const uint8_t text[] = "propose";
#define BOX (sizeof text + MTR_RELAY_MAC_BYTES)

static struct parties parties(void)
{
	struct parties all;

	assert_true(mtr_key_pair_make(&all.desk));
	assert_true(mtr_key_pair_make(&all.server));
	assert_true(mtr_key_pair_make(&all.other));
	return all;
}

static bool opens(enum mtr_relay_direction direction, const struct mtr_key_pair *own, const struct mtr_key_pair *from,
		  const uint8_t *nonce, const uint8_t *box, size_t size)
{
	uint8_t plain[sizeof text] = {0};
	bool opened = mtr_relay_open(direction, own, from->public_key, (struct mtr_bytes){nonce, MTR_RELAY_NONCE_BYTES},
				     (struct mtr_bytes){box, size}, plain);

	if (opened)
		assert_memory_equal(plain, text, sizeof text);
	return opened;
}

static void test_keys_and_direction(void **state)
{
	struct parties all = parties();
	uint8_t nonce[MTR_RELAY_NONCE_BYTES], box[BOX];

	(void)state;
	assert_true(mtr_relay_seal(MTR_RELAY_TO_SERVER, &all.desk, all.server.public_key,
				   (struct mtr_bytes){text, sizeof text}, nonce, box));
	assert_true(opens(MTR_RELAY_TO_SERVER, &all.server, &all.desk, nonce, box, BOX));
	assert_false(opens(MTR_RELAY_TO_DESK, &all.server, &all.desk, nonce, box, BOX));
	assert_false(opens(MTR_RELAY_TO_DESK, &all.desk, &all.server, nonce, box, BOX));
	assert_false(opens(MTR_RELAY_TO_SERVER, &all.server, &all.other, nonce, box, BOX));
	assert_false(opens(MTR_RELAY_TO_SERVER, &all.other, &all.desk, nonce, box, BOX));
}

static void test_every_byte_counts(void **state)
{
	struct parties all = parties();
	uint8_t nonce[MTR_RELAY_NONCE_BYTES], box[BOX];

	(void)state;
	assert_true(mtr_relay_seal(MTR_RELAY_TO_DESK, &all.server, all.desk.public_key,
				   (struct mtr_bytes){text, sizeof text}, nonce, box));
	for (size_t i = 0; i < BOX; i++) {
		box[i] ^= 1;
		assert_false(opens(MTR_RELAY_TO_DESK, &all.desk, &all.server, nonce, box, BOX));
		box[i] ^= 1;
		assert_false(opens(MTR_RELAY_TO_DESK, &all.desk, &all.server, nonce, box, i));
	}
	for (size_t i = 0; i < sizeof nonce; i++) {
		nonce[i] ^= 0x80;
		assert_false(opens(MTR_RELAY_TO_DESK, &all.desk, &all.server, nonce, box, BOX));
		nonce[i] ^= 0x80;
	}
	assert_true(opens(MTR_RELAY_TO_DESK, &all.desk, &all.server, nonce, box, BOX));
}

static void test_what_is_no_key(void **state)
{
	struct parties all = parties();
	const uint8_t zeros[MTR_KEY_BYTES] = {0};
	uint8_t nonce[MTR_RELAY_NONCE_BYTES] = {0}, box[BOX] = {0}, plain[sizeof text];

	(void)state;
	assert_false(mtr_relay_seal(MTR_RELAY_TO_SERVER, &all.desk, zeros, (struct mtr_bytes){text, sizeof text}, nonce,
				    box));
	assert_false(mtr_relay_open(MTR_RELAY_TO_SERVER, &all.server, zeros, (struct mtr_bytes){nonce, sizeof nonce},
				    (struct mtr_bytes){box, BOX}, plain));
	assert_false(mtr_relay_open(MTR_RELAY_TO_SERVER, &all.server, all.desk.public_key,
				    (struct mtr_bytes){nonce, sizeof nonce - 1}, (struct mtr_bytes){box, BOX}, plain));
}

static void test_never_the_same_twice(void **state)
{
	struct parties all = parties();
	uint8_t nonces[2][MTR_RELAY_NONCE_BYTES], boxes[2][BOX];

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_true(mtr_relay_seal(MTR_RELAY_TO_SERVER, &all.desk, all.server.public_key,
					   (struct mtr_bytes){text, sizeof text}, nonces[i], boxes[i]));
	assert_memory_not_equal(nonces[0], nonces[1], sizeof nonces[0]);
	assert_memory_not_equal(boxes[0], boxes[1], BOX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_and_direction),
		cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_what_is_no_key),
		cmocka_unit_test(test_never_the_same_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
