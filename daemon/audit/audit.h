/* An auditor's look at a journal, or a copy of one, without the register: frames, records, the chain, whether the
 * checkpoints in it are signed and true, whether every redacted leaf is one that a redaction took out, and whether it
 * is the history that a desk remembers. */
#ifndef MTR_AUDIT_AUDIT_H
#define MTR_AUDIT_AUDIT_H

#include "contract/known_history.h"
#include "engine/inspect.h"

#include <stdbool.h>
#include <stdint.h>

/* What is wrong; told for each finding, some of which follow from one another. */
enum mtr_audit_finding {
	MTR_AUDIT_DAMAGE,       /* bytes: `what` is a sentence without an end */
	MTR_AUDIT_CHAIN,        /* what follows the frame isn't what was written behind it, as it is now */
	MTR_AUDIT_HEADER,       /* a record says of itself what can't be */
	MTR_AUDIT_CHECKPOINT,   /* a checkpoint isn't of the history before it */
	MTR_AUDIT_SIGNATURE,    /* it isn't signed by the audit key */
	MTR_AUDIT_REDACTED,     /* contents were taken out that no later redaction names */
	MTR_AUDIT_KNOWN,        /* another history than the one a desk remembers */
	MTR_AUDIT_KNOWN_BEYOND, /* it ends before what a desk remembers */
};

struct mtr_audit_report {
	enum mtr_audit_finding finding;
	struct mtr_damage
		where;     /* file and offset; of a record: of its frame. The file is empty for what isn't there */
	uint64_t revision; /* 0: of no record; of CHAIN: the frame's last one */
	const char *what;  /* of DAMAGE, else NULL */
	uint64_t first;    /* of CHAIN: the frame's first revision, else 0 */
	struct mtr_inspect_gap gap; /* of DAMAGE of kind MISSING */
};

struct mtr_audit_options {
	const char *directory;                 /* of the segment files */
	const uint8_t *key;                    /* that must have signed; NULL: whichever signed first */
	const struct mtr_known_history *known; /* NULL: none; its key counts when `key` is NULL */
	void (*report)(void *context, const struct mtr_audit_report *report);
	void *context;
};

struct mtr_audit_result {
	struct mtr_inspection journal;
	uint64_t records, checkpoints, redactions, redacted_leaves;
	uint64_t findings;
	uint64_t good;                /* with damage: the last record known to be good; no later one was looked at */
	uint64_t checkpoint_revision; /* that the newest good checkpoint covers; 0: none */
	bool has_key;
	uint8_t key[MTR_KEY_BYTES]; /* by which checkpoints were judged */
	bool known_met;             /* the remembered checkpoint is of this history */
};

/* Of a copy, or while nobody writes. 0, also with findings; errors of mtr_inspect; -E2BIG with more redacted records
 * than this looks after. */
int mtr_audit(const struct mtr_audit_options *options, struct mtr_audit_result *ret_result);

#endif
