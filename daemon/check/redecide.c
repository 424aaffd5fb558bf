#include "check/redecide.h"

#include "contract/limits.h"
#include "writer/judgement.h"

#include <stdlib.h>
#include <string.h>

/* Rows that are missing because what made them has been redacted, until a later record brings them again. Beyond this
 * many some count as missing to the end. */
#define MISSING_MAX 65536u

struct row {
	uint32_t type;
	uint64_t id;
};

struct mtr_redecide {
	struct mtr_arena *arena, *request_arena;
	struct row *missing;
	size_t count, room;
	bool lost; /* there were too many of them */
};

struct mtr_redecide *mtr_redecide_new(void)
{
	struct mtr_redecide *redecide = calloc(1, sizeof *redecide);

	if (!redecide)
		return NULL;
	redecide->arena = mtr_arena_new(MTR_DECISION_ARENA);
	redecide->request_arena = mtr_arena_new(MTR_DECISION_ARENA);
	if (!redecide->arena || !redecide->request_arena)
		mtr_redecide_free(&redecide);
	return redecide;
}

void mtr_redecide_free(struct mtr_redecide **redecide)
{
	if (!redecide || !*redecide)
		return;
	mtr_arena_free(&(*redecide)->arena);
	mtr_arena_free(&(*redecide)->request_arena);
	free((*redecide)->missing);
	free(*redecide);
	*redecide = NULL;
}

static void miss(struct mtr_redecide *redecide, const struct mtr_redacted_leaf *leaf)
{
	for (size_t i = 0; i < redecide->count; i++)
		if (redecide->missing[i].type == leaf->type && redecide->missing[i].id == leaf->id)
			return;
	if (redecide->count == redecide->room && redecide->room < MISSING_MAX) {
		const size_t room = redecide->room ? 2 * redecide->room : 64;
		struct row *more = reallocarray(redecide->missing, room, sizeof *more);

		if (more) {
			redecide->missing = more;
			redecide->room = room;
		}
	}
	if (redecide->count < redecide->room)
		redecide->missing[redecide->count++] = (struct row){leaf->type, leaf->id};
	else
		redecide->lost = true;
}

static void find(struct mtr_redecide *redecide, uint32_t type, uint64_t id)
{
	for (size_t i = 0; i < redecide->count; i++)
		if (redecide->missing[i].type == type && redecide->missing[i].id == id) {
			redecide->missing[i] = redecide->missing[--redecide->count];
			return;
		}
}

/* Takes note of what this record leaves missing, and of what it brings again. */
static void note_rows(struct mtr_redecide *redecide, struct mtr_record_view view)
{
	struct mtr_redacted_leaf leaf;
	struct mtr_bytes effect;

	while (redecide->count && mtr_record_next_effect(&view, &effect)) {
		const Mtr__Effect *unpacked =
			effect.data ? mtr__effect__unpack(mtr_arena_allocator(redecide->request_arena), effect.size,
							  effect.data)
				    : NULL;

		if (unpacked)
			find(redecide, (uint32_t)unpacked->type, unpacked->id);
	}
	while (mtr_record_next_redacted(&view.redacted, &leaf))
		if (leaf.index >= MTR_LEAF_EFFECTS)
			miss(redecide, &leaf);
}

static bool equal(struct mtr_bytes x, struct mtr_bytes y)
{
	return x.size == y.size && (x.size == 0 || memcmp(x.data, y.data, x.size) == 0);
}

static const char *difference(const struct mtr_record_view *x, const struct mtr_record_view *y)
{
	if (!equal(x->answer, y->answer))
		return "the answer";
	if (x->effect_count != y->effect_count || !equal(x->effects, y->effects))
		return "a changed row";
	return equal(x->header, y->header) ? NULL : "the header";
}

static enum mtr_redecided decide(struct mtr_redecide *redecide, struct mtr_txn *txn, const Mtr__RecordHeader *header,
				 const struct mtr_record_view *view, const char **ret_what)
{
	const struct mtr_decision_input input = {.txn = txn,
						 .arena = redecide->arena,
						 .principal_id = header->principal_id,
						 .now = header->at,
						 .revision = header->revision,
						 .former = header->former};
	const struct mtr_entry_place place = {header->outbox.data, header->sequence, header->first_unacknowledged,
					      header->entry_hash.data};
	struct mtr_judgement judgement;
	struct mtr_record_view made;
	Mtr__RecordHeader own;
	struct mtr_entry entry;

	if (mtr_judge(&input, redecide->request_arena, view->command, &judgement) != MTR_DECIDE_OK)
		return MTR_REDECIDED_ERROR;
	if (!judgement.outcome.consumes) {
		*ret_what = "whether it is decided at all";
		return MTR_REDECIDED_OTHERWISE;
	}
	if (mtr_judgement_record(redecide->arena, &judgement, &place, view->command, &own, &entry) < 0 ||
	    mtr_record_read(entry.record.data, entry.record.size, &made) < 0)
		return MTR_REDECIDED_ERROR;
	const char *what = difference(view, &made);

	if (what)
		*ret_what = what;
	return what ? MTR_REDECIDED_OTHERWISE : MTR_REDECIDED_SAME;
}

/* With rows missing, what comes out the same is as good as ever; what doesn't says nothing. A row that was taken out is
 * there, but empty: what can't be made of it is no damage to the transaction, in which deciding writes nothing. */
static enum mtr_redecided decide_with_gaps(struct mtr_redecide *redecide, struct mtr_txn *txn,
					   const Mtr__RecordHeader *header, const struct mtr_record_view *view)
{
	const char *what;

	if (txn->error)
		return MTR_REDECIDED_ERROR;
	const enum mtr_redecided redecided = decide(redecide, txn, header, view, &what);

	if (redecided == MTR_REDECIDED_ERROR && txn->error == MTR_STORE_CORRUPT) {
		txn->error = MTR_STORE_OK;
		return MTR_REDECIDED_UNCLEAR;
	}
	return redecided == MTR_REDECIDED_OTHERWISE ? MTR_REDECIDED_UNCLEAR : redecided;
}

enum mtr_redecided mtr_redecide(struct mtr_redecide *redecide, struct mtr_txn *txn, const uint8_t *record, size_t size,
				const char **ret_what)
{
	struct mtr_record_view view;

	mtr_arena_reset(redecide->arena);
	mtr_arena_reset(redecide->request_arena);
	if (mtr_record_read(record, size, &view) < 0)
		return MTR_REDECIDED_ERROR;
	const Mtr__RecordHeader *header = mtr__record_header__unpack(mtr_arena_allocator(redecide->request_arena),
								     view.header.size, view.header.data);
	/* What this record itself brings isn't there yet when it is decided. */
	const bool whole = !redecide->count && !redecide->lost;

	if (!header)
		return MTR_REDECIDED_ERROR;
	note_rows(redecide, view);
	if (header->principal_id == 0 || header->outbox.len != MTR_OUTBOX_BYTES ||
	    header->entry_hash.len != MTR_HASH_BYTES)
		return MTR_REDECIDED_NOT_OURS;
	if (header->rules_version != MTR_RULES_VERSION)
		return MTR_REDECIDED_OTHER_RULES;
	if (view.redacted_count)
		return MTR_REDECIDED_REDACTED;
	return whole ? decide(redecide, txn, header, &view, ret_what) : decide_with_gaps(redecide, txn, header, &view);
}
