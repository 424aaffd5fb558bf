/* Commands, and the steps of the table of states, as the register names them in machine texts. */
#include "program/i18n.h"
#include "words/words.h"

#include <string.h>

static const struct {
	const char *name;
	const char *text;
} steps[] = {
	{"put_unit", N_("record a unit")},
	{"dissolve_unit", N_("dissolve a unit")},
	{"put_principal", N_("register a key")},
	{"revoke_principal", N_("revoke a key")},
	{"put_title", N_("record a title")},
	{"put_person", N_("record a person")},
	{"put_plan", N_("record a plan")},
	{"put_programme", N_("record a programme")},
	{"register_demand", N_("register demand")},
	{"allocate", N_("grant seats")},
	{"transfer", N_("transfer seats")},
	{"return_seats", N_("return seats")},
	{"put_letter", N_("record a letter")},
	{"propose", N_("put forward")},
	{"withdraw", N_("withdraw")},
	{"substitute", N_("substitute")},
	{"settle_late", N_("settle a late entry")},
	{"vet", N_("vet")},
	{"freeze", N_("freeze a list")},
	{"decide", N_("decide")},
	{"forward", N_("forward files")},
	{"open_class", N_("open a class")},
	{"summon", N_("summon")},
	{"enrol", N_("enrol")},
	{"close_class", N_("record results")},
	{"redact", N_("redact a person")},
	{"checkpoint", N_("sign the history")},
	{"close_outbox", N_("close an outbox")},
	{"end_reconciliation", N_("end the gathering after a restore")},
	{"incarnation", N_("set back to a backup")},
	{"displace", N_("displace")},
	{"promote", N_("promote")},
	{"settle_late accept", N_("accept a late entry")},
	{"settle_late refuse", N_("refuse a late entry")},
	{"vet eligible", N_("vet as eligible")},
	{"vet not eligible", N_("vet as not eligible")},
	{"decide approve", N_("approve")},
	{"decide refuse", N_("refuse to send")},
	{"forward sent", N_("send the files")},
	{"forward accepted", N_("record that the school accepts")},
	{"forward rejected", N_("record that the school rejects")},
	{"enrol present", N_("enrol")},
	{"enrol excused", N_("record an absence with leave")},
	{"enrol absent", N_("record an absence without leave")},
	{"close_class completed", N_("record completion")},
	{"close_class failed", N_("record a failure")},
	{"close_class left", N_("record who left the course")},
	{"close_class deferred", N_("record a deferral")},
};

const char *mtr_words_step(const char *name)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(steps[i].name, name) == 0)
			return _(steps[i].text);
	}
	return NULL;
}
