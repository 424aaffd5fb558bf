/* The database file page by page: sound ones pass, whatever grew and shrank in them; each kind of damage is named. */
#include "unit/store/fixture.h"

#include "store/page_format.h"
#include "store/pages.h"

#include <fcntl.h>
#include <sys/stat.h>

#define UNITS 400u

/* Commits needn't last. */
static void reopen(struct fixture *f, struct mtr_page_damage *ret_damage)
{
	const struct mtr_store_options options = {
		.directory = f->directory, .map_bytes = 16u << 20, .unsynced = true, .damage = ret_damage};

	mtr_store_close(&f->store);
	assert_int_equal(mtr_store_open(&f->store, &options), MTR_STORE_OK);
}

/* Each tenth row is larger than a page. */
static void put_unit(struct fixture *f, uint32_t id)
{
	static char name[9000];
	Mtr__Unit unit = MTR__UNIT__INIT;
	char code[16];

	memset(name, 'x', sizeof name - 1);
	snprintf(code, sizeof code, "U-%u", id);
	unit.id = id;
	unit.code = code;
	unit.name = id % 10 ? code : name;
	const struct mtr_effect row =
		effect_of(f, mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, id, &unit.base);

	fixture_apply(f, &row, 1);
	mtr_arena_reset(f->arena);
}

/* Rows come, change and go, over many commits: branches, overflow pages and free pages are there in the end. */
static void fill(struct fixture *f)
{
	reopen(f, NULL);
	for (uint32_t id = 1; id <= UNITS; id++)
		put_unit(f, id);
	for (uint32_t id = 1; id <= UNITS / 2; id++) {
		const struct mtr_effect end =
			end_of(mtr_home_public(), MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, id, "dissolved");

		fixture_apply(f, &end, 1);
	}
}

struct file {
	int fd;
	uint32_t page_bytes;
};

static struct file open_file(const struct fixture *f)
{
	uint8_t size[4];
	char path[96];

	snprintf(path, sizeof path, "%s/data.mdb", f->directory);
	const int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, size, sizeof size, 40), 4);
	return (struct file){fd, mtr_page_u32(size)};
}

static enum mtr_store_error check(const struct file *file, struct mtr_pages_figures *ret_figures,
				  struct mtr_page_damage *ret_damage)
{
	return mtr_pages_check(&(struct mtr_pages_options){.fd = file->fd}, ret_figures, ret_damage);
}

static void a_living_register_is_sound(void **state)
{
	struct fixture *f = *state;
	struct mtr_page_damage damage = {0};
	struct mtr_pages_figures figures = {0};
	struct mtr_txn txn;

	fill(f);
	fixture_check(f);
	const struct file file = open_file(f);

	if (check(&file, &figures, &damage))
		fail_msg("byte %llu: %s", (unsigned long long)damage.offset, damage.what);
	assert_true(figures.used > 50);
	assert_true(figures.free > 10);
	assert_int_equal(figures.lost, 0);
	mtr_txn_begin_read(&txn, f->store);
	mtr_txn_check_pages(&txn, &(struct mtr_pages_options){0}, &figures, &damage);
	assert_int_equal(txn.error, MTR_STORE_OK);
	mtr_txn_abort(&txn);
	close(file.fd);
}

/* The whole file, to go back to. */
struct image {
	struct file file;
	uint8_t *bytes;
	size_t size;
	uint8_t digests[MTR_TABLES][MTR_HASH_BYTES];
	unsigned found, harmless, other;
};

static void digests_of(struct fixture *f, uint8_t ret_digests[MTR_TABLES][MTR_HASH_BYTES])
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, f->store);
	mtr_table_digests(&txn, ret_digests);
	mtr_txn_abort(&txn);
}

static void image_take(struct image *image, struct fixture *f)
{
	struct stat about;

	digests_of(f, image->digests);
	image->file = open_file(f);
	assert_int_equal(fstat(image->file.fd, &about), 0);
	image->size = (size_t)about.st_size;
	image->bytes = malloc(image->size);
	assert_non_null(image->bytes);
	assert_int_equal(pread(image->file.fd, image->bytes, image->size, 0), image->size);
}

static void image_restore(const struct image *image)
{
	assert_int_equal(pwrite(image->file.fd, image->bytes, image->size, 0), image->size);
	assert_int_equal(ftruncate(image->file.fd, (off_t)image->size), 0);
}

static void image_free(struct image *image)
{
	close(image->file.fd);
	free(image->bytes);
}

/* What passes is opened, read, written to and read again: LMDB must bear it. */
static void live_with_it(struct image *image, struct fixture *f)
{
	uint8_t digests[MTR_TABLES][MTR_HASH_BYTES];
	struct mtr_page_damage damage = {0};
	const uint64_t revision = f->revision;

	reopen(f, &damage);
	digests_of(f, digests);
	if (memcmp(digests, image->digests, sizeof digests) == 0)
		image->harmless++;
	else
		image->other++;
	const struct mtr_effect row = unit_row(f, UNITS + 1, "NEW", 0);

	if (fixture_try(f, &row, 1) == MTR_STORE_OK)
		digests_of(f, digests);
	f->revision = revision;
	mtr_store_close(&f->store);
	mtr_arena_reset(f->arena);
	image_restore(image);
}

