#include "store/pages.h"

#include "store/internal.h"
#include "store/page_meta.h"

#include <stdlib.h>
#include <string.h>

#define TREES_MAX 64u
#define PROGRESS_PAGES 16384u
/* Page numbers of a free list that are read at a time. */
#define FREE_AT_ONCE 512u

enum role {
	ROLE_FREE,   /* of free pages */
	ROLE_TABLES, /* of the trees of the tables */
	ROLE_ROWS,
};

struct named_tree {
	struct mtr_page_tree tree;
	const char *table;
};

struct walk {
	const struct mtr_pages_options *options;
	struct mtr_page_meta meta;
	struct mtr_page_damage *damage;
	enum mtr_store_error error;
	uint8_t *levels[MTR_PAGE_DEPTH_MAX]; /* one page each, from the root down */
	uint8_t *taken;                      /* a bit a page */
	uint64_t used, free, seen;
	struct named_tree named[TREES_MAX];
	size_t named_count;
	/* Of the tree that is walked. */
	enum role role;
	const char *table;
	struct mtr_page_tree tree, found;
};

/* A page, and what the one above says of it. */
struct visit {
	uint64_t number;
	uint16_t level;
	const uint8_t *bytes;
	struct mtr_bytes low, high; /* keys are >= low and < high; without data: no bound */
};

struct node {
	size_t at; /* in the page */
	uint16_t flags;
	struct mtr_bytes key;
	uint32_t value_size;
};

static bool damaged(struct walk *w, uint64_t number, size_t at, const char *what)
{
	if (!w->error)
		*w->damage = (struct mtr_page_damage){number * w->meta.page_bytes + at, w->table, what};
	w->error = MTR_STORE_CORRUPT;
	return false;
}

/* Once only, and never a meta page or one behind the last. */
static bool take(struct walk *w, uint64_t number, uint64_t by, size_t at)
{
	if (number < 2 || number > w->meta.last)
		return damaged(w, by, at, "it refers to a page that there isn't");
	if (w->taken[number / 8] & 1u << number % 8)
		return damaged(w, by, at, "it refers to a page that is in use elsewhere");
	w->taken[number / 8] |= (uint8_t)(1u << number % 8);
	w->seen++;
	if (w->options->progress && w->seen % PROGRESS_PAGES == 0)
		w->options->progress(w->options->context, w->seen, w->meta.last - 1);
	return true;
}

static bool load(struct walk *w, uint64_t number, void *ret_bytes, size_t size, size_t at)
{
	w->error = mtr_page_read(w->options->fd, ret_bytes, size, number * w->meta.page_bytes + at);
	if (!w->error)
		return true;
	*w->damage = (struct mtr_page_damage){number * w->meta.page_bytes + at, w->table, "the page can't be read"};
	return false;
}

static int compare(const struct walk *w, struct mtr_bytes x, struct mtr_bytes y)
{
	if (w->role == ROLE_FREE) {
		const uint64_t a = mtr_page_u64(x.data), b = mtr_page_u64(y.data);

		return a < b ? -1 : a > b;
	}
	const int order = memcmp(x.data, y.data, x.size < y.size ? x.size : y.size);

	return order ? order : (x.size > y.size) - (x.size < y.size);
}

/* A run of overflow pages that holds a value of this size. */
static bool check_overflow(struct walk *w, uint64_t number, uint32_t size, const struct visit *by, size_t at)
{
	const uint64_t needed = ((uint64_t)MTR_PAGE_HEAD_BYTES + size + w->meta.page_bytes - 1) / w->meta.page_bytes;
	uint8_t head[MTR_PAGE_HEAD_BYTES];

	if (!take(w, number, by->number, at) || !load(w, number, head, sizeof head, 0))
		return false;
	const uint32_t pages = mtr_page_u32(head + 12);

	if (mtr_page_u64(head) != number)
		return damaged(w, number, 0, "the page has another's number");
	if (mtr_page_u16(head + 10) != MTR_PAGE_OVERFLOW)
		return damaged(w, number, 10, "it isn't an overflow page");
	if (pages < needed || pages > w->meta.last - number + 1)
		return damaged(w, number, 12, "the run of overflow pages has another length");
	for (uint64_t i = 1; i < pages; i++)
		if (!take(w, number + i, number, 12))
			return false;
	w->found.overflows += pages;
	w->used += pages;
	return true;
}

