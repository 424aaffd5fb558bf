/* The database file as it lies on disk, page by page, before anything in it is trusted: LMDB has no checksums, and
 * where a page is damaged it reads beyond its map or its page. This reads the file with pread and believes nothing.
 *
 * What holds together: both meta pages, the file's length, and of every page in use its number, kind and bounds, its
 * nodes (inside the page, side by side, keys ascending and between those of the page above), the trees' depths and
 * counts, runs of overflow pages, the list of free pages, and that no page is used twice. Whether values are what was
 * written, only what is derived from them can tell (verify.h). */
#ifndef MTR_STORE_PAGES_H
#define MTR_STORE_PAGES_H

#include "store/store.h"

/* What is wrong first, and where. */
struct mtr_page_damage {
	uint64_t offset;   /* in bytes */
	const char *table; /* whose page it is; NULL: no table's */
	const char *what;
};

struct mtr_pages_figures {
	uint64_t transaction;      /* LMDB's number of the state that was looked at */
	uint64_t used, free, lost; /* pages; lost ones are neither used nor free, and do no harm */
};

struct mtr_pages_options {
	int fd;
	uint64_t transaction; /* the state to look at; 0: the newest */
	bool names_only;      /* only the tree that names the tables, not the tables */
	const char *only;     /* that tree and this table alone; NULL: all */
	void (*progress)(void *context, uint64_t pages, uint64_t total); /* may be NULL */
	void *context;
};

/* Nobody may write the file meanwhile, unless a read transaction holds the state that is looked at.
 * OK; CORRUPT or IO, and *ret_damage says where; NEWER: another version of LMDB's format; IN_USE: the state isn't the
 * newest or the one before any more; MEMORY. ret_figures may be NULL. */
enum mtr_store_error mtr_pages_check(const struct mtr_pages_options *options, struct mtr_pages_figures *ret_figures,
				     struct mtr_page_damage *ret_damage);

/* The same of the state that a read transaction sees; file and transaction of `options` are filled in. Leaves an error
 * in the transaction. */
void mtr_txn_check_pages(struct mtr_txn *txn, const struct mtr_pages_options *options,
			 struct mtr_pages_figures *ret_figures, struct mtr_page_damage *ret_damage);

#endif
