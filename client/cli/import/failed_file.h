/* Rows that failed, as they stood in the file, with the reason in a last column that the importer ignores. */
#ifndef MTR_CLI_FAILED_FILE_H
#define MTR_CLI_FAILED_FILE_H

#include "import/import_file.h"

struct mtr_failed_file {
	FILE *file; /* NULL until the first row */
	char *path; /* in the call's arena */
	size_t rows;
};

/* NAME.failed.csv for NAME.csv, or NAME.failed-2.csv … where that is taken: somebody may be correcting it. */
int mtr_failed_write(struct mtr_failed_file *failed, struct mtr_import *import, const struct mtr_import_row *row);

/* Closes; enum mtr_exit. */
int mtr_failed_close(struct mtr_failed_file *failed, struct mtr_import *import);

/* The plain names of the reason column, for the tables of headings. */
#define MTR_FAILED_REASON_NAMES "reason not imported|ly do khong nhap duoc"

#endif