static void flip(struct image *image, struct fixture *f, size_t at, unsigned bit)
{
	const uint8_t was = image->bytes[at], is = (uint8_t)(was ^ 1u << bit);
	struct mtr_page_damage damage = {0};

	assert_int_equal(pwrite(image->file.fd, &is, 1, (off_t)at), 1);
	const enum mtr_store_error error = check(&image->file, NULL, &damage);

	if (error) {
		image->found++;
		assert_true(error == MTR_STORE_CORRUPT || error == MTR_STORE_NEWER);
		assert_true(error == MTR_STORE_NEWER || damage.what);
		assert_true(damage.offset <= image->size);
		assert_int_equal(pwrite(image->file.fd, &was, 1, (off_t)at), 1);
	} else {
		live_with_it(image, f);
	}
}

/* Head, offsets of nodes, and the nodes themselves of a page; bits in turn so that each is met somewhere. */
static void flip_page(struct image *image, struct fixture *f, size_t page)
{
	const size_t start = page * image->file.page_bytes;

	for (size_t at = 0; at < 40; at++)
		flip(image, f, start + at, (unsigned)(at * 3 + page) % 8);
	for (size_t at = 40; at < image->file.page_bytes; at += 61)
		flip(image, f, start + at, (unsigned)(at + page) % 8);
}

/* Pages of each kind, as their heads say; a free page may be of any. */
static void a_flipped_bit_is_found_or_borne(void **state)
{
	struct fixture *f = *state;
	unsigned done[MTR_PAGE_META + 1] = {0};
	struct image image = {0};

	fill(f);
	image_take(&image, f);
	mtr_store_close(&f->store);
	for (size_t page = 0; page < image.size / image.file.page_bytes; page++) {
		const uint16_t kind = mtr_page_u16(image.bytes + page * image.file.page_bytes + 10);

		if (kind && kind <= MTR_PAGE_META && done[kind]++ < 3)
			flip_page(&image, f, page);
	}
	assert_true(done[MTR_PAGE_BRANCH] && done[MTR_PAGE_LEAF] > 3 && done[MTR_PAGE_OVERFLOW]);
	assert_int_equal(done[MTR_PAGE_META], 2);
	print_message("%u found, %u without meaning, %u in what a row says\n", image.found, image.harmless,
		      image.other);
	image_free(&image);
}

/* Bits whose change LMDB wouldn't survive, or that would lead it astray. */
static void what_holds_the_file_together_is_found(void **state)
{
	struct fixture *f = *state;
	struct image image = {0};

	fill(f);
	image_take(&image, f);
	mtr_store_close(&f->store);
	for (size_t page = 0; page < 2; page++)
		for (size_t at = 40; at < MTR_PAGE_META_BYTES - 8; at++)
			if (mtr_page_u64(image.bytes + 144) % 2 == page % 2 || at < 64)
				flip(&image, f, page * image.file.page_bytes + at, (unsigned)at % 8);
	for (uint64_t cut = 0; cut < 64; cut += 7) {
		struct mtr_page_damage damage = {0};

		assert_int_equal(ftruncate(image.file.fd, (off_t)(cut * 1000)), 0);
		assert_int_equal(check(&image.file, NULL, &damage), MTR_STORE_CORRUPT);
		image_restore(&image);
	}
	print_message("%u found, %u without meaning\n", image.found, image.harmless);
	assert_int_equal(image.other, 0);
	image_free(&image);
}

/* Size of the node, without its value's other pages. */
static size_t node_size(const uint8_t *node)
{
	const size_t value = mtr_page_u16(node + 4) & MTR_PAGE_NODE_BIG ? 8 : mtr_page_u32(node);

	return MTR_PAGE_NODE_BYTES + mtr_page_u16(node + 6) + value;
}

/* Moves the page's first node into the unused space before the others, where all else about it is right. False when
 * there is no room. */
static bool move_out(struct image *image, size_t page)
{
	uint8_t *start = image->bytes + page * image->file.page_bytes;
	const size_t lower = mtr_page_u16(start + 12), upper = mtr_page_u16(start + 14);
	const uint8_t *node = start + mtr_page_u16(start + MTR_PAGE_HEAD_BYTES);
	const size_t size = (node_size(node) + 1) / 2 * 2, to = lower + lower % 2;
	const uint8_t pointer[2] = {(uint8_t)to, (uint8_t)(to >> 8)};
	const off_t at = (off_t)(page * image->file.page_bytes);

	if (to + size > upper)
		return false;
	assert_int_equal(pwrite(image->file.fd, node, size, at + (off_t)to), size);
	assert_int_equal(pwrite(image->file.fd, pointer, sizeof pointer, at + MTR_PAGE_HEAD_BYTES), sizeof pointer);
	return true;
}

/* A page that nothing leads to may hold anything. */
static void a_node_in_unused_space_is_found(void **state)
{
	struct fixture *f = *state;
	struct image image = {0};
	unsigned found = 0;

	fill(f);
	image_take(&image, f);
	mtr_store_close(&f->store);
	for (size_t page = 2; page < image.size / image.file.page_bytes; page++) {
		const uint8_t *start = image.bytes + page * image.file.page_bytes;
		struct mtr_page_damage damage = {0};

		if (mtr_page_u16(start + 10) != MTR_PAGE_LEAF || mtr_page_u16(start + 12) <= MTR_PAGE_HEAD_BYTES ||
		    !move_out(&image, page))
			continue;
		if (check(&image.file, NULL, &damage)) {
			assert_string_equal(damage.what, "a node lies outside of its page");
			assert_int_equal(damage.offset, page * image.file.page_bytes + MTR_PAGE_HEAD_BYTES);
			found++;
		}
		image_restore(&image);
	}
	assert_true(found > 10);
	image_free(&image);
}

#define STORE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_living_register_is_sound),
		STORE_TEST(a_flipped_bit_is_found_or_borne),
		STORE_TEST(what_holds_the_file_together_is_found),
		STORE_TEST(a_node_in_unused_space_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
