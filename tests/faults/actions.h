/* What is done to a register while nobody serves it, and must come to a good end at the next attempt whatever fails at
 * the first: a start that clears the journal of who was redacted, rebuild, restore, adopt. */
#ifndef FAULTS_ACTIONS_H
#define FAULTS_ACTIONS_H

#include "inspect.h"

#define ACTIONS 4u

/* What an action is done with; the same for all its attempts. */
struct material {
	const char *scratch; /* a directory for files that nothing happens to */
	struct script script;
	struct history history;
	struct promise promise;
	char key[PATH_MAX];       /* file with the secret key of the backups */
	char statement[PATH_MAX]; /* signed, of a restore */
	uint64_t incarnation;     /* which it gives to the register */
	char reason[900];         /* what was wrong */
};

struct action {
	const char *name;
	bool cut; /* the power is cut too after each attempt: it renames no directory */
	/* Makes in `root` what the action is done to. */
	bool (*prepare)(struct material *material, const char *root);
	/* Does it, as matriculad does. */
	enum mtr_exit_status (*run)(const struct material *material, const char *root);
	/* Is what lies there whole, or plainly not a register? `done`: an attempt was told to have succeeded. Changes
	 * what lies there. */
	bool (*inspect)(struct material *material, const char *root, bool done);
};

/* NULL when there is none of that name. */
const struct action *action_named(const char *name);

/* For the actions' own files. */
extern const struct action restore_action, adopt_action;
bool material_wrong(struct material *material, const char *what);
/* Has a register live in `root`/data until somebody has been redacted; with `cleared` from the journal too. */
bool material_live(struct material *material, const char *root, bool cleared);

#endif
