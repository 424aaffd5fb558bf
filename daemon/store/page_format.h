/* clang-format off */
/* LMDB's file, format version 1, on a machine with 64 bits. Integers are little-endian. A page's number is its place in
 * the file; pages 0 and 1 are meta pages, the one of the later transaction counts.
 *
 * page    at 0 number u64 · 10 kind u16 · 12 lower u16 · 14 upper u16 · 16 offsets of nodes u16 …; nodes from upper on
 *         overflow: at 12 count of pages u32 · 16 the value
 * node    at 0 size of the value u32 · 4 flags u16 · 6 size of the key u16 · 8 key · value, or number u64 of its pages
 *         branch: at 0 number of the page below, u48
 * meta    at 16 magic u32 · 20 version u32 · 24 address u64 · 32 size of the map u64 · 40 tree of free pages ·
 *         88 tree of tables · 136 last page u64 · 144 transaction u64
 * tree    at 0 page size u32 (first tree only) · 4 flags u16 · 6 depth u16 · 8 branch pages u64 · 16 leaf pages u64 ·
 *         24 overflow pages u64 · 32 rows u64 · 40 root u64
 * free    key: transaction u64; value: count u64 · page numbers u64 …, descending */
/* clang-format on */
#ifndef MTR_STORE_PAGE_FORMAT_H
#define MTR_STORE_PAGE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MTR_PAGE_HEAD_BYTES 16u
#define MTR_PAGE_NODE_BYTES 8u
#define MTR_PAGE_META_BYTES 152u
#define MTR_PAGE_TREE_BYTES 48u
#define MTR_PAGE_KEY_MAX 511u
#define MTR_PAGE_DEPTH_MAX 32u
#define MTR_PAGE_BYTES_MAX 32768u
#define MTR_PAGE_NONE UINT64_MAX /* the root of an empty tree */

enum mtr_page_kind {
	MTR_PAGE_BRANCH = 1,
	MTR_PAGE_LEAF = 2,
	MTR_PAGE_OVERFLOW = 4,
	MTR_PAGE_META = 8,
};

enum mtr_page_node_flag {
	MTR_PAGE_NODE_BIG = 1,  /* the value lies in overflow pages */
	MTR_PAGE_NODE_TREE = 2, /* the value is a tree */
};

struct mtr_page_tree {
	uint16_t flags, depth;
	uint64_t branches, leaves, overflows, rows, root;
};

struct mtr_page_meta {
	uint32_t page_bytes;
	struct mtr_page_tree free, tables;
	uint64_t last, transaction;
};

static inline uint16_t mtr_page_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t mtr_page_u32(const uint8_t *at)
{
	return mtr_page_u16(at) | (uint32_t)mtr_page_u16(at + 2) << 16;
}

static inline uint64_t mtr_page_u64(const uint8_t *at)
{
	return mtr_page_u32(at) | (uint64_t)mtr_page_u32(at + 4) << 32;
}

static inline struct mtr_page_tree mtr_page_tree_read(const uint8_t *at)
{
	return (struct mtr_page_tree){
		.flags = mtr_page_u16(at + 4),
		.depth = mtr_page_u16(at + 6),
		.branches = mtr_page_u64(at + 8),
		.leaves = mtr_page_u64(at + 16),
		.overflows = mtr_page_u64(at + 24),
		.rows = mtr_page_u64(at + 32),
		.root = mtr_page_u64(at + 40),
	};
}

#endif
