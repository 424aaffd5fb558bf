#include "store/copy.h"

#include "store/internal.h"

enum mtr_store_error mtr_store_copy(struct mtr_store *store, int fd)
{
	return mtr_store_error_from(mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT));
}
