#include "contract/commands.h"
#include "engine/record.h"
#include "engine/record_about.h"
#include "reader/log_scope.h"

#include <errno.h>

/* The engine gives records forward only: newest first means windows, read from their start. */
#define WINDOW 256u
/* Records looked at for one page: a filter that matches little gives a short page and says where to go on. */
#define EXAMINED_MAX 8192u
/* Of a packed entry, beyond its name and lists. */
#define ENTRY_BYTES 96u
#define ID_BYTES 10u

/* One window of the journal: headers of what may be shown, oldest first. */
struct window {
	struct mtr_log_scope *scope;
	const Mtr__Log *log;
	struct mtr_about about;
	bool past; /* a record was met that is older than what is asked for */
	uint64_t last;
	struct found {
		const Mtr__RecordHeader *header;
		uint32_t effects;
	} found[WINDOW];
	size_t count;
};

static bool names_nomination(const Mtr__RecordHeader *header, uint64_t id)
{
	for (size_t i = 0; i < header->n_nomination_ids; i++) {
		if (header->nomination_ids[i] == id)
			return true;
	}
	return !id;
}

static const Mtr__RecordHeader *unpack(struct mtr_arena *arena, struct mtr_bytes packed)
{
	return mtr__record_header__unpack(mtr_arena_allocator(arena), packed.size, packed.data);
}

/* By the rows it changed, or by the nominations it names: a refused command changes none. */
static bool is_about(struct window *w, const Mtr__RecordHeader *header, const struct mtr_record_view *view)
{
	struct mtr_query *q = w->scope->q;
	struct mtr_row row;

	if (mtr_record_about(q->scratch, view, &w->about))
		return true;
	for (size_t i = 0; i < header->n_nomination_ids; i++)
		if (mtr_read_row(q->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, header->nomination_ids[i], &row) &&
		    mtr_home_about(row.home.kind, row.home.a, row.home.b, &w->about))
			return true;
	return false;
}

static bool is_wanted(struct window *w, const Mtr__RecordHeader *header, const struct mtr_record_view *view)
{
	const Mtr__Log *log = w->log;

	if (header->at < log->from_at) {
		w->past = true;
		return false;
	}
	return (!log->until_at || header->at <= log->until_at) &&
	       (!log->principal_id || header->principal_id == log->principal_id) &&
	       names_nomination(header, log->nomination_id) &&
	       mtr_record_names_person(w->scope->q->scratch, view, header, log->person_id) &&
	       is_about(w, header, view) && mtr_log_scope_takes(w->scope, header);
}

#define END_OF_WINDOW 1

static int look_at(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES], const uint8_t *record,
		   size_t size)
{
	struct window *w = context;
	struct mtr_query *q = w->scope->q;
	struct mtr_record_view view;
	const Mtr__RecordHeader *header;

	(void)chain_after;
	if (mtr_record_read(record, size, &view) < 0)
		return -EBADMSG;
	mtr_arena_reset(q->scratch);
	header = unpack(q->scratch, view.header);
	if (!header)
		return -EBADMSG;
	if (is_wanted(w, header, &view)) {
		w->found[w->count].header = unpack(q->arena, view.header);
		if (!w->found[w->count].header)
			return -ENOMEM;
		w->found[w->count++].effects = (uint32_t)view.effect_count;
	}
	return revision >= w->last ? END_OF_WINDOW : 0;
}

/* Reads the window that ends with `last`; false when the journal can't be read. */
static bool read_window(struct window *w, uint64_t first, uint64_t last)
{
	struct mtr_engine *engine = w->scope->q->options->engine;

	w->last = last;
	w->count = 0;
	return engine->operations->fetch(engine, first, look_at, w) >= 0;
}

/* Subjects outside the asker's scope stay unnamed. */
static bool name_subjects(struct mtr_log_scope *scope, Mtr__LogEntry *entry, const Mtr__RecordHeader *header)
{
	struct mtr_arena *arena = scope->q->arena;

	entry->nomination_ids = mtr_arena_array(arena, header->n_nomination_ids, sizeof *entry->nomination_ids);
	entry->person_ids = mtr_arena_array(arena, header->n_person_ids, sizeof *entry->person_ids);
	if (!entry->nomination_ids || !entry->person_ids)
		return false;
	for (size_t i = 0; i < header->n_nomination_ids; i++) {
		if (mtr_log_scope_nomination(scope, header->nomination_ids[i]))
			entry->nomination_ids[entry->n_nomination_ids++] = header->nomination_ids[i];
	}
	for (size_t i = 0; i < header->n_person_ids; i++) {
		if (mtr_log_scope_person(scope, header->person_ids[i]))
			entry->person_ids[entry->n_person_ids++] = header->person_ids[i];
	}
	return true;
}

