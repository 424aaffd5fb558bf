#include "store/internal.h"

#include <errno.h>

const char *mtr_store_error_name(enum mtr_store_error error)
{
	static const char *const names[] = {
		[MTR_STORE_OK] = "OK",       [MTR_STORE_FULL] = "FULL",           [MTR_STORE_CORRUPT] = "CORRUPT",
		[MTR_STORE_NEWER] = "NEWER", [MTR_STORE_READ_ONLY] = "READ_ONLY", [MTR_STORE_IN_USE] = "IN_USE",
		[MTR_STORE_IO] = "IO",       [MTR_STORE_MEMORY] = "MEMORY",       [MTR_STORE_MISSING] = "MISSING",
		[MTR_STORE_LIMIT] = "LIMIT", [MTR_STORE_OLDER] = "OLDER",
	};

	return (size_t)error < sizeof names / sizeof names[0] ? names[error] : "UNKNOWN";
}

enum mtr_store_error mtr_store_error_from(int code)
{
	switch (code) {
	case MDB_SUCCESS:
		return MTR_STORE_OK;
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return MTR_STORE_FULL;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_NOTFOUND:
	case MDB_KEYEXIST:
	case MDB_BAD_VALSIZE:
	case MDB_INCOMPATIBLE:
		return MTR_STORE_CORRUPT;
	case MDB_VERSION_MISMATCH:
		return MTR_STORE_NEWER;
	case EACCES:
	case EROFS:
	case EPERM:
		return MTR_STORE_READ_ONLY;
	case EAGAIN:
	case EBUSY:
		return MTR_STORE_IN_USE;
	case ENOMEM:
		return MTR_STORE_MEMORY;
	case ENOENT:
	case ENOTDIR:
		return MTR_STORE_MISSING;
	case MDB_READERS_FULL:
	case MDB_DBS_FULL:
		return MTR_STORE_LIMIT;
	default:
		return MTR_STORE_IO;
	}
}
