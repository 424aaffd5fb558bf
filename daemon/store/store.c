#include "store/cache.h"
#include "store/internal.h"
#include "store/lock_file.h"
#include "store/page_meta.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Threads of the daemon that read, tools beside it, and slots of the dead until they are freed. */
#define READERS_MAX 126u
#define PATH_BYTES 4096u
#define MAP_BYTES_MIN (16u * 1024u * 1024u)
/* Both forms of one row, unpacked, and what is derived from them. */
#define APPLY_ARENA (2u * 1024u * 1024u)

static const char *const table_names[MTR_TABLES] = {
	[MTR_TABLE_META] = "meta",     [MTR_TABLE_ENTITY] = "entity", [MTR_TABLE_FEED] = "feed",
	[MTR_TABLE_HOME] = "home",     [MTR_TABLE_CODE] = "code",     [MTR_TABLE_LINK] = "link",
	[MTR_TABLE_ONCE] = "once",     [MTR_TABLE_ORDER] = "order",   [MTR_TABLE_TALLY] = "tally",
	[MTR_TABLE_OUTBOX] = "outbox", [MTR_TABLE_DEDUP] = "dedup",
};

const char *mtr_table_name(enum mtr_table table)
{
	return table < MTR_TABLES ? table_names[table] : "unknown";
}

static bool name_file(const struct mtr_store_options *options, char ret_path[PATH_BYTES])
{
	const int length = snprintf(ret_path, PATH_BYTES, "%s/data.mdb", options->directory);

	return length >= 0 && (size_t)length < PATH_BYTES;
}

/* An empty file is what a power cut leaves of one whose making was cut off. */
static enum mtr_store_error find_or_make(const struct mtr_store_options *options)
{
	char path[PATH_BYTES];
	struct stat status;

	if (!name_file(options, path))
		return MTR_STORE_MISSING;
	const int code = stat(path, &status) < 0 ? errno : 0;

	if (code == 0 && status.st_size)
		return MTR_STORE_OK;
	if (options->create && (code == 0 || code == ENOENT))
		return mtr_store_create(options->directory, path);
	return code ? mtr_store_error_from(code) : MTR_STORE_CORRUPT;
}

/* While another process commits, a meta page can be read half old and half new: look again then. */
#define META_ATTEMPTS 4u

static enum mtr_store_error check_metas(int fd, struct mtr_page_damage *ret_damage)
{
	enum mtr_store_error error = MTR_STORE_CORRUPT;
	struct mtr_page_meta meta;

	for (unsigned i = 0; i < META_ATTEMPTS && error == MTR_STORE_CORRUPT; i++)
		error = mtr_page_meta_read(fd, 0, &meta, ret_damage);
	return error;
}

/* Before LMDB maps the file. */
static enum mtr_store_error check_file(const struct mtr_store_options *options)
{
	struct mtr_pages_options pages = {.fd = -1, .progress = options->checked, .context = options->context};
	enum mtr_store_error error;
	char path[PATH_BYTES];

	if (!options->damage || !name_file(options, path))
		return MTR_STORE_OK;
	pages.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (pages.fd < 0)
		return mtr_store_error_from(errno);
	if (options->read_only)
		error = check_metas(pages.fd, options->damage);
	else
		error = mtr_pages_check(&pages, NULL, options->damage);
	close(pages.fd);
	return error;
}

static uint64_t used_bytes(struct mtr_store *store)
{
	MDB_envinfo info;

	mdb_env_info(store->env, &info);
	return ((uint64_t)info.me_last_pgno + 1) * store->page_bytes;
}

static enum mtr_store_error file_bytes(struct mtr_store *store, int *ret_fd, uint64_t *ret_bytes)
{
	struct stat status;
	int fd, rc = mdb_env_get_fd(store->env, &fd);

	if (rc)
		return mtr_store_error_from(rc);
	if (fstat(fd, &status) < 0)
		return mtr_store_error_from(errno);
	*ret_fd = fd;
	*ret_bytes = (uint64_t)status.st_size;
	return MTR_STORE_OK;
}

/* Before anything but the meta pages is looked at: a page behind the end of the file is a SIGBUS. */
static enum mtr_store_error check_size(struct mtr_store *store)
{
	MDB_stat stat_of_env;
	uint64_t bytes = 0;
	int fd, rc = mdb_env_stat(store->env, &stat_of_env);
	enum mtr_store_error error;

	if (rc)
		return mtr_store_error_from(rc);
	store->page_bytes = stat_of_env.ms_psize;
	error = file_bytes(store, &fd, &bytes);
	if (!error && bytes < used_bytes(store))
		error = MTR_STORE_CORRUPT;
	return error;
}

enum mtr_store_error mtr_store_cover_used(struct mtr_store *store)
{
	uint64_t bytes = 0;
	const uint64_t used = used_bytes(store);
	int fd = -1;
	enum mtr_store_error error;

	if (used <= store->reserved_bytes)
		return MTR_STORE_OK;
	error = file_bytes(store, &fd, &bytes);
	if (error || bytes >= used)
		return error;
	if (ftruncate(fd, (off_t)used) < 0 || fdatasync(fd) < 0)
		return MTR_STORE_IO;
	return MTR_STORE_OK;
}

static enum mtr_store_error open_env(struct mtr_store *store, const struct mtr_store_options *options)
{
	uint64_t map = options->map_bytes < MAP_BYTES_MIN ? MAP_BYTES_MIN : options->map_bytes;
	const unsigned flags =
		MDB_NOTLS | (options->read_only ? MDB_RDONLY : 0u) | (options->unsynced ? MDB_NOSYNC : 0u);
	enum mtr_store_error error;
	int rc;