static Mtr__LogEntry *entry_of(struct mtr_log_scope *scope, const struct found *found)
{
	const struct mtr_command_info *info = mtr_command_by_tag(found->header->command_tag);
	Mtr__LogEntry *entry = mtr_arena_alloc(scope->q->arena, sizeof *entry);

	if (!entry)
		return NULL;
	mtr__log_entry__init(entry);
	entry->revision = found->header->revision;
	entry->at = found->header->at;
	entry->principal_id = found->header->principal_id;
	entry->principal_name =
		mtr_arena_text(scope->q->arena, mtr_log_scope_principal(scope, found->header->principal_id).name);
	entry->command = mtr_arena_text(scope->q->arena, info ? info->name : "");
	entry->error_code = found->header->error_code;
	entry->effects = found->effects;
	return name_subjects(scope, entry, found->header) && !mtr_arena_exhausted(scope->q->arena) ? entry : NULL;
}

struct filling {
	Mtr__LogPage *page;
	size_t limit, bytes;
	bool full;
};

/* Takes up a window from its end. False when memory is short. */
static bool fill(struct filling *f, struct window *w)
{
	for (size_t i = w->count; i-- > 0 && !f->full;) {
		const Mtr__RecordHeader *header = w->found[i].header;
		const size_t bytes =
			ENTRY_BYTES + MTR_NAME_MAX + ID_BYTES * (header->n_nomination_ids + header->n_person_ids);

		if (f->page->n_entries == f->limit || (f->page->n_entries && bytes > MTR_ROWS_BYTES - f->bytes)) {
			f->full = true;
			f->page->next_before = header->revision + 1;
			break;
		}
		f->page->entries[f->page->n_entries] = entry_of(w->scope, &w->found[i]);
		if (!f->page->entries[f->page->n_entries])
			return false;
		f->page->n_entries++;
		f->bytes += bytes;
	}
	return true;
}

static bool read_log(struct mtr_query *q, struct window *w, struct filling *f)
{
	const uint64_t before = w->log->before_revision;
	uint64_t last = before && before <= q->revision ? before - 1 : q->revision;
	unsigned examined = 0;

	while (last && !f->full && !w->past && examined < EXAMINED_MAX) {
		const uint64_t first = last > WINDOW ? last - WINDOW + 1 : 1;

		if (!read_window(w, first, last)) {
			if (!mtr_arena_exhausted(q->arena))
				q->txn->error = MTR_STORE_IO;
			return false;
		}
		if (!mtr_query_good(q) || !fill(f, w))
			return false;
		examined += WINDOW;
		last = first - 1;
	}
	if (!f->full)
		f->page->next_before = last && !w->past ? last + 1 : 0;
	return true;
}

/* A subject outside the scope is unknown. */
static bool check_subjects(struct mtr_query *q, struct mtr_log_scope *scope)
{
	const Mtr__Log *log = q->query->log;

	if (log->nomination_id && !mtr_log_scope_nomination(scope, log->nomination_id))
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_NOMINATION, "log.nomination_id", NULL, 0);
	else if (log->person_id && !mtr_log_scope_person(scope, log->person_id))
		mtr_query_refuse(q, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_PERSON, "log.person_id", NULL, 0);
	return !mtr_query_refused(q);
}

bool mtr_query_log(struct mtr_query *q)
{
	struct mtr_log_scope *scope = mtr_arena_alloc(q->arena, sizeof *scope);
	struct window *w = mtr_arena_alloc(q->arena, sizeof *w);
	struct filling f = {.page = mtr_arena_alloc(q->arena, sizeof *f.page)};
	const Mtr__Log *log = q->query->log;

	f.limit = log->limit && log->limit < MTR_LOG_ENTRIES_MAX ? log->limit : MTR_LOG_ENTRIES_MAX;
	if (!scope || !w || !f.page)
		return false;
	mtr_log_scope_init(scope, q);
	if (!check_subjects(q, scope))
		return mtr_query_good(q);
	mtr__log_page__init(f.page);
	f.page->entries = mtr_arena_array(q->arena, f.limit, sizeof *f.page->entries);
	w->scope = scope;
	w->log = log;
	w->about = (struct mtr_about){0};
	w->past = false;
	if (!mtr_filter_code(q, MTR__ENTITY_TYPE__ENTITY_TYPE_UNIT, "log.unit_code", log->unit_code,
			     &w->about.unit_id) ||
	    !mtr_filter_code(q, MTR__ENTITY_TYPE__ENTITY_TYPE_PROGRAMME, "log.programme_code", log->programme_code,
			     &w->about.programme_id))
		return mtr_query_refused(q);
	if (!f.page->entries || !read_log(q, w, &f))
		return false;
	q->answer->body_case = MTR__ANSWER__BODY_LOG;
	q->answer->log = f.page;
	return true;
}
