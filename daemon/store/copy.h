/* A copy of the register's file while it is in use. */
#ifndef MTR_STORE_COPY_H
#define MTR_STORE_COPY_H

#include "store/store.h"

/* Writes the file as it was at one moment, without the pages that are free, to a descriptor; writers go on meanwhile.
 * IO also when `fd` takes no more. Not in the process that writes the register, unless it is the only one. */
enum mtr_store_error mtr_store_copy(struct mtr_store *store, int fd);

#endif
