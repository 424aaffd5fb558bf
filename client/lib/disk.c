#include "disk.h"

#include "matricula/matricula.h"
#include "process.h"
#include "store/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAP_BYTES (64u * 1024u * 1024u) /* at first; doubled when an outbox needs more */
#define RESERVE_BYTES (1024u * 1024u)   /* of disk at a time, so that few writes have to ask for more */
#define TREES_BYTES (256u * 1024u)      /* pages of all trees that a transaction may rewrite besides its puts */
#define PUT_BYTES 256u                  /* node header and share of a page split */
#define ATTEMPTS 8

struct mtr_disk {
	char *path;
	int directory;
	bool claimed;
	dev_t device;
	ino_t inode;
	MDB_env *env; /* NULL once an error of unclear outcome closed it */
	MDB_dbi tables[MTR_DISK_TABLES];
	uint64_t reserved; /* bytes of the file that have blocks */
};

int mtr_disk_error(int code)
{
	switch (code) {
	case 0:
		return MTR_CLIENT_OK;
	case ENOMEM:
		return MTR_CLIENT_MEMORY;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return MTR_CLIENT_STATE_FULL;
	default:
		return MTR_CLIENT_STATE;
	}
}

int mtr_disk_directory(const struct mtr_disk *disk)
{
	return disk->directory;
}

MDB_dbi mtr_disk_table(const struct mtr_disk *disk, enum mtr_disk_table table)
{
	return disk->tables[table];
}

static uint64_t page_bytes(MDB_env *env)
{
	MDB_stat stat;

	mdb_env_stat(env, &stat);
	return stat.ms_psize;
}

static uint64_t used_bytes(MDB_env *env)
{
	MDB_envinfo info;

	mdb_env_info(env, &info);
	return ((uint64_t)info.me_last_pgno + 1) * page_bytes(env);
}

