#include "backup/history.h"

#include "contract/lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct mtr_backup_file *mtr_history_segment(const struct mtr_history *history, uint64_t first)
{
	for (size_t i = 0; history->former && i < history->former->count; i++) {
		const struct mtr_backup_file *file = &history->former->files[i];

		if (file->kind == MTR_SEALED_SEGMENT && file->whole && file->first == first)
			return file;
	}
	return NULL;
}

void mtr_history_note(struct mtr_history *history, const struct mtr_segment_look *look)
{
	const struct mtr_backup_file *file = mtr_history_segment(history, look->segment.first);

	if (!history->changed && file && !mtr_source_same(&file->source, &look->mark))
		history->changed = file;
}

static enum mtr_exit_status explain(const struct mtr_history *history, const struct mtr_segment_look *look,
				    uint64_t revision, const uint8_t *found, const uint8_t *expected,
				    struct mtr_problem *problem)
{
	char segment[MTR_SEGMENT_NAME_BYTES], list[MTR_LIST_NAME_BYTES];
	char ours[2 * MTR_HASH_BYTES + 1], theirs[2 * MTR_HASH_BYTES + 1];

	mtr_segment_name(history->changed ? history->changed->first : look->segment.first, segment);
	mtr_list_name(history->former->at, list);
	mtr_hex_text(found, MTR_HASH_BYTES, ours);
	mtr_hex_text(expected, MTR_HASH_BYTES, theirs);
	return mtr_problem(
		problem, MTR_EXIT_DAMAGED,
		"the journal tells another history than its backup: after revision %" PRIu64 " its chain is %s, in "
		"the backup %s; %s/%s is the first file that isn't the one %s/%s was made of, and they part there or "
		"behind it; keep both as they are, and see with \"matricula audit verify\" and a desk's checkpoint "
		"which one is right: then restore the backup, or back up to another directory",
		revision, ours, theirs, history->journal, segment, history->set,
		history->changed ? history->changed->file.name : list);
}

enum mtr_exit_status mtr_history_check_begin(const struct mtr_history *history, const struct mtr_segment_look *look,
					     const struct mtr_chain_point *point, struct mtr_problem *problem)
{
	const uint64_t before = look->segment.first - 1;

	if (!history->former || !point->revision ||
	    (point->revision == before && memcmp(point->chain, look->segment.chain_before, MTR_HASH_BYTES) == 0))
		return MTR_EXIT_OK;
	return explain(history, look, before, point->chain, look->segment.chain_before, problem);
}

uint64_t mtr_history_revision(const struct mtr_history *history)
{
	return history->former ? history->former->revision : 0;
}

enum mtr_exit_status mtr_history_check(const struct mtr_history *history, const struct mtr_segment_look *look,
				       struct mtr_problem *problem)
{
	const uint64_t revision = mtr_history_revision(history);

	if (!revision || revision < look->segment.first || revision > look->head.revision ||
	    memcmp(look->noted.chain, history->former->chain, MTR_HASH_BYTES) == 0)
		return MTR_EXIT_OK;
	return explain(history, look, revision, look->noted.chain, history->former->chain, problem);
}