/* The value, wherever it lies: `number` and `at` say where its bytes begin. */
static bool take_free(struct walk *w, uint64_t number, size_t at, uint32_t size)
{
	uint8_t bytes[8 * FREE_AT_ONCE];
	uint64_t before = UINT64_MAX;

	if (size < 8 || size % 8 || !load(w, number, bytes, 8, at))
		return w->error ? false : damaged(w, number, at, "the list of free pages has no such size");
	const uint64_t count = mtr_page_u64(bytes);

	if (count > size / 8 - 1)
		return damaged(w, number, at, "the list of free pages is longer than its value");
	for (uint64_t done = 0; done < count;) {
		const uint64_t rest = count - done, part = rest < FREE_AT_ONCE ? rest : FREE_AT_ONCE;
		const size_t from = at + 8 + (size_t)done * 8;

		if (!load(w, number, bytes, (size_t)part * 8, from))
			return false;
		for (size_t i = 0; i < part; i++) {
			const uint64_t page = mtr_page_u64(bytes + 8 * i);

			if (page >= before)
				return damaged(w, number, from + 8 * i, "the list of free pages isn't in order");
			if (!take(w, page, number, from + 8 * i))
				return false;
			before = page;
		}
		done += part;
	}
	w->free += count;
	return true;
}

static const char *table_of(struct mtr_bytes name)
{
	for (unsigned i = 0; i < MTR_TABLES; i++) {
		const char *known = mtr_table_name((enum mtr_table)i);

		if (strlen(known) == name.size && memcmp(known, name.data, name.size) == 0)
			return known;
	}
	return "unknown";
}

static bool take_tree(struct walk *w, const struct visit *visit, const struct node *node)
{
	const size_t at = node->at + MTR_PAGE_NODE_BYTES + node->key.size;

	if (node->flags != MTR_PAGE_NODE_TREE || node->value_size != MTR_PAGE_TREE_BYTES || w->named_count == TREES_MAX)
		return damaged(w, visit->number, node->at, "it isn't the tree of a table");
	const struct mtr_page_tree tree = mtr_page_tree_read(visit->bytes + at);

	if (tree.flags || (tree.root == MTR_PAGE_NONE) != (tree.depth == 0) || tree.depth > MTR_PAGE_DEPTH_MAX)
		return damaged(w, visit->number, at, "the tree of the table can't be");
	w->named[w->named_count++] = (struct named_tree){tree, table_of(node->key)};
	return true;
}

/* A row of a leaf; its extent has been checked. */
static bool check_row(struct walk *w, const struct visit *visit, const struct node *node)
{
	const size_t value_at = node->at + MTR_PAGE_NODE_BYTES + node->key.size;
	uint64_t number = visit->number;
	size_t at = value_at;

	if (w->role == ROLE_TABLES)
		return take_tree(w, visit, node);
	if (node->flags & MTR_PAGE_NODE_BIG) {
		number = mtr_page_u64(visit->bytes + value_at);
		at = MTR_PAGE_HEAD_BYTES;
		if (!check_overflow(w, number, node->value_size, visit, value_at))
			return false;
	}
	return w->role != ROLE_FREE || take_free(w, number, at, node->value_size);
}

/* Reads the node, whose bytes must lie between `upper` and the page's end where no other's lie. */
static bool read_node(struct walk *w, const struct visit *visit, size_t pointer, bool leaf, uint8_t *covered,
		      struct node *ret_node)
{
	const size_t upper = mtr_page_u16(visit->bytes + 14), end = w->meta.page_bytes;
	const size_t at = mtr_page_u16(visit->bytes + pointer);

	if (at < upper || at % 2 || at + MTR_PAGE_NODE_BYTES > end)
		return damaged(w, visit->number, pointer, "a node lies outside of its page");
	const uint8_t *bytes = visit->bytes + at;
	const struct node node = {
		.at = at,
		.flags = leaf ? mtr_page_u16(bytes + 4) : 0,
		.key = {bytes + MTR_PAGE_NODE_BYTES, mtr_page_u16(bytes + 6)},
		.value_size = leaf ? mtr_page_u32(bytes) : 0,
	};
	const size_t value = node.flags & MTR_PAGE_NODE_BIG ? 8 : node.value_size;

