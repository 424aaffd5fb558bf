#include "commands/journal_damage.h"

#include "program/i18n.h"

#include <inttypes.h>
#include <string.h>

/* mtr_inspect's own words, so that the catalogues have them. */
static const char *const reasons[] = {
	N_("a frame is damaged"),
	N_("a frame is damaged, and one follows it"),
	N_("a record of the frame can't be read"),
	N_("behind the frame there are bytes that mean nothing"),
	N_("behind the frames there are bytes that mean nothing"),
	N_("behind the header there are bytes that mean nothing"),
	N_("the file has been cut or grown"),
	N_("the frame doesn't continue the chain"),
	N_("the header is damaged"),
	N_("the segment doesn't continue the chain"),
	N_("the segment is of another journal than the one before it"),
};

static const char *reason_words(const char *what)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(reasons[i], what) == 0)
			return _(reasons[i]);
	return what;
}

void mtr_journal_damaged(struct mtr_call *call, const struct mtr_damage *damage, const struct mtr_inspect_gap *gap,
			 const char *what)
{
	if (damage->kind == MTR_DAMAGE_MISSING)
		mtr_fail(call, 0,
			 _("%s: This segment file, or more than this one, is missing: the entries %" PRIu64
			   " to %" PRIu64 " aren't there."),
			 damage->file, gap->first, gap->last);
	else
		mtr_fail(call, 0, _("%s, byte %" PRIu64 ": %s (%s)"), damage->file, damage->offset,
			 _("The file is damaged."), reason_words(what));
}
