#include "output/changes.h"
#include "matricula/matricula.h"
#include "output/directory.h"
#include "output/report.h"
#include "program/i18n.h"
#include "program/must.h"
#include "program/session.h"
#include "words/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Copies of rows, at most 16 KiB each and mostly far below, and the words for one round. */
#define CHANGES_ARENA (256u << 20)

#define TYPE(name) MTR__ENTITY_TYPE__ENTITY_TYPE_##name

struct change {
	Mtr__EntityType type;
	uint64_t id;
	const ProtobufCMessage *old, *new; /* NULL: wasn't there, is gone, or of a type this version doesn't know */
	bool came, went;
	const char *reason;
};

struct mtr_changes {
	struct mtr_arena *arena;
	struct change *list;
	size_t count, more;
	bool nameless;
};

static const ProtobufCMessageDescriptor *message_of(uint32_t type)
{
	static const ProtobufCMessageDescriptor *const messages[] = {
		[TYPE(UNIT)] = &mtr__unit__descriptor,
		[TYPE(PRINCIPAL)] = &mtr__principal__descriptor,
		[TYPE(TITLE)] = &mtr__title__descriptor,
		[TYPE(PERSON)] = &mtr__person__descriptor,
		[TYPE(PLAN)] = &mtr__plan__descriptor,
		[TYPE(PROGRAMME)] = &mtr__programme__descriptor,
		[TYPE(ALLOCATION)] = &mtr__allocation__descriptor,
		[TYPE(LEDGER_ENTRY)] = &mtr__ledger_entry__descriptor,
		[TYPE(LETTER)] = &mtr__letter__descriptor,
		[TYPE(NOMINATION)] = &mtr__nomination__descriptor,
		[TYPE(DECISION)] = &mtr__decision__descriptor,
		[TYPE(CLASS)] = &mtr__class__descriptor,
		[TYPE(SUMMONS)] = &mtr__summons__descriptor,
		[TYPE(ENROLMENT)] = &mtr__enrolment__descriptor,
	};

	return type < sizeof messages / sizeof *messages ? messages[type] : NULL;
}

struct mtr_changes *mtr_changes_new(void)
{
	struct mtr_changes *changes = mtr_must(calloc(1, sizeof *changes));

	changes->arena = mtr_must(mtr_arena_new(CHANGES_ARENA));
	changes->list = mtr_must(calloc(MTR_CHANGES_MAX, sizeof *changes->list));
	return changes;
}

void mtr_changes_leave_names_out(struct mtr_changes *changes)
{
	changes->nameless = true;
}

void mtr_changes_free(struct mtr_changes **changes)
{
	if (!changes || !*changes)
		return;
	mtr_arena_free(&(*changes)->arena);
	free((*changes)->list);
	free(*changes);
	*changes = NULL;
}

static const ProtobufCMessage *unpack(struct mtr_changes *changes, uint32_t type, const uint8_t *bytes, size_t size)
{
	const ProtobufCMessageDescriptor *message = message_of(type);

	if (size == 0 || !message)
		return NULL;
	return protobuf_c_message_unpack(message, mtr_arena_allocator(changes->arena), size, bytes);
}

void mtr_changes_note(void *context, const struct mtr_client_change *change)
{
	struct mtr_changes *changes = context;

	if (changes->count == MTR_CHANGES_MAX) {
		changes->more++;
		return;
	}
	changes->list[changes->count++] = (struct change){
		.type = (Mtr__EntityType)change->type,
		.id = change->id,
		.old = unpack(changes, change->type, change->old_row, change->old_size),
		.new = unpack(changes, change->type, change->new_row, change->new_size),
		.came = change->old_size == 0,
		.went = change->new_size == 0,
		.reason = change->reason ? mtr_must_text(changes->arena, change->reason) : "",
	};
}

/* A text field of the row, "" when it has none of this name. */
static const char *text_in(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
	const char *text;

	if (!field || field->type != PROTOBUF_C_TYPE_STRING || field->label == PROTOBUF_C_LABEL_REPEATED)
		return "";
	memcpy(&text, (const char *)message + field->offset, sizeof text);
	return text ? text : "";
}

static uint32_t number_in(const ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
	uint32_t number;

	if (!field || field->type != PROTOBUF_C_TYPE_UINT32 || field->label == PROTOBUF_C_LABEL_REPEATED)
		return 0;
	memcpy(&number, (const char *)message + field->offset, sizeof number);
	return number;
}

/* Who or what the row is about, as people call it. */
static const char *name_of(const struct change *change)
{
	static const char *const names[] = {"full_name", "code", "number", "name"};
	const ProtobufCMessage *row = change->new ? change->new : change->old;
	const char *name = "";

	if (row && change->type == TYPE(NOMINATION)) {
		const Mtr__Nomination *nomination = (const Mtr__Nomination *)row;
		return nomination->particulars ? nomination->particulars->full_name : "";
	}
	for (size_t i = 0; row && !*name && i < sizeof names / sizeof *names; i++)
		name = text_in(row, names[i]);
	return name;
}

