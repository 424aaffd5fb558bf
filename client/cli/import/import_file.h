/* The way of a row: read, repaired, made a command, sent, answered, and written down when it failed. */
#ifndef MTR_CLI_IMPORT_FILE_H
#define MTR_CLI_IMPORT_FILE_H

#include "import/csv_header.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "program/call.h"

/* Rows sent at once: below what a session may have unanswered, and what their records hold in memory. */
#define MTR_IMPORT_CHUNK 200u

struct mtr_growing;

struct mtr_import_row {
	size_t number;    /* as a spreadsheet counts */
	char *const *raw; /* of the file */
	size_t count;
	const char **texts;          /* by column: repaired; NULL: not read yet */
	unsigned repairs;            /* enum mtr_text_repair, of all columns read */
	const char *label;           /* who or what the row is about; "" */
	const char *problem;         /* in words; NULL: none */
	struct mtr_growing *remarks; /* what was done to the row besides */
};

struct mtr_import;

/* What a list is made of. */
struct mtr_import_kind {
	const struct mtr_heading *headings;
	/* NULL when the columns will do; else what is missing, in words. */
	const char *(*missing)(struct mtr_import *import);
	/* Fills the command of a row; false after mtr_row_problem. All in import->arena. */
	bool (*build)(struct mtr_import *import, struct mtr_import_row *row, Mtr__Command *command);
	void *context; /* of build */
};

struct mtr_import {
	struct mtr_call *call;
	const struct mtr_import_kind *kind;
	const char *path;
	struct mtr_header header;
	struct mtr_arena *arena; /* of one chunk */
};

/* Imports a file; see import.h for the exit codes. */
int mtr_import_file(struct mtr_call *call, const char *path, const struct mtr_import_kind *kind);

/* True if the list has the column. */
bool mtr_import_has(const struct mtr_import *import, int field);

/* What an option of the command line says for rows that say nothing, as a text of the chunk; "" when it isn't given. */
char *mtr_import_option(const struct mtr_import *import, const char *name);

/* The text of a column, repaired; "" when empty or without such a column, NULL when it can't be read (the problem is
 * set). */
const char *mtr_row_text(struct mtr_import *import, struct mtr_import_row *row, int field);
/* The same for what can't be a word of Vietnamese in an old encoding: names. */
const char *mtr_row_name(struct mtr_import *import, struct mtr_import_row *row, int field);

/* False when the column holds something that is none; untouched when it is empty. */
bool mtr_row_date(struct mtr_import *import, struct mtr_import_row *row, int field, uint32_t *place);
bool mtr_row_number(struct mtr_import *import, struct mtr_import_row *row, int field, uint64_t most, uint64_t *place);
bool mtr_row_yes_no(struct mtr_import *import, struct mtr_import_row *row, int field, protobuf_c_boolean *place);
/* A token or label of an enumeration, in either language. */
bool mtr_row_word(struct mtr_import *import, struct mtr_import_row *row, int field,
		  const ProtobufCEnumDescriptor *words, int *place);

/* Sets the problem of a row and returns false: `sentence` after the column's name (field 0: of the row as such). */
bool mtr_row_problem(struct mtr_import *import, struct mtr_import_row *row, int field, const char *sentence);
/* The same from an error code, with what was found. */
bool mtr_row_error(struct mtr_import *import, struct mtr_import_row *row, int field, Mtr__ErrorCode code,
		   const char *found);
/* Something to tell about a row that goes on. */
void mtr_row_remark(struct mtr_import *import, struct mtr_import_row *row, const char *remark);

#endif
