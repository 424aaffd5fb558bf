#include "tally.h"

#include "contract/commands.h"
#include "contract/errors.h"

#include <inttypes.h>
#include <stdio.h>

/* What has to have happened at least so often in 50,000 operations: about half of what usually does, so that trivial
 * refusals can't fill a run unseen. */
static const struct {
	Mtr__Command__BodyCase tag;
	Mtr__ErrorCode code;
	uint32_t least;
} floors[] = {
#define FLOOR(TAG, CODE, least)                                                                                        \
	{                                                                                                              \
		MTR__COMMAND__BODY_##TAG, MTR__ERROR_CODE__ERROR_CODE_##CODE, least                                    \
	}
#include "floors.inc"
#undef FLOOR
};

#define FLOOR_OPERATIONS 50000u

void tally_count(struct tally *tally, const struct model *m, uint32_t tag, const struct verdict *verdict)
{
	tally->operations++;
	tally->counts[tag][verdict->code]++;
	if (verdict->code != MTR__ERROR_CODE__ERROR_CODE_NONE)
		return;
	tally->displaced += verdict->displaced_id != 0;
	tally->promoted += verdict->promoted_count;
	if (tag != MTR__COMMAND__BODY_PROPOSE)
		return;
	tally->seated += m->nominations[verdict->nomination_id]->state == MTR__STATE__STATE_SEATED;
	tally->waiting += m->nominations[verdict->nomination_id]->state == MTR__STATE__STATE_WAITING;
	tally->late += m->nominations[verdict->nomination_id]->state == MTR__STATE__STATE_LATE;
	tally->supplementary += m->nominations[verdict->nomination_id]->supplementary ? 1 : 0;
}

static const char *code_name(uint32_t code)
{
	return code ? mtr_error_name((Mtr__ErrorCode)code) : "NONE";
}

void tally_print(const struct tally *tally)
{
	for (uint32_t tag = 0; tag < TALLY_COMMANDS; tag++)
		for (uint32_t code = 0; code < TALLY_CODES; code++)
			if (tally->counts[tag][code])
				printf("%-18s %-28s %8" PRIu64 "\n", mtr_command_by_tag(tag)->name, code_name(code),
				       tally->counts[tag][code]);
	printf("%" PRIu64 " operations; nominations seated %" PRIu64 ", waiting %" PRIu64 ", late %" PRIu64
	       ", supplementary %" PRIu64 "; displaced %" PRIu64 ", promoted %" PRIu64 "\n",
	       tally->operations, tally->seated, tally->waiting, tally->late, tally->supplementary, tally->displaced,
	       tally->promoted);
}

static bool meets(const struct tally *tally, const char *what, const char *how, uint64_t count, uint64_t least)
{
	if (count * FLOOR_OPERATIONS >= least * tally->operations)
		return true;
	fprintf(stderr, "%s %s: %" PRIu64 " in %" PRIu64 " operations, wanted %" PRIu64 " in %u\n", what, how, count,
		tally->operations, least, FLOOR_OPERATIONS);
	return false;
}

bool tally_meets_floors(const struct tally *tally)
{
	bool all = meets(tally, "nominations", "seated", tally->seated, 2000) &
		   meets(tally, "nominations", "waiting", tally->waiting, 1000) &
		   meets(tally, "nominations", "late", tally->late, 500) &
		   meets(tally, "nominations", "supplementary", tally->supplementary, 50) &
		   meets(tally, "nominations", "displaced", tally->displaced, 300) &
		   meets(tally, "nominations", "promoted", tally->promoted, 500);

	for (size_t i = 0; i < sizeof floors / sizeof *floors; i++)
		all &= meets(tally, mtr_command_by_tag(floors[i].tag)->name, code_name(floors[i].code),
			     tally->counts[floors[i].tag][floors[i].code], floors[i].least);
	return all;
}
