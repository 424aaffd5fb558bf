#include "backup/settings.h"

#include "contract/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[MTR_SETTINGS] = {"server.key", "audit.key", "recovery.pub", "matriculad.conf"};
/* The first has to be there, the last is the configuration. */
enum { REQUIRED = 0, CONFIG = MTR_SETTINGS - 1 };
/* Of all of them together, with their lines. */
#define PACKED_MAX (MTR_SETTINGS * (MTR_SETTING_MAX + 64u))

static struct mtr_settings none(void)
{
	struct mtr_settings settings;

	for (size_t i = 0; i < MTR_SETTINGS; i++)
		settings.rows[i] = (struct mtr_setting){names[i], NULL, 0};
	return settings;
}

void mtr_settings_free(struct mtr_settings *settings)
{
	for (size_t i = 0; i < MTR_SETTINGS; i++) {
		struct mtr_setting *row = &settings->rows[i];

		if (row->bytes)
			sodium_memzero(row->bytes, row->size);
		free(row->bytes);
		row->bytes = NULL;
		row->size = 0;
	}
}

/* 0, or an errno value; EFBIG for one that is too large. */
static int load(const char *path, struct mtr_setting *row)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = 0;
	size_t size = 0;

	if (file < 0)
		return errno;
	row->bytes = malloc(MTR_SETTING_MAX + 1);
	if (!row->bytes)
		error = ENOMEM;
	while (!error && size <= MTR_SETTING_MAX) {
		ssize_t got = read(file, row->bytes + size, MTR_SETTING_MAX + 1 - size);

		if (got < 0 && errno != EINTR)
			error = errno;
		if (got == 0)
			break;
		size += got > 0 ? (size_t)got : 0;
	}
	close(file);
	row->size = size;
	return error || size <= MTR_SETTING_MAX ? error : EFBIG;
}

enum mtr_exit_status mtr_settings_gather(struct mtr_settings *ret_settings, const char *data, const char *config,
					 struct mtr_problem *problem)
{
	struct mtr_settings settings = none();

	for (size_t i = 0; i < MTR_SETTINGS; i++) {
		char path[4352];

		snprintf(path, sizeof path, "%s/%s", i == CONFIG && config ? "" : data, names[i]);
		if (i == CONFIG && !config)
			continue;
		int error = load(i == CONFIG ? config : path, &settings.rows[i]);

		if (error && (error != ENOENT || i == REQUIRED)) {
			mtr_settings_free(&settings);
			return mtr_problem_reading(problem, error, i == CONFIG ? config : path);
		}
	}
	*ret_settings = settings;
	return MTR_EXIT_OK;
}

static enum mtr_exit_status put_all(const struct mtr_settings *settings, struct mtr_sealer *sealer,
				    struct mtr_problem *problem)
{
	enum mtr_exit_status status = MTR_EXIT_OK;
	char line[64];

	for (size_t i = 0; i < MTR_SETTINGS && !status; i++) {
		const struct mtr_setting *row = &settings->rows[i];

		if (!row->bytes)
			continue;
		int size = snprintf(line, sizeof line, "file %s %zu\n", row->name, row->size);

		status = mtr_sealer_put(sealer, line, (size_t)size, problem);
		if (!status)
			status = mtr_sealer_put(sealer, row->bytes, row->size, problem);
	}
	return status;
}

enum mtr_exit_status mtr_settings_seal(const struct mtr_settings *settings, int fd, const char *path,
				       const struct mtr_backup_list *list, struct mtr_backup_file *file,
				       struct mtr_problem *problem)
{
	struct mtr_sealer *sealer = NULL;

	file->kind = MTR_SEALED_SETTINGS;
	const struct mtr_sealed_head head = mtr_list_head(list, file);
	enum mtr_exit_status status = mtr_sealer_begin(&sealer, fd, path, file->file.name, &head, problem);

	if (!status)
		status = put_all(settings, sealer, problem);
	if (!status)
		status = mtr_sealer_finish(&sealer, &file->file, problem);
	mtr_sealer_abandon(&sealer);
	return status;
}

