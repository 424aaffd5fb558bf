#include "backup/sealed.h"

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

/* Two whole chunks and a bit of a third. */
#define SIZE (2u * MTR_SEALED_CHUNK + 1000u)
#define HEAD 172u
#define CHUNK (MTR_SEALED_CHUNK + 17u)

struct place {
	char path[48];
	int fd;
	struct mtr_key_pair pair, other;
	struct mtr_sealed_head head;
	struct mtr_sealed_file file;
	uint8_t contents[SIZE];
};

struct taken {
	const uint8_t *expected;
	size_t size;
};

static enum mtr_exit_status take(void *context, const uint8_t *bytes, size_t size, struct mtr_problem *problem)
{
	struct taken *taken = context;

	(void)problem;
	assert_memory_equal(bytes, taken->expected + taken->size, size);
	taken->size += size;
	return MTR_EXIT_OK;
}

static void seal(struct place *place, const char *name, size_t size)
{
	struct mtr_sealer *sealer;
	struct mtr_problem problem;

	assert_int_equal(mtr_sealer_begin(&sealer, place->fd, place->path, name, &place->head, &problem), MTR_EXIT_OK);
	for (size_t at = 0; at < size; at += 9999)
		assert_int_equal(
			mtr_sealer_put(sealer, place->contents + at, size - at < 9999 ? size - at : 9999, &problem),
			MTR_EXIT_OK);
	assert_int_equal(mtr_sealer_finish(&sealer, &place->file, &problem), MTR_EXIT_OK);
	assert_null(sealer);
	assert_string_equal(place->file.name, name);
}

static enum mtr_exit_status unseal(const struct place *place, size_t *ret_size, struct mtr_problem *problem)
{
	struct taken taken = {place->contents, 0};
	enum mtr_exit_status status =
		mtr_unseal(place->fd, place->path, &place->file, &place->head, &place->pair, take, &taken, problem);

	*ret_size = taken.size;
	return status;
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);

	strcpy(place->path, "/tmp/matricula-sealed-XXXXXX");
	assert_non_null(mkdtemp(place->path));
	place->fd = open(place->path, O_RDONLY | O_DIRECTORY);
	assert_true(mtr_key_pair_make(&place->pair));
	assert_true(mtr_key_pair_make(&place->other));
	place->head = (struct mtr_sealed_head){.kind = MTR_SEALED_SEGMENT, .first = 1, .last = 9, .journal = 77};
	memcpy(place->head.recipient, place->pair.public_key, MTR_KEY_BYTES);
	for (size_t i = 0; i < SIZE; i++)
		place->contents[i] = (uint8_t)(i * 7 + i / 251);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char command[96];

	close(place->fd);
	snprintf(command, sizeof command, "rm -r %s", place->path);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static void what_is_sealed_comes_back(void **state)
{
	static const size_t sizes[] = {0, 1, MTR_SEALED_CHUNK - 1, MTR_SEALED_CHUNK, MTR_SEALED_CHUNK + 1, SIZE};
	struct place *place = *state;
	struct mtr_problem problem;
	char name[16];
	size_t size;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct stat about;

		snprintf(name, sizeof name, "file-%zu", i);
		seal(place, name, sizes[i]);
		assert_int_equal(fstatat(place->fd, name, &about, 0), 0);
		assert_int_equal(about.st_size, place->file.bytes);
		assert_int_equal(about.st_mode & 07777, 0600);
		assert_int_equal(mtr_sealed_check(place->fd, place->path, &place->file, &problem), MTR_EXIT_OK);
		assert_int_equal(unseal(place, &size, &problem), MTR_EXIT_OK);
		assert_int_equal(size, sizes[i]);
	}
}

static uint8_t *load(struct place *place, const char *name)
{
	int file = openat(place->fd, name, O_RDONLY);
	uint8_t *bytes = malloc(place->file.bytes + CHUNK);

	assert_int_equal(read(file, bytes, place->file.bytes), place->file.bytes);
	close(file);
	return bytes;
}

/* Puts bytes in the file's place and says so in what is recorded, as one would who can write there. */
static void replace(struct place *place, const uint8_t *bytes, size_t size)
{
	int file = openat(place->fd, place->file.name, O_WRONLY | O_TRUNC);

	assert_int_equal(write(file, bytes, size), size);
	close(file);
	place->file.bytes = size;
	crypto_generichash(place->file.digest, MTR_HASH_BYTES, bytes, size, NULL, 0);
}

static void expect_damage(struct place *place)
{
	struct mtr_problem problem = {""};
	size_t size;

	assert_int_equal(unseal(place, &size, &problem), MTR_EXIT_DAMAGED);
	assert_non_null(strstr(problem.text, "/file is damaged"));
}

/* Even when digest and size are made to fit. */
static void nothing_can_be_changed(void **state)
{
	struct place *place = *state;
	struct mtr_problem problem;
	size_t size;

	seal(place, "file", SIZE);
	const size_t whole = place->file.bytes;
	uint8_t *bytes = load(place, "file");
	const size_t spots[] = {8,        19, 67, 68, 147, 148, 171, HEAD, HEAD + 1, HEAD + CHUNK - 1, HEAD + CHUNK,
				whole - 1};

	for (size_t i = 0; i < sizeof spots / sizeof *spots; i++) {
		bytes[spots[i]] ^= 16;
		replace(place, bytes, whole);
		expect_damage(place);
		bytes[spots[i]] ^= 16;
	}
	replace(place, bytes, whole);
	assert_int_equal(unseal(place, &size, &problem), MTR_EXIT_OK);
	free(bytes);
}