	rc = mdb_env_create(&store->env);
	if (!rc)
		rc = mdb_env_set_maxdbs(store->env, MTR_TABLES);
	if (!rc)
		rc = mdb_env_set_maxreaders(store->env, READERS_MAX);
	if (!rc)
		rc = mdb_env_set_mapsize(store->env, map);
	if (!rc)
		rc = mtr_lock_file_reserve(options->directory, READERS_MAX);
	if (!rc)
		rc = mdb_env_open(store->env, options->directory, flags, 0600);
	if (rc)
		return mtr_store_error_from(rc);
	error = check_size(store);
	if (error)
		return error;
	if (map < 2 * used_bytes(store) && !options->read_only)
		rc = mdb_env_set_mapsize(store->env, 2 * used_bytes(store));
	return mtr_store_error_from(rc);
}

MDB_val mtr_version_key(void)
{
	return (MDB_val){sizeof "version" - 1, (void *)(uintptr_t) "version"};
}

static enum mtr_store_error check_version(struct mtr_store *store, MDB_txn *txn)
{
	MDB_val key = mtr_version_key(), value;
	const uint8_t *at;
	int rc = mdb_get(txn, store->tables[MTR_TABLE_META], &key, &value);

	if (rc)
		return mtr_store_error_from(rc);
	if (value.mv_size != sizeof(uint32_t))
		return MTR_STORE_CORRUPT;
	at = value.mv_data;
	const uint32_t version = mtr_get_u32(&at);

	if (version == MTR_FORMAT_VERSION)
		return MTR_STORE_OK;
	if (version == 0)
		return MTR_STORE_CORRUPT;
	return version > MTR_FORMAT_VERSION ? MTR_STORE_NEWER : MTR_STORE_OLDER;
}

/* Meta is opened and its version checked before the other tables: a newer format may not have them. */
static enum mtr_store_error open_tables(struct mtr_store *store)
{
	enum mtr_store_error error = MTR_STORE_OK;
	MDB_txn *txn;
	int rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);

	if (rc)
		return mtr_store_error_from(rc);
	for (size_t i = 0; i < MTR_TABLES && !error; i++) {
		rc = mdb_dbi_open(txn, table_names[i], 0, &store->tables[i]);
		error = mtr_store_error_from(rc);
		if (!error && i == MTR_TABLE_META)
			error = check_version(store, txn);
	}
	if (error) {
		mdb_txn_abort(txn);
		return error;
	}
	return mtr_store_error_from(mdb_txn_commit(txn));
}

/* The tree that names the tables, before LMDB looks for them. */
static enum mtr_store_error check_names(struct mtr_store *store, const struct mtr_store_options *options)
{
	struct mtr_txn txn;

	if (!options->damage || !options->read_only)
		return MTR_STORE_OK;
	mtr_txn_begin_read(&txn, store);
	mtr_txn_check_pages(&txn, &(struct mtr_pages_options){.names_only = true}, NULL, options->damage);
	mtr_txn_abort(&txn);
	return txn.error;
}

enum mtr_store_error mtr_store_open(struct mtr_store **ret_store, const struct mtr_store_options *options)
{
	enum mtr_store_error error = find_or_make(options);
	struct mtr_store *store;

	if (!error)
		error = check_file(options);
	if (error)
		return error;
	store = calloc(1, sizeof *store);
	if (!store)
		return MTR_STORE_MEMORY;
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->idle, NULL);
	store->arena = mtr_arena_new(APPLY_ARENA);
	store->cache = mtr_cache_new();
	if (!store->arena || !store->cache)
		error = MTR_STORE_MEMORY;
	if (!error)
		error = open_env(store, options);
	if (!error)
		error = check_names(store, options);
	if (!error)
		error = open_tables(store);
	if (error) {
		mtr_store_close(&store);
		return error;
	}
	mtr_store_check_readers(store);
	*ret_store = store;
	return MTR_STORE_OK;
}

void mtr_store_close(struct mtr_store **store)
{
	if (!store || !*store)
		return;
	if ((*store)->env)
		mdb_env_close((*store)->env);
	mtr_arena_free(&(*store)->arena);
	mtr_cache_free(&(*store)->cache);
	pthread_cond_destroy(&(*store)->idle);
	pthread_mutex_destroy(&(*store)->lock);
	free(*store);
	*store = NULL;
}

bool mtr_store_is_unsynced(const struct mtr_store *store)
{
	unsigned flags = 0;

	return mdb_env_get_flags(store->env, &flags) == 0 && flags & MDB_NOSYNC;
}

enum mtr_store_error mtr_store_sync(struct mtr_store *store)
{
	const char *path = NULL;
	int rc = mdb_env_sync(store->env, 1);

	if (!rc)
		rc = mdb_env_get_path(store->env, &path);
	if (rc)
		return mtr_store_error_from(rc);
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return MTR_STORE_IO;
	rc = fsync(fd);
	close(fd);
	return rc < 0 ? MTR_STORE_IO : MTR_STORE_OK;
}

void mtr_store_check_readers(struct mtr_store *store)
{
	int dead;

	mdb_reader_check(store->env, &dead);
}

void mtr_store_size(struct mtr_store *store, uint64_t *ret_map_bytes, uint64_t *ret_used_bytes)
{
	MDB_envinfo info;

	pthread_mutex_lock(&store->lock); /* not while the map is away to grow */
	mdb_env_info(store->env, &info);
	pthread_mutex_unlock(&store->lock);
	*ret_map_bytes = info.me_mapsize;
	*ret_used_bytes = ((uint64_t)info.me_last_pgno + 1) * store->page_bytes;
}
