#include "matricula/matricula.h"
#include "program/i18n.h"
#include "words/words.h"

#include <string.h>

/* By the library's own names, so that this program needn't know all that its library does. */
static const struct {
	const char *name;
	const char *text;
} sentences[] = {
	{"OK", N_("Done.")},
	{"USAGE", N_("The settings can't be used: check endpoint and server key.")},
	{"MEMORY", N_("Not enough memory.")},
	{"KEY_FILE",
	 N_("This desk's key file is missing, damaged, or readable by others. “matricula keygen” makes one; "
	    "“chmod 600” closes it.")},
	{"STATE", N_("The state directory can't be used. Check that it exists and belongs to you.")},
	{"STATE_BUSY", N_("Another matricula is sending from this outbox. Wait until it has finished.")},
	{"STATE_FULL", N_("The disk is full; nothing was queued. Make room and try again.")},
	{"NO_LINK", N_("The server can't be reached.")},
	{"KEY_REFUSED", N_("The server doesn't accept this desk's key: it isn't registered, or it is revoked. Give the "
			   "operator the public key that “matricula whoami” shows.")},
	{"SERVER_KEY", N_("The server isn't the one whose key is in the settings. Don't go on; ask the operator.")},
	{"VERSION", N_("This program and the server have no version of the protocol in common.")},
	{"PROTOCOL", N_("The server's answer can't be read. Client and server may be of different versions.")},
	{"HALTED", N_("The outbox is stopped.")},
	{"TOO_LARGE", N_("The command is larger than the server takes. Split it.")},
	{"SERVER_BEHIND",
	 N_("The register has lost entries it had acknowledged: it was set back to a backup. Don't enter "
	    "them again; tell the operator.")},
	{"STATE_KEY",
	 N_("The state directory belongs to another key. Use a state directory of its own for every key.")},
	{"STATE_NEWER",
	 N_("The state directory was written by a newer version of this program. Install that version.")},
	{"BUSY",
	 N_("The server asks for patience: it is busy, or gathers what a restore lost. Nothing is lost; try again "
	    "later. “matricula outbox list” shows the reason for each entry.")},
	{"EXISTS", N_("There is already a key file; it isn't overwritten.")},
	{"NO_MIRROR", N_("There is no mirror on this machine yet.")},
	{"MIRROR_DAMAGED",
	 N_("The mirror on this machine is damaged, or of an older version; it is read anew with the next link.")},
	{"MIRROR_FOREIGN", N_("The mirror on this machine is of another server; it is replaced with the next link.")},
	{"NO_ENTRY",
	 N_("The outbox holds no refused entry of that number. “matricula outbox list” shows the numbers.")},
	{"BUNDLE_FILE", N_("The file can't be read or written.")},
	{"BUNDLE_EXISTS", N_("There is a file of that name already; it isn't overwritten.")},
	{"BUNDLE_DAMAGED", N_("This isn't a bundle, or it was cut off or changed on the way. Have it made again.")},
	{"BUNDLE_KIND", N_("A bundle of entries goes into “matricula bundle apply”, a file of answers into “matricula "
			   "outbox import”. This is the other one.")},
	{"BUNDLE_NEWER", N_("The bundle was written by a newer version of this program. Install that version.")},
	{"BUNDLE_SERVER", N_("The bundle is for another server than the one in the settings.")},
	{"BUNDLE_DESK", N_("These answers are another desk's; only that desk can take them up.")},
	{"AUDIT_KEY", N_("The register signs its history with another key than the one this desk noted at the first "
			 "contact. Nothing "
			 "was taken over. Don't go on; keep the mirror and tell the auditor.")},
	{"HISTORY", N_("The register's history isn't the one this desk remembers: something in it was changed or taken "
		       "away. Nothing "
		       "was taken over. Don't go on; keep the mirror and tell the auditor.")},
	{"UNSIGNED",
	 N_("The register was restored from a backup, and nobody this desk trusts has signed for it. Nothing was sent "
	    "and "
	    "nothing is lost. Don't go on; ask the operator by telephone whether the register was restored. When this "
	    "desk never "
	    "noted a recovery key, the operator tells it, for “matricula recovery trust”. Operators ask whoever keeps "
	    "the recovery key whether it signed this restore, and take its public half from there, not from the "
	    "server.")},
	{"CLASS_DIFFERS",
	 N_("The class's list didn't arrive whole, twice; nothing was written. Try again; if that doesn't "
	    "help, tell the operator.")},
	{"INTERRUPTED", N_("Stopped. Nothing is lost.")},
	{"MIRROR_DIFFERS", N_("The mirror differs from the register even after it was read anew. Tell the operator.")},
};

const char *mtr_words_client_error(int error)
{
	const char *name = mtr_client_error_name(error);

	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
		if (strcmp(sentences[i].name, name) == 0)
			return _(sentences[i].text);
	}
	return name;
}
