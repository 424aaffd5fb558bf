/* What the parts of a check share. */
#ifndef MTR_CHECK_STATE_H
#define MTR_CHECK_STATE_H

#include "check/check.h"

#define MTR_CHECK_PATH 512u

struct mtr_check {
	const struct mtr_check_options *options;
	struct mtr_check_result *result;
	struct mtr_store_state state; /* of the register, when it is readable */
};

/* report.c: tells a finding. */
void mtr_check_found(struct mtr_check *check, const struct mtr_finding *finding);
void mtr_check_progress(const struct mtr_check *check, const char *step, uint64_t done, uint64_t total);
/* The path of something in the data directory; false when it is too long. */
bool mtr_check_path(const struct mtr_check *check, const char *name, char ret_path[MTR_CHECK_PATH]);

/* files.c: modes, keys, and what else has a form. */
enum mtr_check_status mtr_check_files(struct mtr_check *check);
/* A shared hold of the directory's lock, with which no daemon starts; -1: a daemon has it. Close it soon. */
int mtr_check_hold(const struct mtr_check *check);

/* register.c: pages and rows of one state of the database. */
enum mtr_check_status mtr_check_register(struct mtr_check *check);
/* Opens it again for reading; NULL when that fails. */
struct mtr_store *mtr_check_open_register(const struct mtr_check *check, struct mtr_page_damage *ret_damage,
					  enum mtr_store_error *ret_error);

/* restored.c: what a restore leaves until it is adopted; the register has been read. */
enum mtr_check_status mtr_check_restored(struct mtr_check *check);

/* journal.c: all of it; hands the records on to the second register when there is to be one. */
enum mtr_check_status mtr_check_journal(struct mtr_check *check);

#endif
