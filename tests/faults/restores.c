/* A restore from a backup, and its signed statement taken up. */
#include "actions.h"
#include "backup/restoring.h"
#include "backup_actions.h"
#include "backups.h"
#include "check/check.h"
#include "contract/incarnation.h"
#include "contract/incarnation_file.h"
#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_BYTES (64u * 1024u)
#define REASON "thử phục hồi"

static const struct mtr_log quiet = {MTR_LOG_ERROR, false};

static void path_in(char ret_path[PATH_MAX], const char *root, const char *name)
{
	(void)snprintf(ret_path, PATH_MAX, "%s/%s", root, name);
}

static bool is_there(const char *root, const char *name)
{
	char path[PATH_MAX];

	path_in(path, root, name);
	return access(path, F_OK) == 0;
}

static bool write_keeper(struct material *material)
{
	path_in(material->key, material->scratch, "keeper.key");
	return mtr_key_file_write(material->key, backups_keeper(), "Opens the backups.") == MTR_KEY_FILE_OK ||
	       material_wrong(material, "no key file can be written");
}

/* A backup is all there is. */
static bool prepare_backup(struct material *material, const char *root)
{
	char path[PATH_MAX];
	uint64_t revision;

	path_in(path, root, BACKUPS_NAME);
	if (mkdir(path, 0700) < 0)
		abort();
	if (!write_keeper(material) || !material_live(material, root, true) ||
	    backups_make(root, &revision, material->reason, sizeof material->reason))
		return false;
	path_in(path, root, "data");
	scratch_remove(path);
	return true;
}

static enum mtr_exit_status restore(const struct material *material, const char *root)
{
	struct town town;
	char from[PATH_MAX];

	town_settle(&town, root);
	path_in(from, root, BACKUPS_NAME);
	const struct mtr_options options = {.action = "restore",
					    .values = {[MTR_OPTION_FROM] = from,
						       [MTR_OPTION_KEY] = material->key,
						       [MTR_OPTION_INTO] = town.config.data_directory,
						       [MTR_OPTION_REASON] = REASON}};

	return mtr_run_restore(&town.config, &options, &quiet);
}

static bool is_empty(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	bool empty = true;

	while (directory && (entry = readdir(directory)))
		empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	if (directory)
		closedir(directory);
	return empty;
}

/* Whole, or marked as not, or nothing. */
static bool inspect_restored(struct material *material, const char *root, bool done)
{
	struct town town;

	town_settle(&town, root);
	/* Before it is opened, which makes a lock. */
	const bool empty = is_empty(town.config.data_directory);
	const enum mtr_exit_status status = town_open(&town);

	town_close(&town);
	if (status && done)
		return material_wrong(material, "what was told to be restored doesn't open");
	if (status)
		return empty || is_there(root, "data/" MTR_RESTORING_NAME) ||
		       material_wrong(material, "half a restore isn't marked as such");
	if (!is_there(root, "data/" MTR_RESTORED_NAME) || !is_there(root, "data/incarnation.request"))
		return material_wrong(material, "a restore opens that nobody has to answer for");
	return inspect(root, &material->promise, material->reason, sizeof material->reason);
}

/* What `matricula recovery sign` does. */
static bool sign(struct material *material, struct mtr_arena *arena, const char *request,
		 const struct mtr_key_pair *signer)
{
	uint8_t signature[MTR_SIGNATURE_BYTES], key[MTR_KEY_BYTES];
	char text[MTR_INCARNATION_FILE_MAX];
	FILE *file = fopen(request, "re");
	const size_t size = file ? fread(text, 1, sizeof text, file) : 0;
	Mtr__Incarnation *statement = mtr_incarnation_parse(arena, text, size);

	if (file)
		(void)fclose(file);
	if (!statement)
		return false;
	memcpy(key, signer->public_key, sizeof key);
	mtr_incarnation_sign(statement, signer, signature);
	statement->public_key = (ProtobufCBinaryData){sizeof key, key};
	statement->signature = (ProtobufCBinaryData){sizeof signature, signature};
	material->incarnation = statement->incarnation;
	path_in(material->statement, material->scratch, "incarnation.signed");
	file = fopen(material->statement, "we");
	return file && fwrite(text, 1, mtr_incarnation_print(statement, text), file) && fclose(file) == 0;
}

/* A restored register that waits for its statement. */
static bool prepare_restored(struct material *material, const char *root)
{
	struct mtr_arena *arena = mtr_arena_new(ARENA_BYTES);
	struct mtr_directory directory;
	struct mtr_key_pair signer;
	char path[PATH_MAX];

	if (!arena || !mtr_signing_pair_make(&signer))
		abort();
	path_in(path, root, "data");
	mtr_directory_name(&directory, path);
	const bool good = prepare_backup(material, root) && !restore(material, root) &&
			  !mtr_directory_write_recovery_key(&directory, signer.public_key, &quiet) &&
			  sign(material, arena, directory.request, &signer);

	mtr_arena_free(&arena);
	path_in(path, root, BACKUPS_NAME);
	scratch_remove(path);
	return good || material_wrong(material, "no restore waits for its statement");
}

static enum mtr_exit_status adopt(const struct material *material, const char *root)
{
	const struct mtr_options options = {.action = "adopt", .operand = material->statement};
	struct town town;

	town_settle(&town, root);
	return mtr_run_adopt(&town.config, &options, &quiet);
}

static void take_finding(void *context, const struct mtr_finding *finding)
{
	struct material *material = context;

	(void)snprintf(material->reason, sizeof material->reason, "%s: %s", finding->file, finding->what);
}

/* As `matriculad verify --replay` does. */
static bool verify(struct material *material, const char *root)
{
	char directory[PATH_MAX];
	const struct mtr_check_options options = {
		.directory = directory, .scratch = root, .found = take_finding, .context = material};
	struct mtr_check_result result = {0};

	path_in(directory, root, "data");
	(void)snprintf(material->reason, sizeof material->reason, "the register can't be verified");
	return mtr_check(&options, &result) == MTR_CHECK_DONE && !result.findings;
}

static bool compare_adopted(struct material *material, const struct town *town, const char *root, bool done)
{
	const uint64_t restored = material->history.revisions;
	const uint64_t revision = town->data.engine->operations->head(town->data.engine).revision;
	const bool waits = is_there(root, "data/" MTR_RESTORED_NAME);

	if (done && (waits || revision == restored))
		return material_wrong(material, "the statement was told to be taken up, and isn't");
	if (revision == restored)
		return waits ? inspect_state(town, &material->promise, restored, material->reason,
					     sizeof material->reason)
			     : material_wrong(material, "the register doesn't wait for its statement any more");
	return (revision == restored + 1 && town->data.incarnation == material->incarnation) ||
	       material_wrong(material, "something else than the statement is on record");
}

static bool inspect_adopted(struct material *material, const char *root, bool done)
{
	struct town town;

	town_settle(&town, root);
	const bool good = town_open(&town) ? material_wrong(material, "it doesn't open")
					   : compare_adopted(material, &town, root, done);

	town_close(&town);
	return good && verify(material, root);
}

const struct action restore_action = {"restore", true, prepare_backup, restore, inspect_restored},
		    adopt_action = {"adopt", true, prepare_restored, adopt, inspect_adopted};
