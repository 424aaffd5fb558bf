/* Who did what when: from the register, or from its journal without it. */
#include "commands/fields.h"
#include "commands/journal_damage.h"
#include "commands/journal_path.h"
#include "commands/log.h"
#include "commands/newest.h"
#include "contract/commands.h"
#include "engine/inspect.h"
#include "engine/record_about.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Header and effects of one record. */
#define RECORD_ARENA (8u * MTR_RECORD_MAX)

struct desk {
	uint64_t id;
	char *name;
	struct desk *next;
};

struct reading {
	struct mtr_call *call;
	const Mtr__Log *log;
	struct mtr_arena *arena; /* of one record */
	struct mtr_about about;  /* as far as the codes have been met */
	struct mtr_inspect_gap gap;
	bool damaged;
	uint64_t last, shown;
	struct mtr_newest *newest; /* NULL: all are shown */
	struct desk *desks;        /* as met so far */
};

static const char *name_of(const struct reading *r, uint32_t id)
{
	for (const struct desk *desk = r->desks; desk; desk = desk->next)
		if (desk->id == id)
			return desk->name;
	return id ? mtr_must_print(r->arena, "%" PRIu32, id) : "";
}

static void learn_desk(struct reading *r, const Mtr__Principal *principal)
{
	struct desk *desk = mtr_must_alloc(r->call->arena, sizeof *desk);

	desk->id = principal->id;
	desk->name = mtr_must_print(r->call->arena, "%s", principal->name);
	desk->next = r->desks;
	r->desks = desk;
}

/* Desks' names, and which numbers the codes asked for have. */
static void learn(struct reading *r, struct mtr_record_view view)
{
	ProtobufCAllocator *allocator = mtr_arena_allocator(r->arena);
	struct mtr_bytes packed;

	while (mtr_record_next_effect(&view, &packed)) {
		const Mtr__Effect *effect =
			packed.data ? mtr__effect__unpack(allocator, packed.size, packed.data) : NULL;
		if (!effect)
			continue;
		const size_t size = effect->row.len;
		const Mtr__Principal *principal = NULL;
		const Mtr__Unit *unit = NULL;
		const Mtr__Programme *programme = NULL;
		if (effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL)
			principal = mtr__principal__unpack(allocator, size, effect->row.data);
		if (effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT && r->log->unit_code[0])
			unit = mtr__unit__unpack(allocator, size, effect->row.data);
		if (effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME && r->log->programme_code[0])
			programme = mtr__programme__unpack(allocator, size, effect->row.data);
		if (principal)
			learn_desk(r, principal);
		if (unit && strcmp(unit->code, r->log->unit_code) == 0)
			r->about.unit_id = unit->id;
		if (programme && strcmp(programme->code, r->log->programme_code) == 0)
			r->about.programme_id = programme->id;
	}
}

static bool names(const uint64_t *ids, size_t count, uint64_t wanted)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == wanted)
			return true;
	return !wanted;
}

static bool is_wanted(struct reading *r, const Mtr__RecordHeader *header, const struct mtr_record_view *view)
{
	const Mtr__Log *log = r->log;

	/* A code that wasn't met yet isn't what this is about. */
	if ((log->unit_code[0] && !r->about.unit_id) || (log->programme_code[0] && !r->about.programme_id))
		return false;
	return header->at >= log->from_at && (!log->until_at || header->at <= log->until_at) &&
	       (!log->principal_id || header->principal_id == log->principal_id) &&
	       names(header->nomination_ids, header->n_nomination_ids, log->nomination_id) &&
	       mtr_record_names_person(r->arena, view, header, log->person_id) &&
	       mtr_record_about(r->arena, view, &r->about);
}

static void show(struct reading *r, const Mtr__RecordHeader *header, size_t effects)
{
	const struct mtr_command_info *info = mtr_command_by_tag(header->command_tag);
	Mtr__LogEntry entry = MTR__LOG_ENTRY__INIT;

	entry.revision = header->revision;
	entry.at = header->at;
	entry.principal_id = header->principal_id;
	entry.principal_name = (char *)(uintptr_t)name_of(r, header->principal_id);
	entry.command = (char *)(uintptr_t)(info ? info->name : "");
	entry.error_code = header->error_code;
	entry.n_nomination_ids = header->n_nomination_ids;
	entry.nomination_ids = header->nomination_ids;
	entry.n_person_ids = header->n_person_ids;
	entry.person_ids = header->person_ids;
	entry.effects = (uint32_t)effects;
	r->shown++;
	if (r->newest)
		mtr_newest_add(r->newest, &entry);
	else
		mtr_log_show(r->call, r->arena, &entry);
}

