/* The making of a database: aside, then under its name, so that what bears the name is whole whenever the power fails.
 */
#include "contract/durable.h"
#include "store/internal.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

static int write_tables(MDB_env *env)
{
	struct mtr_key version = mtr_key_start();
	MDB_val key = mtr_version_key(), value;
	MDB_dbi table;
	MDB_txn *txn;
	int rc = mdb_txn_begin(env, NULL, 0, &txn);

	if (rc)
		return rc;
	mtr_key_u32(&version, MTR_FORMAT_VERSION);
	value = (MDB_val){version.size, version.data};
	for (unsigned i = 0; i < MTR_TABLES && !rc; i++) {
		rc = mdb_dbi_open(txn, mtr_table_name((enum mtr_table)i), MDB_CREATE, &table);
		if (!rc && i == MTR_TABLE_META)
			rc = mdb_put(txn, table, &key, &value, 0);
	}
	if (rc) {
		mdb_txn_abort(txn);
		return rc;
	}
	return mdb_txn_commit(txn);
}

/* Nobody else knows of it yet: it needs no lock file. */
static int write_database(const char *directory)
{
	MDB_env *env;
	int rc = mdb_env_create(&env);

	if (rc)
		return rc;
	rc = mdb_env_set_maxdbs(env, MTR_TABLES);
	if (!rc)
		rc = mdb_env_open(env, directory, MDB_NOTLS | MDB_NOLOCK, 0600);
	if (!rc)
		rc = write_tables(env);
	mdb_env_close(env);
	return rc;
}

enum mtr_store_error mtr_store_create(const char *directory, const char *path)
{
	char aside[PATH_BYTES], file[PATH_BYTES];
	int error = -mtr_make_directory(directory);

	if (error)
		return mtr_store_error_from(error);
	if (snprintf(aside, sizeof aside, "%s/new", directory) >= PATH_BYTES ||
	    snprintf(file, sizeof file, "%s/data.mdb", aside) >= PATH_BYTES)
		return MTR_STORE_MISSING;
	(void)unlink(file);
	if (mkdir(aside, 0700) < 0 && errno != EEXIST)
		return mtr_store_error_from(errno);
	error = write_database(aside);
	if (!error && rename(file, path) < 0)
		error = errno;
	if (error)
		(void)unlink(file);
	(void)rmdir(aside);
	return mtr_store_error_from(error ? error : -mtr_flush_entry(path));
}
