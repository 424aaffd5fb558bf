/* The register written again for clarity from docs/rules.md and docs/nomination.md: plain arrays that are searched
 * from end to end, lists that are sorted when their order is asked for. It shares the messages with the register and
 * nothing else. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "contract/arena.h"
#include "contract/limits.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_UNITS 64
#define MODEL_PRINCIPALS 128
#define MODEL_TITLES 64
#define MODEL_PEOPLE 1024
#define MODEL_PLANS 16
#define MODEL_PROGRAMMES 48
#define MODEL_LEDGER 8192
#define MODEL_LETTERS 4096
#define MODEL_NOMINATIONS 8192
#define MODEL_DECISIONS 4096
#define MODEL_CLASSES 1024
#define MODEL_SUMMONSES 4096

/* What a nomination is ordered by, smaller first: group, four tie-breaks, the unit's order, id. */
#define MODEL_RANK_PARTS 7
struct rank {
	uint64_t parts[MODEL_RANK_PARTS];
};

/* Rows by id; [0] is unused. Rows are the register's own messages, so that they can be compared as they are. */
struct model {
	struct mtr_arena *arena; /* of the whole run */
	uint64_t now;
	uint32_t today;
	Mtr__Unit *units[MODEL_UNITS];
	Mtr__Principal *principals[MODEL_PRINCIPALS];
	Mtr__Title *titles[MODEL_TITLES];
	Mtr__Person *people[MODEL_PEOPLE]; /* replaced, never changed: particulars keep the old one */
	Mtr__Plan *plans[MODEL_PLANS];
	Mtr__Programme *programmes[MODEL_PROGRAMMES];
	Mtr__Allocation *allocations[MODEL_PROGRAMMES][MODEL_UNITS]; /* NULL: all zeros */
	Mtr__LedgerEntry *ledger[MODEL_LEDGER];
	Mtr__Letter *letters[MODEL_LETTERS];
	Mtr__Nomination *nominations[MODEL_NOMINATIONS];
	struct rank ranks[MODEL_NOMINATIONS]; /* as of arrival */
	Mtr__Decision *decisions[MODEL_DECISIONS];
	Mtr__Class *classes[MODEL_CLASSES];
	Mtr__Summons *summonses[MODEL_SUMMONSES];
	Mtr__Enrolment *enrolments[MODEL_NOMINATIONS]; /* by nomination */
	uint32_t unit_count, principal_count, title_count, person_count, plan_count, programme_count, ledger_count,
		letter_count, nomination_count, decision_count, class_count, summons_count;
};

/* What the model answers. */
struct verdict {
	Mtr__ErrorCode code;
	Mtr__ConditionKind findings[MTR_CONDITIONS_MAX]; /* of NOT_ELIGIBLE, in the order of the conditions */
	size_t finding_count;
	uint64_t number; /* of an error that carries one */
	bool has_number;
	uint64_t nomination_id; /* acknowledged; 0: done */
	uint64_t displaced_id, promoted_id;
	Mtr__EntityType type; /* of what is done */
	uint64_t id;
	bool created;
	const Mtr__Allocation *allocation; /* of quota commands */
	uint32_t changed;
	uint64_t promoted[MTR_EFFECTS_MAX];
	size_t promoted_count;
};

/* An empty register with one operator, who has id 1 and this key. */
struct model *model_new(struct mtr_arena *arena, uint64_t now, const uint8_t operator_key[MTR_KEY_BYTES]);

/* Decides and, unless refused, carries out. `now` is never less than before. */
void model_execute(struct model *model, uint32_t principal_id, uint64_t now, const Mtr__Command *command,
		   struct verdict *ret_verdict);

/* Ids by code; 0 when there is none. */
uint32_t model_unit(const struct model *model, const char *code);
uint32_t model_title(const struct model *model, const char *code);
uint32_t model_plan(const struct model *model, const char *code);
uint32_t model_programme(const struct model *model, const char *code);
uint32_t model_class(const struct model *model, const char *code);

/* The tree. */
bool model_within(const struct model *model, uint32_t unit_id, uint32_t root_id);
uint32_t model_acting_root(const struct model *model, uint32_t unit_id);
uint32_t model_root(const struct model *model);

/* A part's figures. */
uint32_t model_seats(const struct model *model, uint32_t programme_id, uint32_t unit_id);
uint32_t model_held(const struct model *model, uint32_t programme_id, uint32_t unit_id);
uint32_t model_waiting(const struct model *model, uint32_t programme_id, uint32_t unit_id);
bool model_frozen(const struct model *model, uint32_t programme_id, uint32_t unit_id);
uint32_t model_programme_sum(const struct model *model, uint32_t programme_id);

/* Ids of a part's nominations in this state, best first; at most `most` of them, returns how many there are. */
size_t model_ordered(const struct model *model, uint32_t programme_id, uint32_t unit_id, Mtr__State state,
		     uint64_t *ret_ids, size_t most);

/* Place among the part's seated and waiting together, from 1. */
uint32_t model_rank(const struct model *model, uint64_t nomination_id);

/* The states' columns of docs/nomination.md. */
bool model_holds_seat(Mtr__State state);
bool model_stands_in_the_way(Mtr__State state);
/* No step leads on from it. */
bool model_is_final(Mtr__State state);

/* The nomination that stands in the way of another; 0 if none. */
uint64_t model_in_the_way(const struct model *model, uint32_t person_id, uint32_t programme_id);

/* True if the programme's quota is exceeded or a part has a free seat while somebody waits, and the like: the model
 * itself is wrong. `ret_what` says what. */
bool model_is_broken(const struct model *model, const char **ret_what);

#endif
