/* The two meta pages of the database file. */
#ifndef MTR_STORE_PAGE_META_H
#define MTR_STORE_PAGE_META_H

#include "store/page_format.h"
#include "store/pages.h"

/* Checks both, and the file's length, and gives the one of `transaction` (0: the newest).
 * OK; CORRUPT, IO with *ret_damage; NEWER; IN_USE when neither is of that transaction. */
enum mtr_store_error mtr_page_meta_read(int fd, uint64_t transaction, struct mtr_page_meta *ret_meta,
					struct mtr_page_damage *ret_damage);

/* pread of all bytes. CORRUPT when the file ends before. */
enum mtr_store_error mtr_page_read(int fd, void *ret_bytes, size_t size, uint64_t offset);

#endif
