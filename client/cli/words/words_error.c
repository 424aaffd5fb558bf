#include "output/show.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <inttypes.h>
#include <string.h>

#define SHOWN_MAX 80u /* bytes of a value that was given */
#define CODE(name) MTR__ERROR_CODE__ERROR_CODE_##name

struct sentence {
	Mtr__ErrorCode code;
	const char *text;
	const char *remedy; /* NULL: the sentence says it */
	const char *number; /* how Error.number is called; NULL: it isn't shown */
	unsigned flags;     /* enum below */
};

enum {
	NUMBER_IS_TIME = 1,
	FIELD_SAID = 2,     /* the sentence names the field */
	WANTED_IS_STEP = 4, /* found is a state, wanted what was to be done */
};

static const struct sentence sentences[] = {
	{CODE(MALFORMED), N_("The server couldn't read the request."),
	 N_("Client and server may be of different versions; install the same version on both."), NULL, 0},
	{CODE(TOO_LARGE), N_("The request is larger than the server takes."), N_("Split it into smaller ones."), NULL,
	 0},
	{CODE(UNKNOWN_REQUEST), N_("The server doesn't know this kind of request."),
	 N_("The server is older than this program; have it updated."), NULL, 0},
	{CODE(UNKNOWN_COMMAND), N_("The server doesn't know this command."),
	 N_("The server is older than this program; have it updated."), NULL, 0},
	{CODE(VERSION_UNSUPPORTED), N_("This program and the server have no version of the protocol in common."),
	 N_("Install the same version on both."), NULL, 0},
	{CODE(HELLO_REQUIRED), N_("The server doesn't know this connection any more."), N_("Try again."), NULL, 0},
	{CODE(NOT_REGISTERED), N_("This desk's key isn't registered."),
	 N_("Give the operator the public key that “matricula whoami” shows."), NULL, 0},
	{CODE(REVOKED), N_("This desk's key has been revoked."), N_("Ask the operator for a new registration."), NULL,
	 0},
	{CODE(BUSY), N_("The server is busy."), N_("Try again a little later; nothing was lost."), NULL, 0},
	{CODE(STOPPING), N_("The server is stopping."), N_("Try again a little later; nothing was lost."), NULL, 0},
	{CODE(AHEAD_OF_REGISTER), N_("The register is older than what this desk has already seen."),
	 N_("Tell the operator: it may have been restored from a backup."), N_("its latest entry: {number}"), 0},
	{CODE(CURSOR_INVALID), N_("The list can't be continued from here."), N_("Start it again."), NULL, 0},
	{CODE(TIMED_OUT), N_("The server didn't get to it in time."), N_("Try again a little later."), NULL, 0},
	{CODE(STORAGE_FULL), N_("The server's disk is full and takes no changes."), N_("Tell the operator."), NULL, 0},

	{CODE(SEQUENCE_GAP), N_("The outbox and the server disagree about what was sent."), N_("Send again."),
	 N_("the server expects entry {number}"), FIELD_SAID},
	{CODE(SEQUENCE_CONTENTS), N_("An entry of the outbox has already been sent with other contents."),
	 N_("Two copies of this outbox may be in use; use only one and tell the operator."), NULL, FIELD_SAID},
	{CODE(OUTBOX_OUTDATED), N_("This outbox is an old copy."),
	 N_("Put the present state directory back, or use an empty one and check what was sent with “matricula log”."),
	 NULL, FIELD_SAID},
	{CODE(OUTBOX_FORKED), N_("Two copies of this outbox are in use."),
	 N_("Keep the one that was used last and use an empty state directory on the other machine."), NULL,
	 FIELD_SAID},
	{CODE(OUTBOX_FOREIGN), N_("This outbox belongs to another key."),
	 N_("Use a state directory of its own for every key."), NULL, FIELD_SAID},

	{CODE(RECONCILING), N_("The register was restored from a backup and is gathering what it lost."),
	 N_("Nothing is lost; this is done when the other desks have reported. The operator can end the waiting."),
	 N_("outboxes still missing: {number}"), 0},
	{CODE(OUTBOX_CLOSED),
	 N_("This outbox was closed after the register was restored; another one has taken its place."),
	 N_("It is an old copy: put the present state directory back, or use an empty one."), NULL, FIELD_SAID},

	{CODE(ROLE_REFUSED), N_("The role of this desk doesn't allow this."),
	 N_("“matricula whoami” shows the role; ask the body that is responsible."), NULL, 0},
	{CODE(OUT_OF_SCOPE), N_("This lies outside what this desk is responsible for."),
	 N_("Check the code; “matricula whoami” shows the unit."), NULL, 0},
	{CODE(NOT_MANAGING_BODY), N_("Another body manages this person and decides."),
	 N_("Leave the entry to the managing body."), NULL, 0},

	{CODE(FIELD_MISSING), N_("Something is missing: {field}."), N_("Fill it in."), NULL, 0},
	{CODE(FIELD_TOO_LONG), N_("Too long: {field}."), N_("Shorten it."), N_("bytes allowed: {number}"), 0},
	{CODE(FIELD_NOT_UTF8), N_("Not Unicode (UTF-8): {field}."),
	 N_("It looks like TCVN3, VNI or another old encoding; convert the text to Unicode."), NULL, 0},
	{CODE(FIELD_NOT_NFC), N_("Letters and tone marks aren't composed (NFC): {field}."),
	 N_("Type it again on a Unicode keyboard."), NULL, 0},
	{CODE(FIELD_LOOKALIKE), N_("The letter Ð (U+00D0) stands where Đ is meant: {field}."),
	 N_("Type the Vietnamese Đ."), NULL, 0},
	{CODE(FIELD_CHARACTER), N_("A character that isn't allowed there: {field}."), N_("Remove it."), NULL, 0},
	{CODE(FIELD_FORMAT), N_("Not in the expected form: {field}."), NULL, NULL, 0},
	{CODE(FIELD_RANGE), N_("Out of range: {field}."), NULL, NULL, 0},
	{CODE(FIELD_VALUE), N_("A value that isn't allowed there: {field}."), NULL, NULL, 0},
	{CODE(TOO_MANY_ITEMS), N_("Too many at once: {field}."), N_("Split them into several commands."),
	 N_("allowed: {number}"), 0},
	{CODE(DATE_INVALID), N_("Not a date of the calendar: {field}."), N_("Write dd/mm/yyyy."), NULL, 0},
	{CODE(DATE_FUTURE), N_("The date lies in the future: {field}."), N_("Check the year."), NULL, 0},
	{CODE(CITIZEN_NUMBER_LENGTH), N_("The citizen number doesn't have 12 digits."),
	 N_("Format the column as text: a spreadsheet drops leading zeros."), NULL, FIELD_SAID},
	{CODE(CITIZEN_NUMBER_DIGITS), N_("The citizen number holds something other than digits."),
	 N_("Write its 12 digits without spaces or dots."), NULL, FIELD_SAID},
	{CODE(CITIZEN_NUMBER_PLACE), N_("The citizen number begins with a place code that doesn't exist (001 to 096)."),
	 N_("Compare it with the card."), NULL, FIELD_SAID},
	{CODE(CITIZEN_NUMBER_SEX), N_("The citizen number belongs to a person of the other sex."),
	 N_("Check number and sex against the card; its fourth digit is even for men and odd for women."), NULL,
	 FIELD_SAID},
	{CODE(CITIZEN_NUMBER_BIRTH), N_("The citizen number and the year of birth don't agree."),
	 N_("Check both against the card."), NULL, FIELD_SAID},
	{CODE(CITIZEN_NUMBER_TAKEN), N_("The citizen number is already on record for another person."),
	 N_("Compare it with the card; if it is right, ask the organiser to clear it up."), NULL, FIELD_SAID},
	{CODE(PARTICULARS_DIFFER), N_("What was given differs from the record: {field}."),
	 N_("Correct the list, or the record with “matricula person put”."), NULL, 0},

	{CODE(UNKNOWN_UNIT), N_("There is no such unit."), N_("“matricula unit list” shows the codes."), NULL, 0},
	{CODE(UNKNOWN_PROGRAMME), N_("There is no such programme."), N_("“matricula programme list” shows the codes."),
	 NULL, 0},
	{CODE(UNKNOWN_PLAN), N_("There is no such plan."), N_("“matricula plan list” shows the codes."), NULL, 0},
	{CODE(UNKNOWN_TITLE), N_("There is no such title."), N_("“matricula title list” shows the codes."), NULL, 0},
	{CODE(UNKNOWN_PERSON), N_("There is no such person in the unit."),
	 N_("Record the person first with “matricula person put”, or check number, name and birth."), NULL, 0},
	{CODE(AMBIGUOUS_PERSON), N_("Several people have this name, birth and unit."),
	 N_("Give the citizen number, or the person's number from “matricula person list”."), NULL, 0},
	{CODE(UNKNOWN_NOMINATION), N_("There is no such nomination."),
	 N_("“matricula nomination list” shows the numbers."), NULL, 0},
	{CODE(UNKNOWN_LETTER), N_("There is no such letter of this unit and programme."),
	 N_("“matricula letter list” shows the numbers."), NULL, 0},
	{CODE(UNKNOWN_CLASS), N_("There is no such class."), N_("“matricula class list” shows the codes."), NULL, 0},
	{CODE(UNKNOWN_PRINCIPAL), N_("There is no such key."), N_("“matricula principal list” shows them."), NULL, 0},
	{CODE(CODE_TAKEN), N_("The code is already in use."), N_("Choose another."), NULL, 0},
	{CODE(KEY_TAKEN), N_("The key was registered before and has been revoked."),
	 N_("Make a new one with “matricula keygen”."), NULL, 0},
	{CODE(UNIT_CYCLE), N_("The unit would come to stand below itself."), N_("Choose another parent."), NULL, 0},
	{CODE(UNIT_DISSOLVED), N_("The unit has been dissolved."), N_("Use its successor."), NULL, 0},
	{CODE(UNIT_IN_USE), N_("Units still stand below this one."), N_("Move or dissolve them first."), NULL, 0},
	{CODE(LAST_OPERATOR), N_("This is the last operator's key."), N_("Register another operator first."), NULL, 0},

	{CODE(WINDOW_NOT_OPEN), N_("The period for this hasn't begun."), NULL, N_("it begins {number}"),
	 NUMBER_IS_TIME},
	{CODE(WINDOW_CLOSED), N_("The deadline has passed."), N_("Ask the organiser."), N_("it ended {number}"),
	 NUMBER_IS_TIME},
	{CODE(NOT_ELIGIBLE), N_("The person doesn't meet the programme's conditions:"), NULL, NULL, 0},
	{CODE(ALREADY_NOMINATED), N_("The person has already been put forward to this programme."), NULL,
	 N_("nomination {number}"), 0},
	{CODE(ALREADY_NOMINATED_ELSEWHERE), N_("Another unit has already put this person forward to this programme."),
	 N_("Ask the organiser."), NULL, 0},
	{CODE(STANDARD_ALREADY_HELD), N_("The person already holds what this programme gives."),
	 N_("Put another person forward."), NULL, 0},
	{CODE(SEATS_OVER_PROGRAMME), N_("That is more than the programme's seats in force."),
	 N_("Take seats back elsewhere, or have the programme's figure raised by a document."), NULL, 0},
	{CODE(SEATS_OVER_LEFT), N_("That is more seats than nobody holds."), NULL, N_("seats left: {number}"), 0},
	{CODE(LIST_FROZEN), N_("The unit's list has been frozen."), N_("Ask the organiser."), NULL, 0},
	{CODE(LIST_NOT_FROZEN), N_("The unit's list hasn't been frozen yet."),
	 N_("The organiser freezes it first: “matricula freeze”."), NULL, 0},
	{CODE(LETTER_REQUIRED), N_("The letter or its number is missing."),
	 N_("The unit completes it with “matricula letter put”."), NULL, 0},
	{CODE(TRANSITION_REFUSED), N_("The nomination isn't in a state that allows this."),
	 N_("“matricula nomination show” tells where it stands."), NULL, WANTED_IS_STEP},
	{CODE(SUPPLEMENTARY_REQUIRED), N_("The nomination got its seat after the freeze."),
	 N_("Issue a supplementary decision (--supplementary)."), NULL, 0},
	{CODE(APPROVAL_REQUIRED), N_("A class of the state bloc needs an approval before it opens."),
	 N_("Give its number (--approval)."), NULL, 0},
	{CODE(CLASS_FULL), N_("The class has no room for so many."), N_("Summon fewer, or open another class."),
	 N_("places left: {number}"), 0},
	{CODE(CLASS_CLOSED), N_("The class is closed."), NULL, NULL, 0},
	{CODE(WRONG_PROGRAMME), N_("The entry belongs to another programme."), N_("Check the number and the code."),
	 NULL, 0},
	{CODE(NOT_VETTED), N_("The nomination hasn't been vetted."),
	 N_("The organiser vets it first: “matricula vet”."), NULL, 0},
	{CODE(DOCUMENT_REQUIRED), N_("This needs a document: {field}."), N_("Give its number (--document)."), NULL, 0},
	{CODE(SESSION_CONFLICT), N_("The person has another class on those days."),
	 N_("Choose other days or another class."), NULL, 0},

	{CODE(PERSON_REDACTED), N_("What the register held of this person was taken out."),
	 N_("The person can't be put forward or changed any more."), NULL, 0},
	{CODE(NOMINATION_OPEN), N_("A nomination of this person may still change."),
	 N_("Withdraw it, or have it decided, first."), N_("nomination {number}"), 0},
	{CODE(ANSWER_REDACTED), N_("The answer to this entry was taken out with a person's data."),
	 N_("Look the outcome up in the lists."), NULL, 0},

	{CODE(NOT_RECONCILING), N_("The register isn't gathering anything: there is nothing to end."),
	 N_("Nothing to do."), NULL, 0},
};

