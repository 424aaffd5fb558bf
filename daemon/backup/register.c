#include "backup/register.h"

#include "store/copy.h"
#include "store/incarnation.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#define PIPE_BYTES (1u << 20)

struct copying {
	struct mtr_store *store;
	int pipe[2];
	enum mtr_store_error error;
};

static void *copy(void *context)
{
	struct copying *copying = context;

	pthread_setname_np(pthread_self(), "mtr-backup");
	copying->error = mtr_store_copy(copying->store, copying->pipe[1]);
	close(copying->pipe[1]);
	return NULL;
}

/* Begun ones count. */
static uint64_t in_mib(uint64_t bytes)
{
	return (bytes + (1u << 20) - 1) >> 20;
}

/* All that comes through the pipe, up to its end. */
static enum mtr_exit_status drain(int from, struct mtr_sealer *sealer, uint64_t total,
				  const struct mtr_backup_progress *progress, struct mtr_problem *problem)
{
	uint8_t bytes[64 * 1024];
	enum mtr_exit_status status = MTR_EXIT_OK;
	uint64_t done = 0;

	while (!status) {
		ssize_t got = read(from, bytes, sizeof bytes);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return mtr_problem(problem, MTR_EXIT_SYSTEM, "the register's copy can't be passed on");
		if (got == 0)
			break;
		status = mtr_sealer_put(sealer, bytes, (size_t)got, problem);
		done += (uint64_t)got;
		if (progress->tell)
			progress->tell(progress->context, "register, MiB", in_mib(done), in_mib(total));
	}
	return status;
}

/* The copy is made by a thread of its own that writes into a pipe; closing the pipe ends it. */
static enum mtr_exit_status copy_through(struct mtr_store *store, struct mtr_sealer *sealer,
					 const struct mtr_backup_progress *progress, struct mtr_problem *problem)
{
	struct copying copying = {.store = store};
	uint64_t map_bytes, used_bytes;
	pthread_t thread;

	mtr_store_size(store, &map_bytes, &used_bytes);
	if (pipe2(copying.pipe, O_CLOEXEC) < 0)
		return mtr_problem(problem, MTR_EXIT_SYSTEM, "the system gives no pipe");
	(void)fcntl(copying.pipe[0], F_SETPIPE_SZ, PIPE_BYTES);
	if (pthread_create(&thread, NULL, copy, &copying) != 0) {
		close(copying.pipe[0]);
		close(copying.pipe[1]);
		return mtr_problem(problem, MTR_EXIT_SYSTEM, "the system gives no thread");
	}
	enum mtr_exit_status status = drain(copying.pipe[0], sealer, used_bytes, progress, problem);

	close(copying.pipe[0]);
	pthread_join(thread, NULL);
	if (!status && copying.error)
		status = mtr_problem(problem, MTR_EXIT_DAMAGED,
				     "the register can't be copied (%s); run \"matriculad verify\"",
				     mtr_store_error_name(copying.error));
	return status;
}

static enum mtr_exit_status explain(enum mtr_store_error error, const char *source, struct mtr_problem *problem)
{
	if (error == MTR_STORE_NEWER)
		return mtr_problem(problem, MTR_EXIT_NEWER,
				   "%s was written by a newer version of matriculad; install that version", source);
	if (error == MTR_STORE_OLDER)
		return mtr_problem(
			problem, MTR_EXIT_DAMAGED,
			"the database in %s was written by an older version of matriculad; build it anew with "
			"\"matriculad rebuild\", then back up",
			source);
	if (error == MTR_STORE_MISSING)
		return mtr_problem(problem, MTR_EXIT_MISSING,
				   "there is no register in %s; set [storage] data_directory", source);
	return mtr_problem(problem, MTR_EXIT_DAMAGED,
			   "the register in %s can't be read (%s); run \"matriculad verify\"", source,
			   mtr_store_error_name(error));
}

static enum mtr_exit_status open_store(const char *source, uint64_t map_bytes, struct mtr_store **ret_store,
				       struct mtr_problem *problem)
{
	const struct mtr_store_options options = {.directory = source, .map_bytes = map_bytes, .read_only = true};
	enum mtr_store_error error = mtr_store_open(ret_store, &options);

	return error ? explain(error, source, problem) : MTR_EXIT_OK;
}

enum mtr_exit_status mtr_backup_incarnation(const char *source, uint64_t map_bytes, uint64_t journal,
					    uint64_t *ret_incarnation, struct mtr_problem *problem)
{
	struct mtr_store *store = NULL;
	enum mtr_exit_status status = open_store(source, map_bytes, &store, problem);
	struct mtr_txn txn;

	if (status)
		return status;
	mtr_txn_begin_read(&txn, store);
	*ret_incarnation = mtr_register_incarnation(&txn, journal);
	if (txn.error)
		status = explain(txn.error, source, problem);
	mtr_txn_abort(&txn);
	mtr_store_close(&store);
	return status;
}

/* What a copy made after this has at least. */
static enum mtr_exit_status read_revision(struct mtr_store *store, const char *source, uint64_t *ret_revision,
					  struct mtr_problem *problem)
{
	struct mtr_store_state state;
	const enum mtr_store_error error = mtr_store_state_read(store, &state);

	*ret_revision = state.revision;
	return error ? explain(error, source, problem) : MTR_EXIT_OK;
}

enum mtr_exit_status mtr_backup_register(int fd, const char *path, const char *source, uint64_t map_bytes,
					 const struct mtr_backup_list *list, struct mtr_backup_file *file,
					 const struct mtr_backup_progress *progress, struct mtr_problem *problem)
{
	struct mtr_sealer *sealer = NULL;
	struct mtr_store *store = NULL;
	enum mtr_exit_status status = open_store(source, map_bytes, &store, problem);

	if (!status)
		status = read_revision(store, source, &file->first, problem);
	file->kind = MTR_SEALED_REGISTER;
	file->last = file->first;
	const struct mtr_sealed_head head = mtr_list_head(list, file);

	if (!status)
		status = mtr_sealer_begin(&sealer, fd, path, file->file.name, &head, problem);
	if (!status)
		status = copy_through(store, sealer, progress, problem);
	if (!status)
		status = mtr_sealer_finish(&sealer, &file->file, problem);
	mtr_sealer_abandon(&sealer);
	mtr_store_close(&store);
	return status;
}