static const char *programme_of(struct mtr_call *call, const struct change *change)
{
	const ProtobufCMessage *row = change->new ? change->new : change->old;

	return row ? mtr_code_of_programme(call, number_in(row, "programme_id")) : "";
}

static const char *unit_of(struct mtr_call *call, const struct change *change)
{
	const ProtobufCMessage *row = change->new ? change->new : change->old;

	return row && change->type != TYPE(UNIT) ? mtr_code_of_unit(call, number_in(row, "unit_id")) : "";
}

/* The mirror's acknowledgement of a nomination; NULL when it has none. */
static const Mtr__Acknowledgement *acknowledgement_of(struct mtr_call *call, struct mtr_arena *arena, uint64_t id)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__NominationStatus status = MTR__NOMINATION_STATUS__INIT;
	Mtr__Answer *answer;

	status.nomination_id = id;
	query.body_case = MTR__QUERY__BODY_NOMINATION_STATUS;
	query.nomination_status = &status;
	if (mtr_session_query(call, arena, &query, &answer) || answer->body_case != MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		return NULL;
	return answer->acknowledgement;
}

static struct mtr_standing standing_of(struct mtr_call *call, const Mtr__Nomination *nomination)
{
	const Mtr__Programme *programme = mtr_directory_programme(call, nomination->programme_id);

	return (struct mtr_standing){
		.state = nomination->state,
		.vetted = nomination->vetted,
		.kind = programme ? programme->kind : MTR__PROGRAMME_KIND__PROGRAMME_KIND_UNSPECIFIED,
	};
}

/* Where it stood, and where it stands: the place in the queue is known of now only. */
static void nomination_words(struct mtr_call *call, struct mtr_arena *arena, const struct change *change,
			     const char **ret_before, const char **ret_after)
{
	if (change->old) {
		const struct mtr_standing standing = standing_of(call, (const Mtr__Nomination *)change->old);
		*ret_before = mtr_words_standing(arena, &standing);
	}
	if (change->new) {
		struct mtr_standing standing = standing_of(call, (const Mtr__Nomination *)change->new);
		const Mtr__Acknowledgement *now = acknowledgement_of(call, arena, change->id);
		if (now) {
			standing.waiting_position = now->waiting_position;
			standing.frozen = now->frozen;
		}
		*ret_after = mtr_words_standing(arena, &standing);
	}
}

static const char *seats_words(struct mtr_arena *arena, const ProtobufCMessage *row)
{
	const Mtr__Allocation *allocation = (const Mtr__Allocation *)row;

	if (!row)
		return "";
	return mtr_must_print(arena, allocation->frozen ? _("seats: %" PRIu32 ", list frozen") : _("seats: %" PRIu32),
			      mtr_seats_of(allocation));
}

static void words_of(struct mtr_call *call, struct mtr_arena *arena, const struct change *change,
		     const char **ret_before, const char **ret_after)
{
	*ret_before = *ret_after = "";
	if (change->type == TYPE(NOMINATION)) {
		nomination_words(call, arena, change, ret_before, ret_after);
	} else if (change->type == TYPE(ALLOCATION)) {
		*ret_before = seats_words(arena, change->old);
		*ret_after = seats_words(arena, change->new);
	} else if (change->type == TYPE(ENROLMENT)) {
		const struct mtr_standing none = {.state = MTR__STATE__STATE_UNSPECIFIED};
		struct mtr_standing old = none, new = none;
		if (change->old)
			old.state = ((const Mtr__Enrolment *)change->old)->state;
		if (change->new)
			new.state = ((const Mtr__Enrolment *)change->new)->state;
		*ret_before = mtr_words_standing(arena, &old);
		*ret_after = mtr_words_standing(arena, &new);
	}
}

/* Why a nomination stands otherwise; 0 when its state is the same. */
static Mtr__Cause cause_of(const struct change *change)
{
	const Mtr__Nomination *old = (const Mtr__Nomination *)change->old;
	const Mtr__Nomination *new = (const Mtr__Nomination *)change->new;

	if (change->type != TYPE(NOMINATION) || !new || (old && old->state == new->state))
		return MTR__CAUSE__CAUSE_UNSPECIFIED;
	return new->cause == MTR__CAUSE__CAUSE_COMMAND ? MTR__CAUSE__CAUSE_UNSPECIFIED : new->cause;
}

static const char *reason_of(const struct change *change)
{
	if (change->went && strcmp(change->reason, "MOVED") == 0)
		return _("now with another unit");
	if (change->went && strcmp(change->reason, "OUT_OF_SCOPE") == 0)
		return _("no longer this desk's to read");
	return change->went || !change->new ? change->reason : text_in(change->new, "reason");
}