static void nothing_can_be_cut_off_put_behind_or_moved(void **state)
{
	struct place *place = *state;

	seal(place, "file", SIZE);
	const size_t whole = place->file.bytes;
	uint8_t *bytes = load(place, "file");
	const size_t cuts[] = {0, 3, HEAD - 1, HEAD, HEAD + 16, HEAD + CHUNK, HEAD + 2 * CHUNK, whole - 1};

	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		replace(place, bytes, cuts[i]);
		expect_damage(place);
	}
	memcpy(bytes + whole, bytes + HEAD, 100);
	replace(place, bytes, whole + 1);
	expect_damage(place);
	replace(place, bytes, whole + 100);
	expect_damage(place);
	for (size_t i = 0; i < CHUNK; i++) {
		const uint8_t byte = bytes[HEAD + i];

		bytes[HEAD + i] = bytes[HEAD + CHUNK + i];
		bytes[HEAD + CHUNK + i] = byte;
	}
	replace(place, bytes, whole);
	expect_damage(place);
	free(bytes);
}

/* Where the last chunk is a full one, so that what is behind isn't read with it. */
static void nothing_follows_a_full_chunk(void **state)
{
	struct place *place = *state;

	seal(place, "file", MTR_SEALED_CHUNK);
	const size_t whole = place->file.bytes;
	uint8_t *bytes = load(place, "file");

	bytes[whole] = 0;
	replace(place, bytes, whole + 1);
	expect_damage(place);
	free(bytes);
}

static void what_is_recorded_must_be_there(void **state)
{
	struct place *place = *state;
	struct mtr_problem problem;
	size_t size;

	seal(place, "file", SIZE);
	place->file.digest[5] ^= 1;
	assert_int_equal(mtr_sealed_check(place->fd, place->path, &place->file, &problem), MTR_EXIT_DAMAGED);
	expect_damage(place);
	place->file.digest[5] ^= 1;
	place->file.bytes++;
	assert_int_equal(mtr_sealed_check(place->fd, place->path, &place->file, &problem), MTR_EXIT_DAMAGED);
	expect_damage(place);
	place->file.bytes--;
	place->head.last++;
	expect_damage(place);
	place->head.last--;
	place->head.kind = MTR_SEALED_REGISTER;
	expect_damage(place);
	place->head.kind = MTR_SEALED_SEGMENT;
	assert_int_equal(unseal(place, &size, &problem), MTR_EXIT_OK);
	unlinkat(place->fd, "file", 0);
	assert_int_equal(unseal(place, &size, &problem), MTR_EXIT_MISSING);
	assert_non_null(strstr(problem.text, "/file isn't there"));
}

static void another_key_is_told(void **state)
{
	struct place *place = *state;
	struct mtr_problem problem;
	size_t size;

	seal(place, "file", SIZE);
	place->pair = place->other;
	assert_int_equal(unseal(place, &size, &problem), MTR_EXIT_SECURITY);
	assert_non_null(strstr(problem.text, "another key"));
	assert_int_equal(size, 0);
	/* Even when the record says that it is for that one. */
	memcpy(place->head.recipient, place->other.public_key, MTR_KEY_BYTES);
	expect_damage(place);
}

static void no_file_is_written_over_and_none_is_left_behind(void **state)
{
	struct place *place = *state;
	struct mtr_problem problem;
	struct mtr_sealer *sealer;
	struct mtr_sealed_file file;
	size_t size;

	seal(place, "file", SIZE);
	assert_int_equal(mtr_sealer_begin(&sealer, place->fd, place->path, "file", &place->head, &problem),
			 MTR_EXIT_OK);
	assert_int_equal(faccessat(place->fd, "file.part", F_OK, 0), 0);
	assert_int_equal(mtr_sealer_finish(&sealer, &file, &problem), MTR_EXIT_WRITE);
	assert_int_equal(faccessat(place->fd, "file.part", F_OK, 0), -1);
	assert_int_equal(unseal(place, &size, &problem), MTR_EXIT_OK);
	assert_int_equal(mtr_sealer_begin(&sealer, place->fd, place->path, "more", &place->head, &problem),
			 MTR_EXIT_OK);
	mtr_sealer_abandon(&sealer);
	assert_null(sealer);
	mtr_sealer_abandon(&sealer);
	assert_int_equal(faccessat(place->fd, "more.part", F_OK, 0), -1);
	memset(place->head.recipient, 0, MTR_KEY_BYTES);
	assert_int_equal(mtr_sealer_begin(&sealer, place->fd, place->path, "more", &place->head, &problem),
			 MTR_EXIT_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_sealed_comes_back),
		TEST(nothing_can_be_changed),
		TEST(nothing_can_be_cut_off_put_behind_or_moved),
		TEST(nothing_follows_a_full_chunk),
		TEST(what_is_recorded_must_be_there),
		TEST(another_key_is_told),
		TEST(no_file_is_written_over_and_none_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
