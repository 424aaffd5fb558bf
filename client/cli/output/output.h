/* What a command shows: rows of cells, or one record, as a table, CSV or JSON. The same data in each. */
#ifndef MTR_CLI_OUTPUT_H
#define MTR_CLI_OUTPUT_H

#include "contract/arena.h"
#include "program/settings.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum mtr_cell_kind {
	MTR_CELL_TEXT,
	MTR_CELL_NUMBER,
	MTR_CELL_MONEY, /* 11.147.406.000 on screen, a number elsewhere */
	MTR_CELL_DATE,  /* dd/mm/yyyy; ISO 8601 in JSON */
	MTR_CELL_TIME,  /* dd/mm/yyyy HH:MM, Asia/Ho_Chi_Minh; ISO 8601 UTC in JSON */
	MTR_CELL_FLAG,
	MTR_CELL_WORD, /* label of an enumeration; its token in JSON */
	MTR_CELL_LIST, /* several texts; an array in JSON */
};

struct mtr_column {
	const char *key;   /* in JSON */
	const char *title; /* N_() */
	enum mtr_cell_kind kind;
	const ProtobufCEnumDescriptor *words; /* WORD */
};

struct mtr_cell {
	bool present;             /* false: empty on screen and in CSV, null in JSON */
	uint64_t number;          /* all kinds but TEXT and LIST */
	const char *text;         /* TEXT; WORD: instead of the label, if not NULL */
	const char *machine;      /* TEXT in JSON, if not NULL */
	const char *const *items; /* LIST */
	size_t count;
	size_t shown_most; /* LIST on screen: of more only how many; 0: all */
};

/* Cells; an empty text, no date and no time aren't present. */
struct mtr_cell mtr_cell_text(const char *text);
struct mtr_cell mtr_cell_name(const char *name, bool redacted); /* of a person, or that it was taken out */
struct mtr_cell mtr_cell_number(uint64_t number);
struct mtr_cell mtr_cell_some(uint64_t number); /* a number, money, date, time or word; 0 isn't present */
struct mtr_cell mtr_cell_flag(bool flag);
struct mtr_cell mtr_cell_word(int value, const char *label);
struct mtr_cell mtr_cell_list(const char *const *items, size_t count);

/* A cell as it is shown on screen (`screen`) or in CSV; in the arena. */
const char *mtr_cell_show(struct mtr_arena *arena, const struct mtr_column *column, const struct mtr_cell *cell,
			  bool screen);

struct mtr_output;

struct mtr_output_vtable {
	/* One or more of begin, row..., end. `single`: exactly one row follows, a record rather than a list. */
	void (*begin)(struct mtr_output *output, const struct mtr_column *columns, size_t count, bool single);
	void (*row)(struct mtr_output *output, const struct mtr_cell *cells);
	void (*end)(struct mtr_output *output);
	void (*free)(struct mtr_output **output);
};

struct mtr_output {
	const struct mtr_output_vtable *vtable;
	FILE *file;
	bool colour;
	const struct mtr_column *pending; /* of a list that was begun and shows nothing yet */
	size_t pending_count;
	bool open;
};

/* An output of the form; freed by mtr_output_free, the file stays open. */
struct mtr_output *mtr_output_new(enum mtr_output_form form, FILE *file, bool colour);
void mtr_output_free(struct mtr_output **output);

/* A list. Nothing is written before the first row or the end. */
void mtr_output_begin(struct mtr_output *output, const struct mtr_column *columns, size_t count);
void mtr_output_row(struct mtr_output *output, const struct mtr_cell *cells);
void mtr_output_end(struct mtr_output *output);
/* Instead of the end, when the list couldn't be had: without rows nothing is written. */
void mtr_output_abandon(struct mtr_output *output);
/* One record; abandons a list that is under way. */
void mtr_output_record(struct mtr_output *output, const struct mtr_column *columns, size_t count,
		       const struct mtr_cell *cells);

/* The forms' constructors. */
struct mtr_output *mtr_output_table_new(FILE *file, bool colour);
struct mtr_output *mtr_output_csv_new(FILE *file);
struct mtr_output *mtr_output_json_new(FILE *file);

#endif