	if (node.flags & ~(unsigned)(MTR_PAGE_NODE_BIG | MTR_PAGE_NODE_TREE) ||
	    (node.flags & MTR_PAGE_NODE_TREE && w->role != ROLE_TABLES))
		return damaged(w, visit->number, at + 4, "the node is of no known kind");
	if (node.key.size > MTR_PAGE_KEY_MAX || (w->role == ROLE_FREE && leaf && node.key.size != 8))
		return damaged(w, visit->number, at + 6, "the key has no such size");
	if (MTR_PAGE_NODE_BYTES + node.key.size + value > end - at)
		return damaged(w, visit->number, at, "a node reaches beyond its page");
	const size_t size = (MTR_PAGE_NODE_BYTES + node.key.size + value + 1) / 2;

	for (size_t i = at / 2; i < at / 2 + size; i++) {
		if (covered[i])
			return damaged(w, visit->number, at, "two nodes lie in one place");
		covered[i] = 1;
	}
	*ret_node = node;
	return true;
}

static bool check_key(struct walk *w, const struct visit *visit, const struct node *node, struct mtr_bytes before)
{
	if (w->role == ROLE_FREE && node->key.size != 8)
		return damaged(w, visit->number, node->at + 6, "the key has no such size");
	if ((before.data && compare(w, before, node->key) >= 0) ||
	    (visit->low.data && compare(w, visit->low, node->key) > 0) ||
	    (visit->high.data && compare(w, node->key, visit->high) >= 0))
		return damaged(w, visit->number, node->at + MTR_PAGE_NODE_BYTES, "the key isn't in order");
	return true;
}

static bool walk_page(struct walk *w, struct visit visit, uint64_t by, size_t at);

static bool check_leaf(struct walk *w, const struct visit *visit, size_t count, uint8_t *covered)
{
	struct mtr_bytes before = {NULL, 0};
	struct node node;

	for (size_t i = 0; i < count; i++) {
		if (!read_node(w, visit, MTR_PAGE_HEAD_BYTES + 2 * i, true, covered, &node) ||
		    !check_key(w, visit, &node, before) || !check_row(w, visit, &node))
			return false;
		before = node.key;
	}
	w->found.leaves++;
	w->found.rows += count;
	return true;
}

/* The first key of a branch page means nothing: what lies below is bounded from above already. */
static bool check_branch(struct walk *w, const struct visit *visit, size_t count, uint8_t *covered)
{
	struct visit below = {.level = (uint16_t)(visit->level + 1), .low = visit->low};
	struct mtr_bytes before = {NULL, 0};
	struct node node, next;

	if (!read_node(w, visit, MTR_PAGE_HEAD_BYTES, false, covered, &node))
		return false;
	for (size_t i = 1; i <= count; i++) {
		below.high = visit->high;
		if (i < count) {
			if (!read_node(w, visit, MTR_PAGE_HEAD_BYTES + 2 * i, false, covered, &next) ||
			    !check_key(w, visit, &next, before))
				return false;
			below.high = before = next.key;
		}
		below.number = mtr_page_u32(visit->bytes + node.at) | (uint64_t)mtr_page_u16(visit->bytes + node.at + 4)
									      << 32;
		if (!walk_page(w, below, visit->number, node.at))
			return false;
		below.low = below.high;
		node = next;
	}
	w->found.branches++;
	return true;
}

static bool check_page(struct walk *w, const struct visit *visit, uint8_t *covered)
{
	const uint16_t kind = mtr_page_u16(visit->bytes + 10);
	const size_t lower = mtr_page_u16(visit->bytes + 12), upper = mtr_page_u16(visit->bytes + 14);
	const bool leaf = visit->level + 1 == w->tree.depth;
	/* LMDB stops at a branch with one page below; the free pages' tree may have such. */
	const size_t least = leaf || w->role == ROLE_FREE ? 1 : 2;

	if (mtr_page_u64(visit->bytes) != visit->number)
		return damaged(w, visit->number, 0, "the page has another's number");
	if (kind != (leaf ? MTR_PAGE_LEAF : MTR_PAGE_BRANCH))
		return damaged(w, visit->number, 10, "the page is of another kind");
	if (lower % 2 || lower < MTR_PAGE_HEAD_BYTES + 2 * least || lower > upper || upper > w->meta.page_bytes)
		return damaged(w, visit->number, 12, "the bounds of the page can't be");
	memset(covered, 0, w->meta.page_bytes / 2);
	const size_t count = (lower - MTR_PAGE_HEAD_BYTES) / 2;

	if (!(leaf ? check_leaf(w, visit, count, covered) : check_branch(w, visit, count, covered)))
		return false;
	for (size_t i = upper / 2; i < w->meta.page_bytes / 2; i++)
		if (!covered[i])
			return damaged(w, visit->number, i * 2, "the nodes of the page don't fill it");
	w->used++;
	return true;
}