static const struct sentence *find(Mtr__ErrorCode code)
{
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
		if (sentences[i].code == code)
			return &sentences[i];
	}
	return NULL;
}

bool mtr_words_error_known(Mtr__ErrorCode code)
{
	return find(code) != NULL;
}

/* `text` with {name} replaced by `value`. */
static void add_filled(struct mtr_growing *out, const char *text, const char *name, const char *value)
{
	const char *place = strstr(text, name);

	if (!place) {
		mtr_growing_text(out, text);
		return;
	}
	mtr_growing_add(out, text, (size_t)(place - text));
	mtr_growing_text(out, value);
	mtr_growing_text(out, place + strlen(name));
}

static void add_detail(struct mtr_growing *details, const char *text, const char *name, const char *value)
{
	mtr_growing_text(details, details->size ? "; " : "");
	add_filled(details, text, name, value);
}

/* Somebody's whole paragraph in the wrong column needn't be repeated to be recognised. */
static const char *shortened(struct mtr_arena *arena, const char *text)
{
	size_t size = strlen(text);

	if (size <= SHOWN_MAX)
		return text;
	for (size = SHOWN_MAX; size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80; size--)
		;
	return mtr_must_print(arena, "%.*s…", (int)size, text);
}

static bool is_time(const char *field)
{
	const char *last = strrchr(field, '.');
	return last && (strcmp(last, ".opens") == 0 || strcmp(last, ".closes") == 0);
}

