#include "store/page_meta.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC 0xbeefc0deu
#define VERSION 1u
/* The tree of free pages has numbers for keys; the flags of an environment of ours are none. */
#define FREE_FLAGS 8u
/* Where the fields lie. */
#define AT_KIND 10u
#define AT_MAGIC 16u
#define AT_VERSION 20u
#define AT_FREE 40u
#define AT_TABLES 88u
#define AT_LAST 136u
#define AT_TRANSACTION 144u

enum mtr_store_error mtr_page_read(int fd, void *ret_bytes, size_t size, uint64_t offset)
{
	uint8_t *at = ret_bytes;

	while (size) {
		ssize_t got = pread(fd, at, size, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? MTR_STORE_IO : MTR_STORE_CORRUPT;
		at += got;
		size -= (size_t)got;
		offset += (uint64_t)got;
	}
	return MTR_STORE_OK;
}

/* Only one of the two pages is of another version. */
#define NOT_NEWER "the version is damaged"

/* A meta page as it was read, and where. */
struct source {
	uint8_t bytes[MTR_PAGE_META_BYTES];
	uint64_t number, offset;
	struct mtr_page_damage *damage;
};

static enum mtr_store_error damaged(const struct source *source, size_t at, const char *what)
{
	*source->damage = (struct mtr_page_damage){.offset = source->offset + at, .what = what};
	return MTR_STORE_CORRUPT;
}

static bool is_page_size(uint32_t bytes)
{
	return bytes >= 512 && bytes <= MTR_PAGE_BYTES_MAX && (bytes & (bytes - 1)) == 0;
}

static bool is_tree(const struct mtr_page_tree *tree, uint16_t flags)
{
	return tree->flags == flags && (tree->root == MTR_PAGE_NONE) == (tree->depth == 0) &&
	       tree->depth <= MTR_PAGE_DEPTH_MAX;
}

static enum mtr_store_error decode(const struct source *source, struct mtr_page_meta *ret_meta)
{
	const uint8_t *bytes = source->bytes;
	const struct mtr_page_meta meta = {
		.page_bytes = mtr_page_u32(bytes + AT_FREE),
		.free = mtr_page_tree_read(bytes + AT_FREE),
		.tables = mtr_page_tree_read(bytes + AT_TABLES),
		.last = mtr_page_u64(bytes + AT_LAST),
		.transaction = mtr_page_u64(bytes + AT_TRANSACTION),
	};

	if (mtr_page_u32(bytes + AT_MAGIC) != MAGIC || mtr_page_u16(bytes + AT_KIND) != MTR_PAGE_META)
		return damaged(source, AT_KIND, "it isn't a meta page");
	if (mtr_page_u32(bytes + AT_VERSION) != VERSION)
		return MTR_STORE_NEWER;
	if (mtr_page_u64(bytes) != source->number)
		return damaged(source, 0, "the page has another's number");
	if (!is_page_size(meta.page_bytes))
		return damaged(source, AT_FREE, "the size of pages can't be");
	if (!is_tree(&meta.free, FREE_FLAGS))
		return damaged(source, AT_FREE, "the tree of free pages can't be");
	if (!is_tree(&meta.tables, 0))
		return damaged(source, AT_TABLES, "the tree of tables can't be");
	if (meta.last < 1 || meta.last >= UINT64_MAX / MTR_PAGE_BYTES_MAX)
		return damaged(source, AT_LAST, "the number of the last page can't be");
	*ret_meta = meta;
	return MTR_STORE_OK;
}

/* Transactions take turns with the two pages: of one pair, each the other's neighbour. */
static bool are_neighbours(const struct mtr_page_meta metas[2])
{
	const uint64_t even = metas[0].transaction, odd = metas[1].transaction;

	if (metas[0].page_bytes != metas[1].page_bytes)
		return false;
	return (even == 0 && odd == 0) || (even % 2 == 0 && (odd == even + 1 || odd + 1 == even));
}

static enum mtr_store_error read_meta(struct source *source, int fd, struct mtr_page_meta *ret_meta)
{
	const enum mtr_store_error error = mtr_page_read(fd, source->bytes, sizeof source->bytes, source->offset);

	if (error) {
		(void)damaged(source, 0, "a meta page can't be read");
		return error;
	}
	return decode(source, ret_meta);
}

static enum mtr_store_error check_length(int fd, const struct mtr_page_meta *meta, struct mtr_page_damage *ret_damage)
{
	struct stat about;

	if (fstat(fd, &about) < 0)
		return MTR_STORE_IO;
	if ((uint64_t)about.st_size / meta->page_bytes > meta->last)
		return MTR_STORE_OK;
	*ret_damage = (struct mtr_page_damage){.offset = (uint64_t)about.st_size, .what = "the file has been cut"};
	return MTR_STORE_CORRUPT;
}

enum mtr_store_error mtr_page_meta_read(int fd, uint64_t transaction, struct mtr_page_meta *ret_meta,
					struct mtr_page_damage *ret_damage)
{
	struct source first = {.damage = ret_damage}, second = {.number = 1, .damage = ret_damage};
	struct mtr_page_meta metas[2];
	enum mtr_store_error error = read_meta(&first, fd, &metas[0]);

	second.offset = mtr_page_u32(first.bytes + AT_FREE);
	if (error == MTR_STORE_NEWER && is_page_size((uint32_t)second.offset) && !read_meta(&second, fd, &metas[1]))
		return damaged(&first, AT_VERSION, NOT_NEWER);
	if (error)
		return error;
	error = read_meta(&second, fd, &metas[1]);
	if (error == MTR_STORE_NEWER)
		return damaged(&second, AT_VERSION, NOT_NEWER);
	if (error)
		return error;
	if (!are_neighbours(metas))
		return damaged(&second, AT_TRANSACTION, "the two meta pages don't belong together");
	const struct mtr_page_meta *newest = &metas[metas[0].transaction < metas[1].transaction];

	if (transaction && newest->transaction != transaction)
		newest = &metas[transaction % 2];
	if (transaction && newest->transaction != transaction)
		return MTR_STORE_IN_USE;
	error = check_length(fd, newest, ret_damage);
	if (!error)
		*ret_meta = *newest;
	return error;
}
