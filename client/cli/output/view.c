#include "output/view.h"
#include "output/report.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <string.h>

#define ROW_ARENA (4u << 20)
#define COLUMNS_MAX 48u

struct viewing {
	struct mtr_call *call;
	const struct mtr_view *view;
	struct mtr_arena *arena; /* of one row */
	size_t shown;
	bool single;
};

void *mtr_row_unpack(struct mtr_arena *arena, const ProtobufCMessageDescriptor *message, const Mtr__FeedRow *row)
{
	if (row->content_case != MTR__FEED_ROW__CONTENT_ROW)
		return NULL;
	return protobuf_c_message_unpack(message, mtr_arena_allocator(arena), row->row.len, row->row.data);
}

static int view_row(void *context, const Mtr__FeedRow *row)
{
	struct viewing *viewing = context;
	struct mtr_cell cells[COLUMNS_MAX] = {0};

	mtr_arena_reset(viewing->arena);
	const ProtobufCMessage *message = mtr_row_unpack(viewing->arena, viewing->view->message, row);
	if (!message || (viewing->single && viewing->shown > 0))
		return MTR_EXIT_OK;
	if (!viewing->view->fill(viewing->call, viewing->arena, message, cells))
		return MTR_EXIT_OK;
	if (viewing->single)
		mtr_output_record(viewing->call->output, viewing->view->columns, viewing->view->count, cells);
	else
		mtr_output_row(viewing->call->output, cells);
	viewing->shown++;
	return MTR_EXIT_OK;
}

int mtr_view_list(struct mtr_call *call, Mtr__List *list, const struct mtr_view *view)
{
	struct viewing viewing = {.call = call, .view = view, .arena = mtr_must(mtr_arena_new(ROW_ARENA))};

	mtr_output_begin(call->output, view->columns, view->count);
	int result = mtr_session_list(call, list, view_row, &viewing);
	if (result)
		mtr_output_abandon(call->output);
	else
		mtr_output_end(call->output);
	mtr_arena_free(&viewing.arena);
	if (!result && viewing.shown == 0 && call->settings.form == MTR_OUTPUT_TABLE)
		mtr_remark(call, "%s", _("Nothing found."));
	return result;
}

int mtr_view_one(struct mtr_call *call, Mtr__List *list, const struct mtr_view *view, Mtr__ErrorCode missing)
{
	struct viewing viewing = {
		.call = call, .view = view, .arena = mtr_must(mtr_arena_new(ROW_ARENA)), .single = true};
	Mtr__Error error = MTR__ERROR__INIT;
	int result = mtr_session_list(call, list, view_row, &viewing);

	mtr_arena_free(&viewing.arena);
	if (result || viewing.shown > 0)
		return result;
	error.code = missing;
	return mtr_report_error(call, &error);
}

struct each {
	const ProtobufCMessageDescriptor *message;
	mtr_message_fn row;
	void *context;
	struct mtr_arena *arena;
};

static int each_row(void *context, const Mtr__FeedRow *row)
{
	struct each *each = context;

	mtr_arena_reset(each->arena);
	const ProtobufCMessage *message = mtr_row_unpack(each->arena, each->message, row);
	return message ? each->row(each->context, message) : MTR_EXIT_OK;
}

int mtr_each(struct mtr_call *call, Mtr__List *list, const ProtobufCMessageDescriptor *message, mtr_message_fn row,
	     void *context)
{
	struct each each = {
		.message = message, .row = row, .context = context, .arena = mtr_must(mtr_arena_new(ROW_ARENA))};
	int result = mtr_session_list(call, list, each_row, &each);

	mtr_arena_free(&each.arena);
	return result;
}

struct naming {
	struct mtr_call *call;
	const char *name;
};

static int on_nomination(void *context, const ProtobufCMessage *message)
{
	struct naming *naming = context;
	const Mtr__Nomination *nomination = (const Mtr__Nomination *)message;

	if (nomination->particulars)
		naming->name = mtr_must_text(naming->call->arena, nomination->particulars->full_name);
	return MTR_EXIT_OK;
}

const char *mtr_name_of_nomination(struct mtr_call *call, uint64_t nomination_id)
{
	struct naming naming = {.call = call, .name = ""};
	Mtr__List list = MTR__LIST__INIT;

	if (nomination_id == 0 || call->settings.dry_run)
		return "";
	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION;
	list.id = nomination_id;
	call->aside = true;
	(void)mtr_each(call, &list, &mtr__nomination__descriptor, on_nomination, &naming);
	call->aside = false;
	return naming.name;
}

struct mtr_cell mtr_cell_standards(struct mtr_arena *arena, Mtr__Standard *const *standards, size_t count)
{
	const char **items = mtr_must_array(arena, count, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = mtr_words_standard(arena, standards[i]);
	return mtr_cell_list(items, count);
}

char *mtr_field_text(struct mtr_call *call, const char *text)
{
	return mtr_must_text(call->arena, text ? text : "");
}

Mtr__List mtr_list_of(struct mtr_call *call, Mtr__EntityType type)
{
	Mtr__List list = MTR__LIST__INIT;
	const struct mtr_argument *argument;

	list.type = type;
	for (size_t n = 0; (argument = mtr_command_argument(call->arguments.command, n)); n++) {
		char **place = strcmp(argument->name, "--plan") == 0        ? &list.plan_code
			       : strcmp(argument->name, "--programme") == 0 ? &list.programme_code
			       : strcmp(argument->name, "--unit") == 0      ? &list.unit_code
									    : NULL;
		if (place && mtr_given(&call->arguments, argument->name))
			*place = mtr_field_text(call, mtr_text_of(&call->arguments, argument->name));
	}
	return list;
}
