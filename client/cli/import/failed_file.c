#include "import/failed_file.h"
#include "output/csv_write.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/plain.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAMES_TRIED 1000u

/* The reason of an earlier import isn't carried along. */
static bool carried(struct mtr_import *import, size_t column)
{
	return !mtr_is_named(MTR_FAILED_REASON_NAMES, mtr_plain(import->arena, import->header.names[column]));
}

static size_t stem_size(const char *path)
{
	size_t size = strlen(path);
	const char *failed;

	if (size > 4 && strcmp(path + size - 4, ".csv") == 0)
		size -= 4;
	/* "list.failed-2.csv" goes on as "list.failed-3.csv". */
	for (failed = strstr(path, ".failed"); failed; failed = strstr(failed + 1, ".failed")) {
		const char *end = failed + strlen(".failed");
		if (*end == '-')
			end += 1 + strspn(end + 1, "0123456789");
		if (end == path + size)
			return (size_t)(failed - path);
	}
	return size;
}

static int open_file(struct mtr_failed_file *failed, struct mtr_import *import)
{
	int descriptor = -1;

	for (unsigned n = 1; descriptor < 0 && n <= NAMES_TRIED; n++) {
		failed->path = mtr_must_print(import->call->arena, n == 1 ? "%.*s.failed.csv" : "%.*s.failed-%u.csv",
					      (int)stem_size(import->path), import->path, n);
		/* Personal data: nobody else reads it. */
		descriptor = open(failed->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (descriptor < 0 && errno != EEXIST)
			break;
	}
	failed->file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (!failed->file) {
		if (descriptor >= 0)
			close(descriptor);
		return mtr_fail(import->call, MTR_EXIT_LOCAL, _("%s can't be written: %s"), failed->path,
				strerror(errno));
	}
	return MTR_EXIT_OK;
}

static void write_heading(struct mtr_failed_file *failed, struct mtr_import *import)
{
	const struct mtr_header *header = &import->header;
	size_t written = 0;

	fputs("\xEF\xBB\xBF", failed->file); /* a spreadsheet takes it for UTF-8 only so */
	for (size_t i = 0; i < header->count; i++) {
		if (carried(import, i))
			mtr_csv_write_cell(failed->file, written++, header->separator, header->names[i]);
	}
	mtr_csv_write_cell(failed->file, written, header->separator, _("Reason not imported"));
	mtr_csv_write_end(failed->file);
}

int mtr_failed_write(struct mtr_failed_file *failed, struct mtr_import *import, const struct mtr_import_row *row)
{
	const struct mtr_header *header = &import->header;
	size_t written = 0;

	if (!failed->file) {
		int result = open_file(failed, import);
		if (result)
			return result;
		write_heading(failed, import);
	}
	for (size_t i = 0; i < header->count; i++) {
		if (carried(import, i))
			mtr_csv_write_cell(failed->file, written++, header->separator,
					   i < row->count ? row->raw[i] : "");
	}
	mtr_csv_write_cell(failed->file, written, header->separator, row->problem);
	mtr_csv_write_end(failed->file);
	failed->rows++;
	return MTR_EXIT_OK;
}

int mtr_failed_close(struct mtr_failed_file *failed, struct mtr_import *import)
{
	if (!failed->file)
		return MTR_EXIT_OK;
	bool bad = fflush(failed->file) || ferror(failed->file);
	bad = fclose(failed->file) || bad;
	failed->file = NULL;
	if (bad)
		return mtr_fail(import->call, MTR_EXIT_LOCAL, _("%s can't be written: %s"), failed->path,
				strerror(errno));
	return MTR_EXIT_OK;
}
