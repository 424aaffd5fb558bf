#include "audit/audit.h"

#include "audit/unexplained.h"
#include "matricula/v1/commands.pb-c.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Header, command and effects of one record, unpacked. */
#define RECORD_ARENA (8u * MTR_RECORD_MAX)

struct audit {
	const struct mtr_audit_options *options;
	struct mtr_audit_result result;
	struct mtr_arena *arena; /* of one record */
	struct mtr_damage where;
	struct mtr_inspect_gap gap;
	struct {
		struct mtr_damage where;
		uint64_t first, last;
	} frame; /* of the record before */
	bool damaged;
	struct mtr_unexplained unexplained;
	uint8_t before[MTR_HASH_BYTES]; /* chain before the record */
	uint64_t at;                    /* time of the record before */
};

static void tell(struct audit *audit, enum mtr_audit_finding finding, const struct mtr_damage *where, uint64_t revision,
		 const char *what)
{
	const struct mtr_audit_report report = {
		.finding = finding,
		.where = *where,
		.revision = revision,
		.what = what,
		.first = finding == MTR_AUDIT_CHAIN ? audit->frame.first : 0,
		.gap = audit->gap,
	};

	audit->result.findings++;
	audit->options->report(audit->options->context, &report);
}

static void find(struct audit *audit, enum mtr_audit_finding finding, uint64_t revision)
{
	tell(audit, finding, &audit->where, revision, NULL);
}

static void on_damage(void *context, const struct mtr_damage *damage, const char *what)
{
	struct audit *audit = context;
	const bool first = !audit->damaged, unchained = strcmp(what, MTR_INSPECT_FRAME_UNCHAINED) == 0 ||
							strcmp(what, MTR_INSPECT_SEGMENT_UNCHAINED) == 0;

	audit->damaged = true;
	/* The changed bytes lie before the place where the chain breaks. */
	if (first && unchained && audit->frame.last) {
		audit->result.good = audit->frame.first - 1;
		tell(audit, MTR_AUDIT_CHAIN, &audit->frame.where, audit->frame.last, NULL);
		return;
	}
	if (first)
		audit->result.good = audit->frame.last;
	tell(audit, MTR_AUDIT_DAMAGE, damage, 0, what);
}

static void note_frame(struct audit *audit, uint64_t revision)
{
	const bool same_frame = audit->frame.last && audit->where.offset == audit->frame.where.offset &&
				strcmp(audit->where.file, audit->frame.where.file) == 0;

	if (!same_frame) {
		audit->frame.where = audit->where;
		audit->frame.first = revision;
	}
	audit->frame.last = revision;
}

static bool same(ProtobufCBinaryData bytes, const void *other, size_t size)
{
	return bytes.len == size && memcmp(bytes.data, other, size) == 0;
}

static const Mtr__Command *command_of(struct audit *audit, struct mtr_bytes packed)
{
	return mtr__command__unpack(mtr_arena_allocator(audit->arena), packed.size, packed.data);
}

static void check_checkpoint(struct audit *audit, uint64_t revision, const struct mtr_record_view *view)
{
	const Mtr__Command *command = command_of(audit, view->command);
	const Mtr__Checkpoint *checkpoint =
		command && command->body_case == MTR__COMMAND__BODY_CHECKPOINT ? command->checkpoint : NULL;
	struct mtr_audit_result *result = &audit->result;

	result->checkpoints++;
	if (!checkpoint || checkpoint->revision != revision - 1 ||
	    !same(checkpoint->chain, audit->before, sizeof audit->before)) {
		find(audit, MTR_AUDIT_CHECKPOINT, revision);
		return;
	}
	if (!result->has_key && checkpoint->public_key.len == MTR_KEY_BYTES) {
		memcpy(result->key, checkpoint->public_key.data, MTR_KEY_BYTES);
		result->has_key = true;
	}
	if (mtr_checkpoint_signed(checkpoint, result->key))
		result->checkpoint_revision = checkpoint->revision;
	else
		find(audit, MTR_AUDIT_SIGNATURE, revision);
}