/* " (field …; found …; wanted …; number …)" of what is known; nothing of nothing. */
static void add_details(struct mtr_growing *out, struct mtr_arena *arena, const Mtr__Error *error,
			const struct sentence *sentence)
{
	const bool step = sentence && (sentence->flags & WANTED_IS_STEP);
	struct mtr_growing details = {0};

	if (*error->field && !(sentence && (strstr(sentence->text, "{field}") || (sentence->flags & FIELD_SAID))))
		add_detail(&details, "{field}", "{field}", mtr_words_field(arena, error->field));
	if (*error->found)
		add_detail(&details, step ? _("state: {found}") : _("given: {found}"), "{found}",
			   shortened(arena, mtr_words_machine(arena, error->found, is_time(error->field))));
	if (*error->wanted)
		add_detail(&details, step ? _("step: {wanted}") : _("allowed: {wanted}"), "{wanted}",
			   mtr_words_machine(arena, error->wanted, is_time(error->field)));
	if (sentence && sentence->number && (sentence->flags & NUMBER_IS_TIME))
		add_detail(&details, _(sentence->number), "{number}", mtr_show_time(arena, error->number));
	else if (sentence && sentence->number)
		add_detail(&details, _(sentence->number), "{number}", mtr_must_print(arena, "%" PRIu64, error->number));
	if (details.size > 0) {
		/* The stop or colon of the sentence comes after what is in brackets. */
		char end = out->data[out->size - 1];
		out->size -= end == '.' || end == ':';
		mtr_growing_text(out, " (");
		mtr_growing_text(out, details.data);
		mtr_growing_text(out, ")");
		if (end == '.' || end == ':')
			mtr_growing_add(out, &end, 1);
	}
	mtr_growing_free(&details);
}

