/* The mark of a directory that is restored into. It has the name "restoring" from before anything else is there, and
 * "restored" once all else is there and lasts; while a restore is at work the mark is locked. */
#ifndef MTR_BACKUP_RESTORING_H
#define MTR_BACKUP_RESTORING_H

#include "backup/problem.h"

#include <limits.h>
#include <stdbool.h>

/* There while a directory isn't whole: nothing but a restore may use it. */
#define MTR_RESTORING_NAME "restoring"
/* There until somebody has answered for the restore. */
#define MTR_RESTORED_NAME "restored"

struct mtr_restoring {
	char into[PATH_MAX]; /* without links in it */
	int mark;            /* descriptor, which holds the lock; -1: none */
	bool made, fresh;    /* this restore made the directory; the mark */
	bool cleared;        /* something was left there by a restore that was cut short */
};

/* Makes the directory and its mark, or takes up what a restore left that was cut short, and removes all but the mark.
 * USAGE when anything else is there, IN_USE when another restore into it is under way, SYSTEM where nothing can be
 * locked. What can't be begun leaves the directory as it was. */
enum mtr_exit_status mtr_restoring_begin(struct mtr_restoring *ret_restoring, const char *into,
					 struct mtr_problem *problem);

/* Says, so that it lasts, that the directory is whole. */
enum mtr_exit_status mtr_restoring_finish(struct mtr_restoring *restoring, struct mtr_problem *problem);

/* Gives the lock back; the directory stays as it is. */
void mtr_restoring_close(struct mtr_restoring *restoring);

/* Removes all that is in the directory, and the directory if this restore made it; gives the lock back. False when
 * something can't be removed: the mark stays then. */
bool mtr_restoring_abandon(struct mtr_restoring *restoring);

/* Removes a directory that may have been restored into and isn't a link; the mark goes last. False as above. */
bool mtr_restoring_remove(const char *into);

/* 0 when the mark of a restore that came to its end says what it should, or there is none; -EBADMSG, or another
 * negative errno. */
int mtr_restored_check_mark(const char *data);

/* DAMAGED when what lies there isn't whole. */
enum mtr_exit_status mtr_restoring_check_whole(const char *data, struct mtr_problem *problem);

#endif
