/* Whose entries of the journal a principal may read. */
#ifndef MTR_READER_LOG_SCOPE_H
#define MTR_READER_LOG_SCOPE_H

#include "matricula/v1/journal.pb-c.h"
#include "reader/query.h"

/* Principals remembered while a log page is read; where two collide one is read again. */
#define MTR_LOG_PRINCIPALS 1024u

struct mtr_log_principal {
	uint32_t id;
	const char *name;
	bool visible;
};

struct mtr_log_scope {
	struct mtr_query *q;
	bool all;                                         /* auditor, operator */
	bool nominations;                                 /* organiser: by the nominations in its programmes too */
	uint32_t root_id;                                 /* of the subtree whose principals count */
	struct mtr_log_principal met[MTR_LOG_PRINCIPALS]; /* at the id modulo their number */
};

void mtr_log_scope_init(struct mtr_log_scope *scope, struct mtr_query *q);
/* Name and whether that principal's entries may be read; id 0 is the register itself. */
struct mtr_log_principal mtr_log_scope_principal(struct mtr_log_scope *scope, uint32_t principal_id);
/* Whether an entry may be read. */
bool mtr_log_scope_takes(struct mtr_log_scope *scope, const Mtr__RecordHeader *header);
/* Whether the principal may know of this nomination, or person; it may have ended. */
bool mtr_log_scope_nomination(struct mtr_log_scope *scope, uint64_t nomination_id);
bool mtr_log_scope_person(struct mtr_log_scope *scope, uint32_t person_id);

#endif
