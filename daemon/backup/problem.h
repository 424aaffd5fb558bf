/* What went wrong with a backup, for a person. The functions of this room give an exit status and say here which file
 * it is about, what is wrong and what to do; they never log. */
#ifndef MTR_BACKUP_PROBLEM_H
#define MTR_BACKUP_PROBLEM_H

#include "exit_status.h"

struct mtr_problem {
	char text[768];
};

/* Keeps the text and returns the status. */
__attribute__((format(printf, 3, 4))) enum mtr_exit_status
mtr_problem(struct mtr_problem *problem, enum mtr_exit_status status, const char *format, ...);

/* The same for an errno value met while `path` was written, or read: which status it is, and the usual remedy. */
enum mtr_exit_status mtr_problem_writing(struct mtr_problem *problem, int error, const char *path);
enum mtr_exit_status mtr_problem_reading(struct mtr_problem *problem, int error, const char *path);

#endif