static const struct mtr_column columns[] = {
	{"type", N_("What"), MTR_CELL_WORD, &mtr__entity_type__descriptor},
	{"id", N_("Number"), MTR_CELL_NUMBER, NULL},
	{"name", N_("Name"), MTR_CELL_TEXT, NULL},
	{"programme", N_("Programme"), MTR_CELL_TEXT, NULL},
	{"unit", N_("Unit"), MTR_CELL_TEXT, NULL},
	{"happened", N_("What happened"), MTR_CELL_TEXT, NULL},
	{"before", N_("Before"), MTR_CELL_TEXT, NULL},
	{"after", N_("After"), MTR_CELL_TEXT, NULL},
	{"cause", N_("Because"), MTR_CELL_WORD, &mtr__cause__descriptor},
	{"reason", N_("Reason"), MTR_CELL_TEXT, NULL},
};

static struct mtr_cell happened(const struct change *change)
{
	struct mtr_cell cell = mtr_cell_text(change->went ? _("gone") : change->came ? _("new") : _("changed"));

	cell.machine = change->went ? "gone" : change->came ? "new" : "changed";
	return cell;
}

static void add(struct mtr_growing *line, const char *before, const char *text)
{
	if (!*text)
		return;
	mtr_growing_text(line, before);
	mtr_growing_text(line, text);
}

/* "nomination 12, Nguyễn Văn An, QN21-CC, HU-TN: seated → waiting, place 1 (moved to waiting by order of priority)" */
static void show_line(struct mtr_call *call, struct mtr_arena *arena, const struct change *change,
		      const struct mtr_cell *cells)
{
	struct mtr_growing line = {0};
	const char *before = cells[6].text, *after = cells[7].text;
	const Mtr__Cause cause = cause_of(change);

	mtr_growing_text(&line, mtr_words_value(arena, &mtr__entity_type__descriptor, (int)change->type));
	if (change->type != TYPE(ALLOCATION))
		mtr_growing_text(&line, mtr_must_print(arena, " %" PRIu64, change->id));
	for (size_t i = 2; i < 5; i++)
		add(&line, ", ", cells[i].text);
	mtr_growing_text(&line, ": ");
	if (*before && *after && strcmp(before, after) != 0)
		mtr_growing_text(&line, mtr_must_print(arena, "%s → %s", before, after));
	else
		mtr_growing_text(&line, *after && change->came ? after : cells[5].text);
	if (cause)
		mtr_growing_text(&line, mtr_must_print(arena, " (%s)",
						       mtr_words_value(arena, &mtr__cause__descriptor, (int)cause)));
	add(&line, "; ", cells[9].text);
	mtr_say(call, "%s", mtr_growing_take(&line, arena));
}

static bool is_about_a_person(const struct change *change)
{
	return change->type == TYPE(PERSON) || change->type == TYPE(NOMINATION) || change->type == TYPE(ENROLMENT);
}

static void show_one(struct mtr_call *call, struct mtr_arena *arena, const struct change *change, bool nameless)
{
	const char *before, *after;
	const bool discreet = nameless && call->settings.form == MTR_OUTPUT_TABLE && is_about_a_person(change);

	words_of(call, arena, change, &before, &after);
	const struct mtr_cell cells[] = {
		mtr_cell_word((int)change->type, NULL),
		mtr_cell_number(change->id),
		mtr_cell_text(discreet ? "" : name_of(change)),
		mtr_cell_text(programme_of(call, change)),
		mtr_cell_text(unit_of(call, change)),
		happened(change),
		mtr_cell_text(before),
		mtr_cell_text(after),
		mtr_cell_word((int)cause_of(change), NULL),
		mtr_cell_text(discreet ? "" : reason_of(change)),
	};
	if (call->settings.form == MTR_OUTPUT_TABLE)
		show_line(call, arena, change, cells);
	else
		mtr_output_row(call->output, cells);
}

void mtr_changes_show(struct mtr_call *call, struct mtr_changes *changes)
{
	struct mtr_arena *arena = mtr_must(mtr_arena_new(CHANGES_ARENA));

	for (size_t i = 0; i < changes->count; i++) {
		mtr_arena_reset(arena);
		show_one(call, arena, &changes->list[i], changes->nameless);
	}
	if (changes->more > 0)
		mtr_remark(call, _("  … and %zu more"), changes->more);
	fflush(call->streams.out);
	mtr_arena_free(&arena);
	mtr_arena_reset(changes->arena);
	changes->count = changes->more = 0;
}

void mtr_changes_begin(struct mtr_call *call)
{
	if (call->settings.form != MTR_OUTPUT_TABLE)
		mtr_output_begin(call->output, columns, sizeof columns / sizeof *columns);
}

void mtr_changes_end(struct mtr_call *call)
{
	if (call->settings.form != MTR_OUTPUT_TABLE)
		mtr_output_end(call->output);
}
