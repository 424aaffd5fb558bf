/* Whether the journal still tells what the newest backup was made of: what is written again may have lost pieces to a
 * redaction, which leaves the chain as it was, but mustn't tell another history. */
#ifndef MTR_BACKUP_HISTORY_H
#define MTR_BACKUP_HISTORY_H

#include "backup/journal.h"

struct mtr_history {
	const char *set, *journal;             /* directories */
	const struct mtr_backup_list *former;  /* NULL: nothing to compare with */
	const struct mtr_backup_file *changed; /* the first of its segments that has changed since; NULL: none yet */
};

/* The complete segment that the former backup has under this name, or NULL. */
const struct mtr_backup_file *mtr_history_segment(const struct mtr_history *history, uint64_t first);

/* Takes note of a segment that isn't the file the former backup was made of. */
void mtr_history_note(struct mtr_history *history, const struct mtr_segment_look *look);

/* DAMAGED unless a segment begins where those that were noted before it have left the history, at *point (revision 0:
 * not known). */
enum mtr_exit_status mtr_history_check_begin(const struct mtr_history *history, const struct mtr_segment_look *look,
					     const struct mtr_chain_point *point, struct mtr_problem *problem);

/* The revision whose chain the former backup tells; 0: none. A look that is to be checked has to have it `noted`. */
uint64_t mtr_history_revision(const struct mtr_history *history);

/* DAMAGED when a segment that was looked through has another chain there than the former backup. */
enum mtr_exit_status mtr_history_check(const struct mtr_history *history, const struct mtr_segment_look *look,
				       struct mtr_problem *problem);

#endif
