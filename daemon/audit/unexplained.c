#include "audit/unexplained.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint64_t mtr_unexplained_subject(uint32_t type, uint64_t id)
{
	return (uint64_t)type << 56 | id;
}

static void free_record(struct mtr_unexplained_record *record)
{
	free(record->subjects);
	*record = (struct mtr_unexplained_record){0};
}

static void add_rows(struct mtr_unexplained_record *record, const struct mtr_record_view *view)
{
	struct mtr_bytes rest = view->redacted;
	struct mtr_redacted_leaf leaf;

	while (mtr_record_next_redacted(&rest, &leaf)) {
		if (leaf.index < MTR_LEAF_EFFECTS)
			record->command = true;
		else
			record->subjects[record->count++] = mtr_unexplained_subject(leaf.type, leaf.id);
	}
	record->rows = record->count;
}

static void add_header(struct mtr_unexplained_record *record, const Mtr__RecordHeader *header)
{
	for (size_t i = 0; i < header->n_person_ids; i++)
		record->subjects[record->count++] =
			mtr_unexplained_subject(MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, header->person_ids[i]);
	for (size_t i = 0; i < header->n_nomination_ids; i++)
		record->subjects[record->count++] =
			mtr_unexplained_subject(MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION, header->nomination_ids[i]);
}

int mtr_unexplained_add(struct mtr_unexplained *set, uint64_t revision, const Mtr__RecordHeader *header,
			const struct mtr_record_view *view)
{
	const size_t most = view->redacted_count + header->n_person_ids + header->n_nomination_ids;
	struct mtr_unexplained_record record = {.revision = revision, .refused = header->error_code};

	if (set->count == MTR_UNEXPLAINED_MAX)
		return -E2BIG;
	if (set->count == set->room) {
		size_t room = set->room ? 2 * set->room : 64;
		struct mtr_unexplained_record *more = reallocarray(set->records, room, sizeof *more);

		if (!more)
			return -ENOMEM;
		set->records = more;
		set->room = room;
	}
	record.subjects = calloc(most + 1, sizeof *record.subjects);
	if (!record.subjects)
		return -ENOMEM;
	add_rows(&record, view);
	add_header(&record, header);
	set->records[set->count++] = record;
	return 0;
}

static bool among(uint64_t subject, const uint64_t *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i] == subject)
			return true;
	return false;
}

/* Takes off what the rows explain; true when nothing is left. */
static bool explain(struct mtr_unexplained_record *record, const uint64_t *rows, size_t count)
{
	size_t left = 0;

	for (size_t i = 0; record->command && i < record->count; i++)
		record->command = !among(record->subjects[i], rows, count);
	if (record->refused)
		record->command = false;
	for (size_t i = 0; i < record->rows; i++)
		if (!among(record->subjects[i], rows, count))
			record->subjects[left++] = record->subjects[i];
	memmove(record->subjects + left, record->subjects + record->rows,
		(record->count - record->rows) * sizeof *record->subjects);
	record->count -= record->rows - left;
	record->rows = left;
	return !record->command && left == 0;
}

void mtr_unexplained_take(struct mtr_unexplained *set, const uint64_t *rows, size_t count)
{
	size_t left = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (explain(&set->records[i], rows, count))
			free_record(&set->records[i]);
		else
			set->records[left++] = set->records[i];
	}
	set->count = left;
}

void mtr_unexplained_free(struct mtr_unexplained *set)
{
	for (size_t i = 0; i < set->count; i++)
		free_record(&set->records[i]);
	free(set->records);
	*set = (struct mtr_unexplained){0};
}
