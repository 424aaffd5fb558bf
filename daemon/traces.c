#include "traces.h"

#include "engine/inspect.h"
#include "engine/segment.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Address space beyond the database's file. */
#define ROOM_BYTES (UINT64_C(1) << 20)

static int count_segments(const char *journal, size_t *ret_count)
{
	const int directory = open(journal, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t *firsts = NULL;

	if (directory < 0)
		return -errno;
	const int error = mtr_segment_list(directory, &firsts, ret_count);

	free(firsts);
	close(directory);
	return error;
}

static bool has_journal(const char *journal)
{
	size_t count = 0;
	const int error = count_segments(journal, &count);

	return count > 0 || (error && error != -ENOENT);
}

static bool has_records(const char *directory)
{
	struct mtr_store_options options = {.directory = directory, .read_only = true};
	struct mtr_store_state state;
	char file[MTR_PATH_BYTES + 16];
	struct mtr_store *store;
	struct stat about;

	snprintf(file, sizeof file, "%s/data.mdb", directory);
	if (stat(file, &about) != 0)
		return errno != ENOENT;
	if (!about.st_size) /* its making was cut off */
		return false;
	options.map_bytes = 2 * (uint64_t)about.st_size + ROOM_BYTES;
	if (mtr_store_open(&store, &options) != MTR_STORE_OK)
		return true;
	const bool records = mtr_store_state_read(store, &state) || state.revision > 0;

	mtr_store_close(&store);
	return records;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The key for restores may be set before there is a register; with a server's key it tells of one that was. */
static const char *find_other(const struct mtr_directory *directory, bool key)
{
	if (is_there(directory->audit_key))
		return directory->audit_key;
	if (is_there(directory->backup_state))
		return directory->backup_state;
	if (is_there(directory->redactions))
		return directory->redactions;
	return key && is_there(directory->recovery_key) ? directory->recovery_key : NULL;
}

void mtr_traces_read(const struct mtr_directory *directory, struct mtr_traces *ret_traces)
{
	struct mtr_traces traces = {.key = is_there(directory->key), .journal = has_journal(directory->journal)};

	traces.database = !traces.journal && has_records(directory->store);
	traces.other = find_other(directory, traces.key);
	*ret_traces = traces;
}

bool mtr_traces_journal_grown(const struct mtr_directory *directory)
{
	const struct mtr_inspection_options options = {
		.directory = directory->journal, .quiet = true, .last_only = true};
	struct mtr_inspection last = {0};
	size_t count = 0;

	if (count_segments(directory->journal, &count) || count != 1)
		return count > 1;
	return mtr_inspect(&options, &last) == 0 && (last.damaged || last.head.revision > 1);
}

const char *mtr_traces_found(const struct mtr_traces *traces)
{
	if (traces->journal)
		return "journal/";
	return traces->database ? "register/data.mdb" : traces->other;
}
