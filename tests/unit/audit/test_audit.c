/* What an auditor finds in a journal that somebody has had their hands on. */
#include "unit/writer/people.h"

#include "audit/audit.h"
#include "engine/segment.h"
#include "redaction/rewrite.h"

#include <fcntl.h>

struct place {
	struct house house;
	struct mtr_key_pair pair;
	struct desk steward, nominator;
	char journal[128];
	/* What was found. */
	unsigned found[MTR_AUDIT_KNOWN_BEYOND + 1];
	struct mtr_audit_report last;
};

/* Two people, the first of whom is redacted, and a checkpoint at the end. */
static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	struct house *house = &place->house;

	place->steward = make_desk(1, OPERATOR_ID);
	place->nominator = make_desk(2, NOMINATOR_ID);
	assert_true(mtr_signing_pair_make(&place->pair));
	house_make(house);
	house->now = 1600000001000u;
	house->options.signer = &place->pair;
	house->options.incarnation = 5;
	house_open(house);
	(void)snprintf(place->journal, sizeof place->journal, "%s/journal", house->directory);
	assert_done(judge(house, desk_unit(&place->steward, 0)));
	assert_done(judge(house, people_nominator(&place->steward)));
	assert_done(judge(house, people_person(&place->nominator, "Người Thứ Nhất", "U-0")));
	assert_done(judge(house, people_person(&place->nominator, "Người Thứ Hai", "U-0")));
	assert_done(judge(house, people_redact(&place->steward, 1)));
	house_close(house);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	house_remove(&place->house);
	free(place);
	return 0;
}

static void on_report(void *context, const struct mtr_audit_report *report)
{
	struct place *place = context;

	place->found[report->finding]++;
	place->last = *report;
}

static struct mtr_audit_result audit(struct place *place, const uint8_t *key, const struct mtr_known_history *known)
{
	const struct mtr_audit_options options = {
		.directory = place->journal, .key = key, .known = known, .report = on_report, .context = place};
	struct mtr_audit_result result;

	memset(place->found, 0, sizeof place->found);
	assert_int_equal(mtr_audit(&options, &result), 0);
	return result;
}

/* Takes out what is this person's, up to a revision. */
static void take_out(const struct place *place, uint32_t person_id, uint64_t revision)
{
	struct mtr_subject subject = {.person_id = person_id, .revision = revision};
	struct mtr_arena *arena = mtr_arena_new(16u << 20), *scratch = mtr_arena_new(16u << 20);
	const struct mtr_subjects subjects = {.all = &subject, .count = 1, .arena = arena};
	int directory = open(place->journal, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t *firsts, leaves;
	size_t count;

	assert_int_equal(mtr_segment_list(directory, &firsts, &count), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(mtr_segment_redact(directory, firsts[i], i + 1 == count, &subjects, scratch, &leaves),
				 0);
	assert_int_equal(mtr_segments_replace(directory, true), 0);
	free(firsts);
	close(directory);
	mtr_arena_free(&scratch);
	mtr_arena_free(&arena);
}

static void an_untouched_journal_is_without_fault(void **state)
{
	struct place *place = *state;
	struct mtr_audit_result result = audit(place, place->pair.public_key, NULL);

	assert_int_equal(result.findings, 0);
	assert_int_equal(result.records, 7);
	assert_int_equal(result.checkpoints, 1);
	assert_int_equal(result.checkpoint_revision, 6);
	assert_int_equal(result.redactions, 1);
	assert_int_equal(result.redacted_leaves, 0);
}

static void what_a_redaction_names_may_be_missing(void **state)
{
	struct place *place = *state;

	take_out(place, 1, 6);
	struct mtr_audit_result result = audit(place, place->pair.public_key, NULL);

	assert_int_equal(result.findings, 0);
	assert_int_equal(result.redacted_leaves, 2);
}

static void what_none_names_may_not(void **state)
{
	struct place *place = *state;

	take_out(place, 2, 6);
	struct mtr_audit_result result = audit(place, place->pair.public_key, NULL);

	assert_int_equal(result.findings, 1);
	assert_int_equal(place->found[MTR_AUDIT_REDACTED], 1);
	assert_int_equal(place->last.revision, 5);
}

/* The redaction itself, and what comes after it, isn't covered by it. */
static void a_redaction_does_not_name_itself(void **state)
{
	struct place *place = *state;

	take_out(place, 1, 100);
	audit(place, place->pair.public_key, NULL);
	assert_true(place->found[MTR_AUDIT_REDACTED] > 0);
}

static void another_signer_is_found(void **state)
{
	struct place *place = *state;
	struct mtr_key_pair other;

	assert_true(mtr_signing_pair_make(&other));
	struct mtr_audit_result result = audit(place, other.public_key, NULL);

	assert_int_equal(result.findings, 1);
	assert_int_equal(place->found[MTR_AUDIT_SIGNATURE], 1);
	assert_int_equal(place->last.revision, 7);
	assert_true(strncmp(place->last.where.file, "journal-", 8) == 0);
	result = audit(place, NULL, NULL);
	assert_int_equal(result.findings, 0);
	assert_memory_equal(result.key, place->pair.public_key, MTR_KEY_BYTES);
}

static void what_a_desk_remembers_is_compared(void **state)
{
	struct place *place = *state;
	struct mtr_audit_result result = audit(place, NULL, NULL);
	struct mtr_known_history known = {.revision = 7};

	memcpy(known.audit_key, place->pair.public_key, MTR_KEY_BYTES);
	memcpy(known.chain, result.journal.head.chain, MTR_HASH_BYTES);
	result = audit(place, NULL, &known);
	assert_true(result.known_met);
	assert_int_equal(result.findings, 0);
	known.chain[31] ^= 1;
	result = audit(place, NULL, &known);
	assert_false(result.known_met);
	assert_int_equal(place->found[MTR_AUDIT_KNOWN], 1);
	known.revision = 8;
	audit(place, NULL, &known);
	assert_int_equal(place->found[MTR_AUDIT_KNOWN_BEYOND], 1);
}

#define AUDIT_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AUDIT_TEST(an_untouched_journal_is_without_fault),
		AUDIT_TEST(what_a_redaction_names_may_be_missing),
		AUDIT_TEST(what_none_names_may_not),
		AUDIT_TEST(a_redaction_does_not_name_itself),
		AUDIT_TEST(another_signer_is_found),
		AUDIT_TEST(what_a_desk_remembers_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