static int on_record(void *context, uint64_t revision, const uint8_t *chain_after, const uint8_t *record, size_t size)
{
	struct reading *r = context;
	struct mtr_record_view view;
	const Mtr__RecordHeader *header = NULL;

	(void)chain_after;
	r->last = revision;
	mtr_arena_reset(r->arena);
	if (mtr_record_read(record, size, &view) == 0)
		header = mtr__record_header__unpack(mtr_arena_allocator(r->arena), view.header.size, view.header.data);
	if (!header)
		return 0;
	learn(r, view);
	if (is_wanted(r, header, &view))
		show(r, header, view.effect_count);
	return 0;
}

static void on_damage(void *context, const struct mtr_damage *damage, const char *what)
{
	struct reading *r = context;

	r->damaged = true;
	mtr_journal_damaged(r->call, damage, &r->gap, what);
}

static void remark_on(const struct reading *r, const struct mtr_inspection *inspection)
{
	if (r->damaged)
		mtr_remark(r->call,
			   _("No entry behind %" PRIu64 " was read. “matricula audit verify” says what is wrong."),
			   r->last);
	else if (inspection->torn)
		mtr_remark(r->call, "%s",
			   _("Behind the latest entry lies something unfinished. A power cut leaves that; so does "
			     "damage."));
}

/* What all journals together held. */
struct found {
	uint64_t shown;
	bool unit, programme; /* the code asked for was met */
};

static int show_journal(struct mtr_call *call, const Mtr__Log *log, const struct mtr_journal_path *path,
			struct found *found)
{
	const bool limited = mtr_given(&call->arguments, "--limit");
	struct reading r = {.call = call, .log = log, .arena = mtr_must(mtr_arena_new(RECORD_ARENA))};
	const struct mtr_inspection_options options = {.directory = path->directory,
						       .quiet = true,
						       .each = on_record,
						       .gap = &r.gap,
						       .damaged = on_damage,
						       .context = &r};
	struct mtr_inspection inspection;

	r.newest = limited ? mtr_must(mtr_newest_new(mtr_log_limit(call))) : NULL;
	int error = mtr_inspect(&options, &inspection);

	if (!error && r.newest)
		mtr_newest_show(r.newest, call, r.arena);
	mtr_newest_free(&r.newest);
	mtr_arena_free(&r.arena);
	if (error)
		return mtr_journal_failed(call, path->given, error);
	remark_on(&r, &inspection);
	found->shown += r.shown;
	found->unit |= r.about.unit_id != 0;
	found->programme |= r.about.programme_id != 0;
	return r.damaged ? MTR_EXIT_LOCAL : MTR_EXIT_OK;
}

/* The register refuses a code it doesn't know; here it may only be mistyped. */
static void remark_on_codes(struct mtr_call *call, const Mtr__Log *log, const struct found *found)
{
	if (*log->unit_code && !found->unit)
		mtr_remark(call, _("No entry names a unit %s. Is the code right?"), log->unit_code);
	if (*log->programme_code && !found->programme)
		mtr_remark(call, _("No entry names a programme %s. Is the code right?"), log->programme_code);
}

static int show_journals(struct mtr_call *call, const Mtr__Log *log)
{
	struct mtr_journal_path *paths;
	const size_t count = mtr_journal_paths(call, &paths);
	struct found found = {0};
	int worst = MTR_EXIT_OK;

	mtr_log_begin(call);
	for (size_t i = 0; i < count; i++) {
		int result = show_journal(call, log, &paths[i], &found);
		worst = result ? result : worst;
	}
	if (worst && !found.shown)
		mtr_output_abandon(call->output);
	else
		mtr_output_end(call->output);
	if (!worst && !found.shown)
		mtr_log_nothing(call);
	remark_on_codes(call, log, &found);
	return worst;
}

int mtr_do_audit_show(struct mtr_call *call)
{
	Mtr__Log log = MTR__LOG__INIT;

	mtr_fill_long(call, "--nomination", &log.nomination_id);
	mtr_fill_number(call, "--person", &log.person_id);
	mtr_fill_text(call, "--unit", &log.unit_code);
	mtr_fill_text(call, "--programme", &log.programme_code);
	mtr_fill_number(call, "--desk", &log.principal_id);
	mtr_fill_long(call, "--from", &log.from_at);
	mtr_fill_long(call, "--until", &log.until_at);
	if (log.until_at && log.from_at > log.until_at)
		return mtr_fail(call, MTR_EXIT_USAGE, "%s", _("--from is after --until: no entry can be between."));
	return mtr_given(&call->arguments, "PATH") ? show_journals(call, &log)
						   : mtr_log_ask(call, &log, mtr_log_limit(call));
}