/* The rows that a redaction blanked explain what is missing of them before. */
static int take_redaction(struct audit *audit, struct mtr_record_view view)
{
	uint64_t rows[MTR_EFFECTS_MAX];
	struct mtr_bytes packed;
	size_t count = 0;

	audit->result.redactions++;
	while (mtr_record_next_effect(&view, &packed)) {
		const Mtr__Effect *effect =
			packed.data ? mtr__effect__unpack(mtr_arena_allocator(audit->arena), packed.size, packed.data)
				    : NULL;

		if (effect)
			rows[count++] = mtr_unexplained_subject((uint32_t)effect->type, effect->id);
	}
	mtr_unexplained_take(&audit->unexplained, rows, count);
	return mtr_arena_exhausted(audit->arena) ? -ENOMEM : 0;
}

static void check_known(struct audit *audit, uint64_t revision, const uint8_t *chain_after)
{
	const struct mtr_known_history *known = audit->options->known;

	if (!known || revision != known->revision)
		return;
	audit->result.known_met = memcmp(chain_after, known->chain, MTR_HASH_BYTES) == 0;
	if (!audit->result.known_met)
		find(audit, MTR_AUDIT_KNOWN, revision);
}

static int check_record(void *context, uint64_t revision, const uint8_t chain_after[MTR_HASH_BYTES],
			const uint8_t *record, size_t size)
{
	struct audit *audit = context;
	struct mtr_record_view view;
	const Mtr__RecordHeader *header = NULL;
	int error = 0;

	note_frame(audit, revision);
	mtr_arena_reset(audit->arena);
	if (mtr_record_read(record, size, &view) == 0)
		header = mtr__record_header__unpack(mtr_arena_allocator(audit->arena), view.header.size,
						    view.header.data);
	audit->result.records++;
	if (!header || header->revision != revision || header->at < audit->at) {
		find(audit, MTR_AUDIT_HEADER, revision);
	} else {
		audit->at = header->at;
		audit->result.redacted_leaves += view.redacted_count;
		if (view.redacted_count)
			error = mtr_unexplained_add(&audit->unexplained, revision, header, &view);
		if (header->command_tag == MTR__COMMAND__BODY_CHECKPOINT && !header->principal_id)
			check_checkpoint(audit, revision, &view);
		if (header->command_tag == MTR__COMMAND__BODY_REDACT && !header->error_code && !error)
			error = take_redaction(audit, view);
	}
	check_known(audit, revision, chain_after);
	memcpy(audit->before, chain_after, sizeof audit->before);
	return error;
}

static void begin_key(struct audit *audit)
{
	const struct mtr_audit_options *options = audit->options;
	const uint8_t *key = options->key ? options->key : options->known ? options->known->audit_key : NULL;

	audit->result.has_key = key;
	if (key)
		memcpy(audit->result.key, key, MTR_KEY_BYTES);
}

/* What only the end tells. */
static void check_end(struct audit *audit)
{
	const struct mtr_known_history *known = audit->options->known;
	const struct mtr_damage nowhere = {.offset = 0};

	for (size_t i = 0; i < audit->unexplained.count; i++)
		tell(audit, MTR_AUDIT_REDACTED, &nowhere, audit->unexplained.records[i].revision, NULL);
	if (known && known->revision && !audit->result.journal.damaged &&
	    audit->result.journal.head.revision < known->revision)
		tell(audit, MTR_AUDIT_KNOWN_BEYOND, &nowhere, known->revision, NULL);
}

int mtr_audit(const struct mtr_audit_options *options, struct mtr_audit_result *ret_result)
{
	struct audit audit = {.options = options, .arena = mtr_arena_new(RECORD_ARENA)};
	const struct mtr_inspection_options inspection = {.directory = options->directory,
							  .quiet = true,
							  .each = check_record,
							  .where = &audit.where,
							  .gap = &audit.gap,
							  .damaged = on_damage,
							  .context = &audit};
	int error = audit.arena ? 0 : -ENOMEM;

	begin_key(&audit);
	if (!error)
		error = mtr_inspect(&inspection, &audit.result.journal);
	if (!error)
		check_end(&audit);
	mtr_unexplained_free(&audit.unexplained);
	mtr_arena_free(&audit.arena);
	if (!error)
		*ret_result = audit.result;
	return error;
}