struct packed {
	uint8_t bytes[PACKED_MAX];
	size_t size;
};

static enum mtr_exit_status take(void *context, const uint8_t *bytes, size_t size, struct mtr_problem *problem)
{
	struct packed *packed = context;

	if (size > sizeof packed->bytes - packed->size)
		return mtr_problem(problem, MTR_EXIT_DAMAGED, "the backup's settings are larger than any can be");
	memcpy(packed->bytes + packed->size, bytes, size);
	packed->size += size;
	return MTR_EXIT_OK;
}

static struct mtr_setting *row_of(struct mtr_settings *settings, const char *name)
{
	for (size_t i = 0; i < MTR_SETTINGS; i++)
		if (strcmp(names[i], name) == 0 && !settings->rows[i].bytes)
			return &settings->rows[i];
	return NULL;
}

static bool split(const struct packed *packed, struct mtr_settings *settings)
{
	struct mtr_lines lines = mtr_lines_of((const char *)packed->bytes, packed->size);

	while (!mtr_lines_done(&lines)) {
		char name[32] = "";

		mtr_lines_word(&lines, "file");
		mtr_lines_token(&lines, name, sizeof name);
		const uint64_t size = mtr_lines_number(&lines);
		struct mtr_setting *row = row_of(settings, name);

		if (lines.failed || !row || size > MTR_SETTING_MAX || size > (size_t)(lines.end - lines.at))
			return false;
		row->bytes = malloc(size + 1);
		if (!row->bytes)
			return false;
		memcpy(row->bytes, lines.at, size);
		row->size = size;
		lines.at += size;
	}
	return settings->rows[REQUIRED].bytes;
}

enum mtr_exit_status mtr_settings_unseal(struct mtr_settings *ret_settings, int fd, const char *path,
					 const struct mtr_backup_list *list, const struct mtr_key_pair *pair,
					 struct mtr_problem *problem)
{
	const struct mtr_backup_file *file = mtr_list_find(list, MTR_SEALED_SETTINGS);
	struct mtr_settings settings = none();
	struct packed *packed = calloc(1, sizeof *packed);

	if (!packed || !file) {
		free(packed);
		return mtr_problem(problem, MTR_EXIT_DAMAGED, "the backup in %s has no settings, or there is no memory",
				   path);
	}
	const struct mtr_sealed_head head = mtr_list_head(list, file);
	enum mtr_exit_status status = mtr_unseal(fd, path, &file->file, &head, pair, take, packed, problem);

	if (!status && !split(packed, &settings))
		status = mtr_problem(problem, MTR_EXIT_DAMAGED, "%s/%s doesn't hold a server's settings", path,
				     file->file.name);
	sodium_memzero(packed, sizeof *packed);
	free(packed);
	if (status)
		mtr_settings_free(&settings);
	else
		*ret_settings = settings;
	return status;
}

static int write_one(int directory, const struct mtr_setting *row)
{
	int file = openat(directory, row->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	const uint8_t *at = row->bytes;
	size_t rest = row->size;
	int error = 0;

	if (file < 0)
		return errno;
	while (rest && !error) {
		ssize_t written = write(file, at, rest);

		if (written < 0 && errno != EINTR)
			error = errno;
		if (written > 0) {
			at += written;
			rest -= (size_t)written;
		}
	}
	if (!error && fsync(file) < 0)
		error = errno;
	close(file);
	return error;
}

enum mtr_exit_status mtr_settings_write(const struct mtr_settings *settings, const char *data,
					struct mtr_problem *problem)
{
	int directory = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = directory < 0 ? errno : 0;

	for (size_t i = 0; i < MTR_SETTINGS && !error; i++)
		if (settings->rows[i].bytes)
			error = write_one(directory, &settings->rows[i]);
	if (!error && fsync(directory) < 0)
		error = errno;
	if (directory >= 0)
		close(directory);
	return error ? mtr_problem_writing(problem, error, data) : MTR_EXIT_OK;
}