static void add_finding(struct mtr_growing *out, struct mtr_arena *arena, const Mtr__Finding *finding)
{
	mtr_growing_text(out, "\n  - ");
	mtr_growing_text(out, mtr_words_finding(arena, finding));
}

const char *mtr_words_finding(struct mtr_arena *arena, const Mtr__Finding *finding)
{
	struct mtr_growing out = {0};
	const char *what = mtr_words_value(arena, &mtr__condition_kind__descriptor, (int)finding->condition);

	mtr_growing_text(&out, what);
	if (*finding->wanted)
		add_filled(&out, _("; asked for: {wanted}"), "{wanted}",
			   mtr_words_machine(arena, finding->wanted, false));
	add_filled(&out, _("; found: {found}"), "{found}",
		   *finding->found ? mtr_words_machine(arena, finding->found, false) : _("nothing"));
	if (*finding->instrument)
		add_filled(&out, _(" (by {instrument})"), "{instrument}", finding->instrument);
	return mtr_growing_take(&out, arena);
}

const char *mtr_words_error_title(struct mtr_arena *arena, Mtr__ErrorCode code)
{
	const struct sentence *sentence = find(code);
	const char *text = sentence ? _(sentence->text) : "";
	size_t size = strlen(text);
	const char *field = strstr(text, ": {field}");

	if (field)
		size = (size_t)(field - text);
	else if (size > 0 && (text[size - 1] == '.' || text[size - 1] == ':'))
		size--;
	return sentence ? mtr_must_print(arena, "%.*s", (int)size, text) : mtr_must_print(arena, "%d", (int)code);
}

const char *mtr_words_error(struct mtr_arena *arena, const Mtr__Error *error)
{
	const struct sentence *sentence = find(error->code);
	struct mtr_growing out = {0};

	if (sentence)
		add_filled(&out, _(sentence->text), "{field}", mtr_words_field(arena, error->field));
	else
		add_filled(&out, _("The register refused with code {number}, which this version doesn't know."),
			   "{number}", mtr_must_print(arena, "%d", (int)error->code));
	add_details(&out, arena, error, sentence);
	for (size_t i = 0; i < error->n_findings; i++)
		add_finding(&out, arena, error->findings[i]);
	if (sentence && sentence->remedy) {
		mtr_growing_text(&out, " ");
		mtr_growing_text(&out, _(sentence->remedy));
	}
	return mtr_growing_take(&out, arena);
}