static int allocate(int file, int mode, uint64_t size)
{
	if (size > INT64_MAX)
		return EFBIG;
	while (fallocate(file, mode, 0, (off_t)size) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

static bool unsupported(int code)
{
	return code == EOPNOTSUPP || code == ENOSYS;
}

/* Gives the file blocks up to `size`, more if they are to be had. A file system that can't is left to fail later. */
static int reserve(struct mtr_disk *disk, uint64_t size)
{
	struct rlimit most;
	int file, code;

	if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY && size > most.rlim_cur)
		return EFBIG;
	if (size <= disk->reserved)
		return 0;
	code = mdb_env_get_fd(disk->env, &file);
	if (code)
		return code;
	if (allocate(file, FALLOC_FL_KEEP_SIZE, size + RESERVE_BYTES) == 0) {
		disk->reserved = size + RESERVE_BYTES;
		return 0;
	}
	code = allocate(file, FALLOC_FL_KEEP_SIZE, size);
	if (code && !unsupported(code))
		return code;
	disk->reserved = size;
	return 0;
}

/* No transaction may be open. */
static int enlarge_map(MDB_env *env, uint64_t least)
{
	MDB_envinfo info;
	uint64_t size;

	mdb_env_info(env, &info);
	size = info.me_mapsize;
	while (size < least && size <= SIZE_MAX / 2)
		size *= 2;
	return size > info.me_mapsize ? mdb_env_set_mapsize(env, (size_t)size) : 0;
}

static int begin(struct mtr_disk *disk, unsigned flags, MDB_txn **ret_txn)
{
	int code = mdb_txn_begin(disk->env, NULL, flags, ret_txn);

	if (code == MDB_MAP_RESIZED) {
		code = mdb_env_set_mapsize(disk->env, 0);
		if (!code)
			code = mdb_txn_begin(disk->env, NULL, flags, ret_txn);
	}
	return code;
}

int mtr_disk_read(struct mtr_disk *disk, MDB_txn **ret_txn)
{
	MDB_txn *txn = NULL;

	if (!disk->env)
		return MTR_CLIENT_STATE;
	int code = begin(disk, MDB_RDONLY, &txn);

	if (code)
		return mtr_disk_error(code);
	*ret_txn = txn;
	return 0;
}

static int open_tables(MDB_txn *txn, unsigned flags, MDB_dbi *tables)
{
	static const char *const names[MTR_DISK_TABLES] = {
		[MTR_DISK_META] = "meta",         [MTR_DISK_ENTRIES] = "entries",   [MTR_DISK_ANSWERS] = "answers",
		[MTR_DISK_ATTEMPTS] = "attempts", [MTR_DISK_REFUSALS] = "refusals", [MTR_DISK_RECEIPTS] = "receipts",
		[MTR_DISK_FORMER] = "former",
	};
	int code = 0;

	for (int i = 0; !code && i < MTR_DISK_TABLES; i++)
		code = mdb_dbi_open(txn, names[i], flags, &tables[i]);
	return code;
}

static int create_tables(MDB_txn *txn, void *tables)
{
	return open_tables(txn, MDB_CREATE, tables);
}

/* Handles of tables that are there: needs no room, so that a full disk still lets an outbox be read and sent. */
static int find_tables(struct mtr_disk *disk)
{
	MDB_txn *txn;
	int code = begin(disk, MDB_RDONLY, &txn);

	if (code)
		return code;
	code = open_tables(txn, 0, disk->tables);
	if (code) {
		mdb_txn_abort(txn);
		return code;
	}
	return mdb_txn_commit(txn);
}

/* Pages freed at the end of a transaction may never have been written; a file that ends before the last page
 * would be a SIGBUS for whoever reads there. */
static int extend_file(MDB_env *env)
{
	struct stat status;
	uint64_t used = used_bytes(env);
	int file, code = mdb_env_get_fd(env, &file);

	if (code)
		return code;
	if (fstat(file, &status) < 0)
		return errno;
	if ((uint64_t)status.st_size >= used)
		return 0;
	code = allocate(file, 0, used);
	return unsupported(code) ? EIO : code;
}

static int open_environment(const char *path, MDB_env **ret_env)
{
	MDB_env *env;
	unsigned readers;
	int code = mdb_env_create(&env), dead;

	if (code)
		return code;
	code = mdb_env_set_maxdbs(env, MTR_DISK_TABLES);
	if (!code)
		code = mdb_env_set_mapsize(env, MAP_BYTES);
	if (!code)
		code = mdb_env_get_maxreaders(env, &readers);
	if (!code)
		code = mtr_lock_file_reserve(path, readers);
	if (!code)
		code = mdb_env_open(env, path, MDB_NOTLS, 0600);
	if (!code)
		code = extend_file(env);
	if (!code)
		code = mdb_reader_check(env, &dead);
	if (!code)
		code = enlarge_map(env, 2 * used_bytes(env));
	if (code) {
		mdb_env_close(env);
		return code;
	}
	*ret_env = env;
	return 0;
}

/* A failed commit is over only when a fresh look at the file says that it isn't there. */
static int after_failed_commit(struct mtr_disk *disk, int code, size_t transaction)
{
	MDB_envinfo info;

	mdb_env_close(disk->env);
	disk->env = NULL;
	if (mtr_disk_error(code) != MTR_CLIENT_STATE_FULL || open_environment(disk->path, &disk->env))
		return MTR_CLIENT_STATE;
	mdb_env_info(disk->env, &info);
	if (info.me_last_txnid < transaction && find_tables(disk) == 0)
		return MTR_CLIENT_STATE_FULL;
	mdb_env_close(disk->env);
	disk->env = NULL;
	return MTR_CLIENT_STATE;
}

int mtr_disk_write(struct mtr_disk *disk, size_t need, size_t puts, mtr_disk_body body, void *context)
{
	uint64_t room = 0;
	MDB_txn *txn;
	int code = MDB_MAP_FULL;

	if (!disk->env)
		return MTR_CLIENT_STATE;
	/* A value that doesn't fit a page has pages of its own: at most one is partly empty. */
	room = 2 * (uint64_t)need + puts * PUT_BYTES + need / 1024 * page_bytes(disk->env) + TREES_BYTES;
	for (int i = 0; code == MDB_MAP_FULL && i < ATTEMPTS; i++, room *= 2) {
		uint64_t used = used_bytes(disk->env);

		code = reserve(disk, used + room);
		if (!code)
			code = enlarge_map(disk->env, used + room);
		if (!code)
			code = begin(disk, 0, &txn);
		if (code)
			return mtr_disk_error(code);
		code = body(txn, context);
		if (code) {
			mdb_txn_abort(txn);
			continue;
		}
		size_t transaction = mdb_txn_id(txn);

		code = mdb_txn_commit(txn);
		if (code && code != MDB_MAP_FULL)
			return after_failed_commit(disk, code, transaction);
	}
	return mtr_disk_error(code);
}

static int open_directory(struct mtr_disk *disk)
{
	struct stat status;
	bool made = mkdir(disk->path, 0700) == 0;

	if (!made && errno != EEXIST)
		return mtr_disk_error(errno);
	disk->directory = open(disk->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (disk->directory < 0 || fstat(disk->directory, &status) < 0 || (status.st_mode & 022) != 0)
		return MTR_CLIENT_STATE;

	int error = mtr_process_claim(status.st_dev, status.st_ino);

	if (error)
		return error;
	disk->claimed = true;
	disk->device = status.st_dev;
	disk->inode = status.st_ino;
	if (made) {
		int parent = openat(disk->directory, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (parent < 0)
			return MTR_CLIENT_STATE;
		int failed = fsync(parent);

		close(parent);
		if (failed)
			return MTR_CLIENT_STATE;
	}
	return 0;
}

static int open_disk(struct mtr_disk *disk)
{
	int code, error = open_directory(disk);

	if (error)
		return error;
	code = open_environment(disk->path, &disk->env);
	if (!code)
		code = find_tables(disk);
	if (code != MDB_NOTFOUND)
		return mtr_disk_error(code);
	error = mtr_disk_write(disk, 0, MTR_DISK_TABLES, create_tables, disk->tables);
	if (!error && fsync(disk->directory) < 0)
		error = MTR_CLIENT_STATE;
	return error;
}

int mtr_disk_open(struct mtr_disk **ret_disk, const char *directory)
{
	struct mtr_disk *disk = malloc(sizeof *disk);
	int error;

	if (!disk)
		return MTR_CLIENT_MEMORY;
	*disk = (struct mtr_disk){.directory = -1, .path = strdup(directory)};
	error = disk->path ? open_disk(disk) : MTR_CLIENT_MEMORY;
	if (error) {
		mtr_disk_close(&disk);
		return error;
	}
	*ret_disk = disk;
	return 0;
}

void mtr_disk_close(struct mtr_disk **disk)
{
	if (!disk || !*disk)
		return;
	if ((*disk)->env)
		mdb_env_close((*disk)->env);
	if ((*disk)->directory >= 0)
		close((*disk)->directory);
	if ((*disk)->claimed)
		mtr_process_unclaim((*disk)->device, (*disk)->inode);
	free((*disk)->path);
	free(*disk);
	*disk = NULL;
}
