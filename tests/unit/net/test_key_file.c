#include "contract/key_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

struct place {
	char directory[32], path[48];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);

	strcpy(place->directory, "/tmp/matricula-key-XXXXXX");
	if (!mkdtemp(place->directory))
		return -1;
	snprintf(place->path, sizeof place->path, "%s/key", place->directory);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	rmdir(place->directory);
	free(place);
	return 0;
}

static void put(const struct place *place, const char *text, mode_t mode)
{
	unlink(place->path);
	int fd = open(place->path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	chmod(place->path, mode);
}

static void test_round_trip(void **state)
{
	const struct place *place = *state;
	struct mtr_key_pair pair, other, read;
	struct stat about;
	char text[MTR_KEY_TEXT];
	uint8_t key[MTR_KEY_BYTES];

	assert_true(mtr_key_pair_make(&pair));
	assert_true(mtr_key_pair_make(&other));
	assert_memory_not_equal(&pair, &other, sizeof pair);
	assert_int_equal(mtr_key_file_write(place->path, &pair, "a comment"), MTR_KEY_FILE_OK);
	assert_int_equal(stat(place->path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_OK);
	assert_memory_equal(&read, &pair, sizeof pair);
	assert_int_equal(mtr_key_file_write(place->path, &other, "a comment"), MTR_KEY_FILE_EXISTS);
	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_OK);
	assert_memory_equal(&read, &pair, sizeof pair);

	mtr_key_text(pair.public_key, text);
	assert_int_equal(strlen(text), 40);
	assert_true(mtr_key_parse(text, key));
	assert_memory_equal(key, pair.public_key, sizeof key);
}

static void test_pairs_that_sign(void **state)
{
	const struct place *place = *state;
	struct mtr_key_pair pair, read = {{0}, {0}}, nothing = {{0}, {0}};
	uint8_t signature[MTR_SIGNATURE_BYTES];
	struct stat about;

	assert_true(mtr_signing_pair_make(&pair));
	assert_int_equal(mtr_key_file_write(place->path, &pair, "a comment"), MTR_KEY_FILE_OK);
	assert_int_equal(stat(place->path, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	/* A pair of the other kind is no pair. */
	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_DAMAGED);
	assert_memory_equal(&read, &nothing, sizeof read);
	assert_int_equal(mtr_signing_file_read(place->path, &read), MTR_KEY_FILE_OK);
	assert_memory_equal(&read, &pair, sizeof pair);
	mtr_signing_pair_sign(&read, "text", 4, signature);
	assert_int_equal(crypto_sign_verify_detached(signature, (const uint8_t *)"text", 4, pair.public_key), 0);
	assert_int_not_equal(crypto_sign_verify_detached(signature, (const uint8_t *)"texT", 4, pair.public_key), 0);
	unlink(place->path);
	assert_true(mtr_key_pair_make(&pair));
	assert_int_equal(mtr_key_file_write(place->path, &pair, "a comment"), MTR_KEY_FILE_OK);
	assert_int_equal(mtr_signing_file_read(place->path, &read), MTR_KEY_FILE_DAMAGED);
}

static void test_public_keys_alone(void **state)
{
	const struct place *place = *state;
	struct mtr_key_pair pair;
	uint8_t key[MTR_KEY_BYTES];

	assert_true(mtr_signing_pair_make(&pair));
	assert_int_equal(mtr_public_file_read(place->path, key), MTR_KEY_FILE_MISSING);
	assert_int_equal(mtr_public_file_write(place->path, pair.public_key, "a comment"), MTR_KEY_FILE_OK);
	assert_int_equal(mtr_public_file_write(place->path, pair.public_key, "a comment"), MTR_KEY_FILE_EXISTS);
	chmod(place->path, 0644);
	assert_int_equal(mtr_public_file_read(place->path, key), MTR_KEY_FILE_OK);
	assert_memory_equal(key, pair.public_key, sizeof key);
	assert_int_equal(mtr_signing_file_read(place->path, &pair), MTR_KEY_FILE_EXPOSED);
	chmod(place->path, 0600);
	assert_int_equal(mtr_signing_file_read(place->path, &pair), MTR_KEY_FILE_DAMAGED);
	/* A file with a secret in it isn't taken for one without. */
	unlink(place->path);
	assert_int_equal(mtr_key_file_write(place->path, &pair, "a comment"), MTR_KEY_FILE_OK);
	assert_int_equal(mtr_public_file_read(place->path, key), MTR_KEY_FILE_DAMAGED);
}

#define SUM_LINE 21 /* "sum ", 16 digits, newline */

/* What a single bit of the file makes of it: nothing that is taken. */
static void test_every_bit_of_a_public_key(void **state)
{
	const struct place *place = *state;
	struct mtr_key_pair pair;
	uint8_t key[MTR_KEY_BYTES];
	char text[512];

	assert_true(mtr_signing_pair_make(&pair));
	assert_int_equal(mtr_public_file_write(place->path, pair.public_key, "a comment"), MTR_KEY_FILE_OK);
	FILE *file = fopen(place->path, "r+e");

	assert_non_null(file);
	const size_t size = fread(text, 1, sizeof text, file);

	for (size_t bit = 0; bit < 8 * size; bit++) {
		rewind(file);
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		assert_int_equal(fwrite(text, 1, size, file), size);
		assert_int_equal(fflush(file), 0);
		if (mtr_public_file_read(place->path, key) != MTR_KEY_FILE_DAMAGED)
			fail_msg("bit %zu of byte %zu isn't seen", bit % 8, bit / 8);
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
	}
	assert_int_equal(fclose(file), 0);
}

/* One without its sum is read, and gets it. */
static void test_public_keys_of_an_older_version(void **state)
{
	const struct place *place = *state;
	struct mtr_key_pair pair;
	uint8_t key[MTR_KEY_BYTES];
	struct stat whole, now;

	assert_int_equal(mtr_public_file_renew(place->path, "a comment"), MTR_KEY_FILE_MISSING);
	assert_true(mtr_signing_pair_make(&pair));
	assert_int_equal(mtr_public_file_write(place->path, pair.public_key, "a comment"), MTR_KEY_FILE_OK);
	assert_int_equal(stat(place->path, &whole), 0);
	assert_int_equal(mtr_public_file_renew(place->path, "another comment"), MTR_KEY_FILE_OK);
	assert_int_equal(stat(place->path, &now), 0);
	assert_int_equal(now.st_ino, whole.st_ino);
	assert_int_equal(truncate(place->path, whole.st_size - SUM_LINE), 0);
	assert_int_equal(mtr_public_file_read(place->path, key), MTR_KEY_FILE_OK);
	assert_memory_equal(key, pair.public_key, sizeof key);
	assert_int_equal(mtr_public_file_renew(place->path, "a comment"), MTR_KEY_FILE_OK);
	assert_int_equal(stat(place->path, &now), 0);
	assert_int_equal(now.st_size, whole.st_size);
	assert_int_equal(mtr_public_file_read(place->path, key), MTR_KEY_FILE_OK);
	assert_memory_equal(key, pair.public_key, sizeof key);
	assert_int_equal(truncate(place->path, 20), 0);
	assert_int_equal(mtr_public_file_renew(place->path, "a comment"), MTR_KEY_FILE_DAMAGED);
}

static void test_parse_refuses(void **state)
{
	static const char *const wrong[] = {
		"",
		"0000000000000000000000000000000000000000 ",
		"000000000000000000000000000000000000000",
		"00000000000000000000000000000000000000000",
		"000000000000000000000000000000000000000\"",
		"000000000000000000000000000000000000000 ",
		"00000000000000000000000000000000000%nSc1", /* beyond 32 bits */
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		"#####################################"
		"###",
	};
	uint8_t key[MTR_KEY_BYTES] = {1}, untouched[MTR_KEY_BYTES] = {1};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		if (mtr_key_parse(wrong[i], key))
			fail_msg("accepted: %s", wrong[i]);
		assert_memory_equal(key, untouched, sizeof key);
	}
}

static void test_read_refuses(void **state)
{
	const struct place *place = *state;
	struct mtr_key_pair pair, other, read;
	char public_text[MTR_KEY_TEXT], secret_text[MTR_KEY_TEXT], other_text[MTR_KEY_TEXT], text[8192];

	assert_true(mtr_key_pair_make(&pair));
	assert_true(mtr_key_pair_make(&other));
	mtr_key_text(pair.public_key, public_text);
	mtr_key_text(pair.secret_key, secret_text);
	mtr_key_text(other.public_key, other_text);

	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_MISSING);
	assert_int_equal(mtr_key_file_read(place->directory, &read), MTR_KEY_FILE_DAMAGED);

	snprintf(text, sizeof text, "[key]\npublic-key = %s\nsecret-key = %s\n", public_text, secret_text);
	put(place, text, 0600);
	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_OK);
	put(place, text, 0640);
	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_EXPOSED);
	put(place, text, 0602);
	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_EXPOSED);

	const char *const damaged[] = {
		"",
		"[key]\n",
		"[key]\npublic-key = %1$s\n",
		"[key]\nsecret-key = %2$s\n",
		"public-key = %1$s\nsecret-key = %2$s\n",
		"[keys]\npublic-key = %1$s\nsecret-key = %2$s\n",
		"[key]\npublic-key = %3$s\nsecret-key = %2$s\n",
		"[key]\npublic-key = %2$s\nsecret-key = %1$s\n",
		"[key]\npublic-key = %1$s\nsecret-key = %2$s\nsecret-key = %2$s\n",
		"[key]\npublic-key = %1$s\nsecret-key = %2$s\nmore = 1\n",
		"[key]\npublic-key = %1$s0\nsecret-key = %2$s\n",
	};

	for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
		const char *const values[] = {public_text, secret_text, other_text};
		size_t size = 0;

		for (const char *at = damaged[i]; *at; at++) {
			if (*at == '%') {
				size += (size_t)sprintf(text + size, "%s", values[at[1] - '1']);
				at += 3;
			} else {
				text[size++] = *at;
			}
		}
		text[size] = '\0';
		put(place, text, 0600);
		if (mtr_key_file_read(place->path, &read) != MTR_KEY_FILE_DAMAGED)
			fail_msg("not refused: %s", damaged[i]);
	}
	memset(text, ';', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	put(place, text, 0600);
	assert_int_equal(mtr_key_file_read(place->path, &read), MTR_KEY_FILE_DAMAGED);
}

static void test_write_fails(void **state)
{
	const struct place *place = *state;
	struct mtr_key_pair pair;
	char path[64];

	snprintf(path, sizeof path, "%s/missing/key", place->directory);
	assert_true(mtr_key_pair_make(&pair));
	assert_int_equal(mtr_key_file_write(path, &pair, "c"), MTR_KEY_FILE_UNREADABLE);
	assert_int_equal(mtr_key_file_write("/dev/full", &pair, "c"), MTR_KEY_FILE_EXISTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pairs_that_sign, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_public_keys_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_every_bit_of_a_public_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_public_keys_of_an_older_version, set_up, tear_down),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test_setup_teardown(test_read_refuses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_write_fails, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
