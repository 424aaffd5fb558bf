/* What a restore leaves until its statement is adopted: the mark, and the statement to sign. */
#include "check/state.h"

#include "backup/restoring.h"
#include "contract/incarnation_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define REQUEST "incarnation.request"
#define ARENA_BYTES (64u * 1024u)

static void wrong(struct mtr_check *check, const char *file, const char *what, const char *remedy)
{
	const struct mtr_finding finding = {.file = file, .what = what, .remedy = remedy};

	mtr_check_found(check, &finding);
}

static void check_mark(struct mtr_check *check)
{
	const int error = mtr_restored_check_mark(check->options->directory);

	if (error == -EBADMSG)
		wrong(check, MTR_RESTORED_NAME, "doesn't say what a restore writes there",
		      "leave it where it is, look at the disk, and adopt the restore (\"matriculad adopt\"), which "
		      "removes it");
	else if (error)
		wrong(check, MTR_RESTORED_NAME, "can't be read", "give it to the daemon's user, who restored it");
}

/* The register ends where the statement says that it was set back to, or with the record of the statement itself. */
static bool is_of_register(const struct mtr_check *check, const Mtr__Incarnation *statement)
{
	const struct mtr_store_state *state = &check->state;

	if (!check->result->readable || state->revision == statement->fork_revision + 1)
		return true;
	return state->revision == statement->fork_revision &&
	       memcmp(state->chain, statement->fork_chain.data, MTR_HASH_BYTES) == 0;
}

static void check_statement(struct mtr_check *check, const char *text, size_t size, struct mtr_arena *arena)
{
	const Mtr__Incarnation *statement = mtr_incarnation_parse(arena, text, size);

	if (!statement)
		wrong(check, REQUEST, "isn't the statement of a restore",
		      "restore the backup into another directory, and sign and adopt the statement there");
	else if (!is_of_register(check, statement))
		wrong(check, REQUEST, "isn't about this register: it names another revision, or another chain",
		      "restore the backup into another directory, and sign and adopt the statement there");
}

static enum mtr_check_status check_request(struct mtr_check *check)
{
	char path[MTR_CHECK_PATH], text[MTR_INCARNATION_FILE_MAX];
	int file =
		mtr_check_path(check, REQUEST, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;

	if (file < 0 && errno == ENOENT)
		return MTR_CHECK_DONE;
	const ssize_t size = file < 0 ? -1 : read(file, text, sizeof text);

	if (file >= 0)
		close(file);
	if (size < 0) {
		wrong(check, REQUEST, "can't be read", "give it to the daemon's user, who restored it");
		return MTR_CHECK_DONE;
	}
	struct mtr_arena *arena = mtr_arena_new(ARENA_BYTES);

	if (!arena)
		return MTR_CHECK_MEMORY;
	check_statement(check, text, (size_t)size, arena);
	mtr_arena_free(&arena);
	return MTR_CHECK_DONE;
}

enum mtr_check_status mtr_check_restored(struct mtr_check *check)
{
	char path[MTR_CHECK_PATH];

	check_mark(check);
	/* Once the mark is gone the statement has been taken up, and says nothing more about what lies there. */
	if (!mtr_check_path(check, MTR_RESTORED_NAME, path) || access(path, F_OK) != 0)
		return MTR_CHECK_DONE;
	return check_request(check);
}
