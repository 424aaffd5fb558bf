/* Takes out of the journal what redactions have blanked in the rows: commands, answers and former rows that hold data
 * of those people go, with their salts; their hashes stay, and so do digests and chain.
 *
 * All files are written anew beside the old ones before the first takes an old one's place, so that wherever it is
 * interrupted it can be done over or finished: until then nothing of what tells whose data are whose is gone. */
#ifndef MTR_REDACTION_REDACTION_H
#define MTR_REDACTION_REDACTION_H

#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct mtr_redaction_options {
	struct mtr_store *store; /* has come as far as the journal */
	const char *journal;     /* directory; nobody has it open for writing */
	const char *state;       /* path of the file that says how far this has come */
};

struct mtr_redaction_result {
	uint64_t people;
	uint64_t leaves; /* taken out */
};

/* True in *ret_pending when there is something to do. 0, or -errno; -EIO when the store can't be read. */
int mtr_redaction_pending(const struct mtr_redaction_options *options, bool *ret_pending);

/* Does it. 0; -EBADMSG when the journal is damaged; -ENOSPC, -ENOMEM, -EIO or another -errno: the journal is as it was,
 * or partly done, and whole in either case. */
int mtr_redaction_run(const struct mtr_redaction_options *options, struct mtr_redaction_result *ret_result);

#endif
