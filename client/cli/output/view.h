/* Lists and records of rows: fetch, fill cells, show. */
#ifndef MTR_CLI_VIEW_H
#define MTR_CLI_VIEW_H

#include "program/session.h"

/* Fills the cells of one row; what the cells point to lasts until the output took them (the arena is reset
 * after every row). False: the row isn't shown. */
typedef bool (*mtr_cells_fn)(struct mtr_call *call, struct mtr_arena *arena, const ProtobufCMessage *row,
			     struct mtr_cell *cells);

struct mtr_view {
	const ProtobufCMessageDescriptor *message; /* of the rows */
	const struct mtr_column *columns;
	size_t count;
	mtr_cells_fn fill;
};

/* Shows every row of a list. MTR_EXIT_OK with none; a remark says so. */
int mtr_view_list(struct mtr_call *call, Mtr__List *list, const struct mtr_view *view);

/* Shows the one row of a list, or complains that there is none: `missing` is the error to tell. */
int mtr_view_one(struct mtr_call *call, Mtr__List *list, const struct mtr_view *view, Mtr__ErrorCode missing);

/* Unpacks a row into the arena; NULL for a tombstone or bytes that can't be read. */
void *mtr_row_unpack(struct mtr_arena *arena, const ProtobufCMessageDescriptor *message, const Mtr__FeedRow *row);

/* Calls `row` with every message of a list; the message lasts until `row` returns. Returns enum mtr_exit. */
typedef int (*mtr_message_fn)(void *context, const ProtobufCMessage *message);
int mtr_each(struct mtr_call *call, Mtr__List *list, const ProtobufCMessageDescriptor *message, mtr_message_fn row,
	     void *context);

/* The name of who is nominated; "" when it can't be had. Asks the register: not while answers come in. */
const char *mtr_name_of_nomination(struct mtr_call *call, uint64_t nomination_id);

/* A list with its type and the filters the command takes: --plan, --programme, --unit when the row has them. */
Mtr__List mtr_list_of(struct mtr_call *call, Mtr__EntityType type);

/* A list of standards, in words. */
struct mtr_cell mtr_cell_standards(struct mtr_arena *arena, Mtr__Standard *const *standards, size_t count);

/* A copy of a text for a field of a message. */
char *mtr_field_text(struct mtr_call *call, const char *text);

#endif
