/* Files beside the database and the journal: who may read them, and their form. */
#include "check/state.h"

#include "contract/key_file.h"
#include "contract/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALED_BYTES_MAX 256u

static void wrong(struct mtr_check *check, const char *file, const char *what, const char *remedy)
{
	const struct mtr_finding finding = {.file = file, .what = what, .remedy = remedy};

	mtr_check_found(check, &finding);
}

/* What a key file must be, whatever keys it holds; `again` says where a damaged one comes from again. */
static void tell_key(struct mtr_check *check, const char *file, enum mtr_key_file_status status, const char *again,
		     bool needed)
{
	switch (status) {
	case MTR_KEY_FILE_OK:
	case MTR_KEY_FILE_EXISTS:
		break;
	case MTR_KEY_FILE_MISSING:
		if (needed)
			wrong(check, file, "is missing", again);
		break;
	case MTR_KEY_FILE_EXPOSED:
		wrong(check, file, "is open to others",
		      "take the rights of others away (mode 0600), and make a new key pair if somebody may have read "
		      "it");
		break;
	case MTR_KEY_FILE_DAMAGED:
		wrong(check, file, "is no key file, or its keys or its sum don't belong together", again);
		break;
	case MTR_KEY_FILE_UNREADABLE:
		wrong(check, file, "can't be read", "give it to the daemon's user");
		break;
	}
}

static enum mtr_check_status check_keys(struct mtr_check *check)
{
	static const char pair_again[] = "restore it from the backup of the keys";
	static const char public_again[] = "move it away, and set the key that desks know again (\"matriculad "
					   "recovery-key\"), or restore it from the backup of the keys";
	uint8_t public_key[MTR_KEY_BYTES];
	char path[MTR_CHECK_PATH];
	struct mtr_key_pair pair;

	if (!mtr_check_path(check, "server.key", path))
		return MTR_CHECK_MISSING;
	tell_key(check, "server.key", mtr_key_file_read(path, &pair), pair_again, true);
	if (!mtr_check_path(check, "audit.key", path))
		return MTR_CHECK_MISSING;
	tell_key(check, "audit.key", mtr_signing_file_read(path, &pair), pair_again, true);
	mtr_key_pair_wipe(&pair);
	if (!mtr_check_path(check, "recovery.pub", path))
		return MTR_CHECK_MISSING;
	tell_key(check, "recovery.pub", mtr_public_file_read(path, public_key), public_again, false);
	return MTR_CHECK_DONE;
}

/* Small files that end with a sum of what they say. */
static void check_sealed(struct mtr_check *check, const char *name, const char *remedy)
{
	char path[MTR_CHECK_PATH], text[SEALED_BYTES_MAX];
	int fd = mtr_check_path(check, name, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;

	if (fd < 0) {
		if (errno != ENOENT)
			wrong(check, name, "can't be read", "give it to the daemon's user");
		return;
	}
	const ssize_t got = read(fd, text, sizeof text);
	size_t size = got < 0 ? 0 : (size_t)got;

	close(fd);
	if (!mtr_lines_unseal(text, &size))
		wrong(check, name, "is damaged", remedy);
}

/* Personal data lie in both. */
static void check_mode(struct mtr_check *check, const char *name)
{
	char path[MTR_CHECK_PATH];
	struct stat about;

	if (mtr_check_path(check, name, path) && stat(path, &about) == 0 && about.st_mode & 077)
		wrong(check, name, "is open to others", "take the rights of others away (mode 0700)");
}

int mtr_check_hold(const struct mtr_check *check)
{
	char path[MTR_CHECK_PATH];
	int fd = mtr_check_path(check, "lock", path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;

	if (fd < 0) /* nobody has ever served it: the directory itself does as well */
		fd = open(check->options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

enum mtr_check_status mtr_check_files(struct mtr_check *check)
{
	struct stat about;
	int hold;

	if (stat(check->options->directory, &about) != 0)
		return errno == EACCES ? MTR_CHECK_IO : MTR_CHECK_MISSING;
	if (!S_ISDIR(about.st_mode))
		return MTR_CHECK_MISSING;
	hold = mtr_check_hold(check);
	check->result->served = hold < 0;
	if (hold >= 0)
		close(hold);
	check_mode(check, ".");
	check_mode(check, "register");
	check_mode(check, "journal");
	check_sealed(check, "backup.state", "remove it, and make a backup: it is written again");
	check_sealed(check, "redactions", "remove it: the next start looks through the journal again");
	return check_keys(check);
}
