#include "tally.h"

#include "contract/commands.h"
#include "contract/errors.h"

#include <inttypes.h>
#include <stdio.h>

void tally_count(struct tally *tally, const struct model *m, uint32_t tag, const struct verdict *verdict)
{
	tally->operations++;
	if (verdict->code == MTR__ERROR_CODE__ERROR_CODE_NOT_REGISTERED) {
		tally->not_registered++;
		return;
	}
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

const char *tally_code_name(Mtr__ErrorCode code)
{
	return code == MTR__ERROR_CODE__ERROR_CODE_NONE ? "NONE" : mtr_error_name(code);
}

void tally_print(const struct tally *tally)
{
	for (uint32_t tag = 0; tag < TALLY_COMMANDS; tag++)
		for (uint32_t code = 0; code < TALLY_CODES; code++)
			if (tally->counts[tag][code])
				printf("%-18s %-28s %8" PRIu64 "\n", mtr_command_by_tag(tag)->name,
				       tally_code_name((Mtr__ErrorCode)code), tally->counts[tag][code]);
	printf("%" PRIu64 " operations; nominations seated %" PRIu64 ", waiting %" PRIu64 ", late %" PRIu64
	       ", supplementary %" PRIu64 "; displaced %" PRIu64 ", promoted %" PRIu64 "\n",
	       tally->operations, tally->seated, tally->waiting, tally->late, tally->supplementary, tally->displaced,
	       tally->promoted);
}
