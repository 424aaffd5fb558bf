/* Is a register whole? What has a form in a data directory is looked at, served or not, and nothing in it is changed.
 */
#ifndef MTR_CHECK_CHECK_H
#define MTR_CHECK_CHECK_H

#include "engine/inspect.h"
#include "store/pages.h"
#include "store/sums.h"

/* One thing that is wrong. */
struct mtr_finding {
	const char *file;          /* its path in the data directory */
	bool placed;               /* it is known where in the file */
	uint64_t offset;           /* in bytes */
	const char *what, *remedy; /* sentences without an end; nothing personal in them */
};

struct mtr_check_options {
	const char *directory;
	/* Where a second register is built from the journal to be compared, and every command decided again: a
	 * directory with room for it. NULL: no second register. */
	const char *scratch;
	void (*found)(void *context, const struct mtr_finding *finding);
	/* How far one step has come; may be NULL. */
	void (*progress)(void *context, const char *step, uint64_t done, uint64_t total);
	void *context;
};

struct mtr_check_result {
	bool served; /* a daemon used the directory meanwhile */
	uint64_t findings;
	/* Where the register's database says that it ends; zeros when not even that can be read. */
	uint64_t revision;
	uint8_t chain[MTR_HASH_BYTES];
	bool readable; /* all of the database's pages are; what follows of it is known then */
	struct mtr_pages_figures pages;
	struct mtr_table_sum sums[MTR_TABLES];
	struct mtr_inspection journal;
	/* Of the second register. */
	bool replayed;
	struct mtr_table_sum replayed_sums[MTR_TABLES];
	uint64_t applied;        /* records: those decided again, and the four kinds below that aren't */
	uint64_t decided;        /* of them, decided again */
	uint64_t otherwise;      /* of those, with another outcome */
	uint64_t of_register;    /* not decided: written by the register itself */
	uint64_t of_other_rules; /* not decided: by rules of another version */
	uint64_t redacted;       /* not decided: something in them has been redacted */
	uint64_t unclear;        /* not decided: not the same, but while a row of somebody redacted was missing */
};

enum mtr_check_status {
	MTR_CHECK_DONE,    /* look at result->findings */
	MTR_CHECK_MISSING, /* no register or journal there */
	MTR_CHECK_NEWER,   /* written by a newer version */
	MTR_CHECK_SCRATCH, /* the scratch directory can't be written, or has no room */
	MTR_CHECK_MEMORY,
	MTR_CHECK_IO, /* the disk or the system reports an error */
};

/* The files, the database, the journal, and with a scratch directory the second register. */
enum mtr_check_status mtr_check(const struct mtr_check_options *options, struct mtr_check_result *ret_result);

/* The database alone. */
enum mtr_check_status mtr_check_database(const struct mtr_check_options *options, struct mtr_check_result *ret_result);

/* The journal alone, for whoever holds the directory's lock: it must reach the revision of `database`, and be of one
 * history with it. What mtr_check_database found may have been damaged; all zeros ask for nothing. */
enum mtr_check_status mtr_check_whole_journal(const struct mtr_check_options *options,
					      const struct mtr_check_result *database,
					      struct mtr_check_result *ret_result);

#endif