/* Each level has its page and, behind it, which halfwords nodes have been found in. */
static bool walk_page(struct walk *w, struct visit visit, uint64_t by, size_t at)
{
	if (!take(w, visit.number, by, at))
		return false;
	if (!w->levels[visit.level])
		w->levels[visit.level] = malloc(w->meta.page_bytes + w->meta.page_bytes / 2);
	uint8_t *bytes = w->levels[visit.level];

	if (!bytes) {
		w->error = MTR_STORE_MEMORY;
		return false;
	}
	visit.bytes = bytes;
	return load(w, visit.number, bytes, w->meta.page_bytes, 0) && check_page(w, &visit, bytes + w->meta.page_bytes);
}

static bool same_counts(const struct mtr_page_tree *x, const struct mtr_page_tree *y)
{
	return x->branches == y->branches && x->leaves == y->leaves && x->overflows == y->overflows &&
	       x->rows == y->rows;
}

/* `page` is where the tree is described. */
static bool walk_tree(struct walk *w, enum role role, const char *table, const struct mtr_page_tree *tree)
{
	const uint64_t page = w->meta.transaction % 2;

	w->role = role;
	w->table = table;
	w->tree = *tree;
	w->found = (struct mtr_page_tree){0};
	if (tree->depth && !walk_page(w, (struct visit){.number = tree->root}, page, 0))
		return false;
	return same_counts(tree, &w->found) || damaged(w, page, 0, "a tree's counts aren't those of its pages");
}

static bool is_wanted(const struct walk *w, const char *table)
{
	return !w->options->only || strcmp(table, w->options->only) == 0;
}

static void walk_all(struct walk *w)
{
	bool good = walk_tree(w, ROLE_TABLES, NULL, &w->meta.tables);

	if (w->options->names_only)
		return;
	for (size_t i = 0; i < w->named_count && good; i++)
		if (is_wanted(w, w->named[i].table))
			good = walk_tree(w, ROLE_ROWS, w->named[i].table, &w->named[i].tree);
	if (good && !w->options->only)
		(void)walk_tree(w, ROLE_FREE, NULL, &w->meta.free);
}

enum mtr_store_error mtr_pages_check(const struct mtr_pages_options *options, struct mtr_pages_figures *ret_figures,
				     struct mtr_page_damage *ret_damage)
{
	struct mtr_page_meta meta;
	enum mtr_store_error error = mtr_page_meta_read(options->fd, options->transaction, &meta, ret_damage);

	if (error)
		return error;
	struct walk *w = calloc(1, sizeof *w);
	uint8_t *taken = calloc(1, (size_t)(meta.last / 8 + 1));

	if (!w || !taken) {
		free(w);
		free(taken);
		return MTR_STORE_MEMORY;
	}
	*w = (struct walk){.options = options, .meta = meta, .damage = ret_damage, .taken = taken};
	walk_all(w);
	error = w->error;
	if (!error && ret_figures)
		*ret_figures = (struct mtr_pages_figures){.transaction = meta.transaction,
							  .used = w->used,
							  .free = w->free,
							  .lost = meta.last - 1 - w->seen};
	for (size_t i = 0; i < MTR_PAGE_DEPTH_MAX; i++)
		free(w->levels[i]);
	free(taken);
	free(w);
	return error;
}

void mtr_txn_check_pages(struct mtr_txn *txn, const struct mtr_pages_options *options,
			 struct mtr_pages_figures *ret_figures, struct mtr_page_damage *ret_damage)
{
	struct mtr_pages_options own = *options;
	enum mtr_store_error error;

	if (txn->error)
		return;
	error = mtr_store_error_from(mdb_env_get_fd(txn->store->env, &own.fd));
	own.transaction = mdb_txn_id(txn->txn);
	if (!error)
		error = mtr_pages_check(&own, ret_figures, ret_damage);
	mtr_txn_fail(txn, error);
}
