#include "net/principals.h"

#include "unit/store/fixture.h"

#include <pthread.h>

struct keys {
	struct fixture *fixture;
	struct mtr_principals *principals;
};

static int set_up(void **state)
{
	struct keys *keys = calloc(1, sizeof *keys);
	void *fixture;

	if (fixture_setup(&fixture) != 0)
		return -1;
	keys->fixture = fixture;
	keys->principals = mtr_principals_new();
	*state = keys;
	return 0;
}

static int tear_down(void **state)
{
	struct keys *keys = *state;
	void *fixture = keys->fixture;

	mtr_principals_free(&keys->principals);
	fixture_teardown(&fixture);
	free(keys);
	return 0;
}

static void key_of(uint32_t id, uint8_t ret_key[MTR_KEY_BYTES])
{
	memset(ret_key, 0, MTR_KEY_BYTES);
	ret_key[0] = (uint8_t)(id * 37u);
	memcpy(ret_key + 1, &id, sizeof id);
}

static void put(struct keys *keys, uint32_t id, bool revoked)
{
	Mtr__Principal principal = MTR__PRINCIPAL__INIT;
	uint8_t key[MTR_KEY_BYTES];

	key_of(id, key);
	principal.id = id;
	principal.public_key = (ProtobufCBinaryData){sizeof key, key};
	principal.role = MTR__ROLE__ROLE_NOMINATOR;
	principal.revoked = revoked;
	struct mtr_effect effect = effect_of(keys->fixture, mtr_home_principals(),
					     MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, id, &principal.base);

	fixture_apply(keys->fixture, &effect, 1);
}

static enum mtr_store_error load(struct keys *keys)
{
	return mtr_principals_load(keys->principals, keys->fixture->store);
}

static bool known(struct keys *keys, uint32_t id, bool *ret_revoked)
{
	struct mtr_principal principal;
	uint8_t key[MTR_KEY_BYTES];

	key_of(id, key);
	if (!mtr_principals_find(keys->principals, key, &principal))
		return false;
	assert_int_equal(principal.id, id);
	*ret_revoked = principal.revoked;
	return true;
}

static void test_all_are_found(void **state)
{
	struct keys *keys = *state;
	bool revoked = true;

	assert_int_equal(load(keys), MTR_STORE_OK);
	assert_false(known(keys, 1, &revoked));
	for (uint32_t id = 1; id <= 300; id++)
		put(keys, id, id % 3 == 0);
	assert_false(known(keys, 1, &revoked));
	assert_int_equal(load(keys), MTR_STORE_OK);
	for (uint32_t id = 1; id <= 300; id++) {
		assert_true(known(keys, id, &revoked));
		assert_int_equal(revoked, id % 3 == 0);
	}
	assert_false(known(keys, 301, &revoked));
}

/* The command that revokes is acknowledged before the store has committed it. */
static void test_revocation_counts_at_once(void **state)
{
	struct keys *keys = *state;
	bool revoked;

	put(keys, 1, false);
	put(keys, 2, false);
	assert_int_equal(load(keys), MTR_STORE_OK);
	mtr_principals_changed(keys->principals, 3, 1, true);
	assert_true(known(keys, 1, &revoked) && revoked);
	assert_true(known(keys, 2, &revoked) && !revoked);

	/* What is committed so far is older than the revocation and must not undo it. */
	assert_int_equal(mtr_principals_awaits(keys->principals), 3);
	assert_int_equal(load(keys), MTR_STORE_OK);
	assert_true(known(keys, 1, &revoked) && revoked);
	assert_int_equal(mtr_principals_awaits(keys->principals), 3);

	put(keys, 1, true);
	assert_int_equal(load(keys), MTR_STORE_OK);
	assert_true(known(keys, 1, &revoked) && revoked);
	assert_int_equal(mtr_principals_awaits(keys->principals), 0);
}

/* Registered and revoked within one commit: the key must not be let in from the commit between. */
static void test_new_and_revoked(void **state)
{
	struct keys *keys = *state;
	bool revoked;

	mtr_principals_changed(keys->principals, 1, 1, false);
	mtr_principals_changed(keys->principals, 2, 1, true);
	put(keys, 1, false);
	assert_int_equal(load(keys), MTR_STORE_OK);
	assert_false(known(keys, 1, &revoked));
	put(keys, 1, true);
	assert_int_equal(load(keys), MTR_STORE_OK);
	assert_true(known(keys, 1, &revoked) && revoked);
}

static void *commit_and_load(void *context)
{
	struct keys *keys = context;

	put(keys, 1, false);
	return load(keys) == MTR_STORE_OK ? keys : NULL;
}

static void test_waits_for_a_registration(void **state)
{
	struct keys *keys = *state;
	struct mtr_principal principal;
	uint8_t key[MTR_KEY_BYTES], stranger[MTR_KEY_BYTES];
	pthread_t thread;
	void *loaded;

	key_of(1, key);
	key_of(2, stranger);
	assert_false(mtr_principals_find_settled(keys->principals, key, 60000, &principal));
	mtr_principals_changed(keys->principals, 1, 1, false);
	assert_false(mtr_principals_find_settled(keys->principals, key, 1, &principal));
	assert_int_equal(pthread_create(&thread, NULL, commit_and_load, keys), 0);
	assert_true(mtr_principals_find_settled(keys->principals, key, 60000, &principal));
	assert_int_equal(principal.id, 1);
	assert_false(mtr_principals_find_settled(keys->principals, stranger, 60000, &principal));
	pthread_join(thread, &loaded);
	assert_non_null(loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_are_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_revocation_counts_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_new_and_revoked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_waits_for_a_registration, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
