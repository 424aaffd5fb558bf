#include "redaction/subjects.h"

#include "contract/text.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "store/read.h"

#include <errno.h>
#include <string.h>

/* Room for one more in an array of the arena, which doubles; NULL without memory. */
static void *grown(struct mtr_arena *arena, void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	const size_t more = *room ? 2 * *room : 8;
	void *moved = mtr_arena_array(arena, more, size);

	if (moved && count)
		memcpy(moved, items, count * size);
	if (moved)
		*room = more;
	return moved;
}

struct reading {
	struct mtr_subjects *subjects;
	struct mtr_txn *txn;
	uint64_t done;
	bool failed;
};

static bool take_nomination(void *context, uint64_t id)
{
	struct reading *r = context;
	struct mtr_subject *subject = &r->subjects->all[r->subjects->count - 1];
	uint64_t *ids = grown(r->subjects->arena, subject->nomination_ids, subject->nomination_count,
			      &subject->nomination_room, sizeof *ids);

	r->failed = !ids;
	if (!ids)
		return false;
	subject->nomination_ids = ids;
	ids[subject->nomination_count++] = id;
	return true;
}

static bool take_person(void *context, uint64_t id)
{
	struct reading *r = context;
	struct mtr_subjects *subjects = r->subjects;
	struct mtr_row row;

	if (!mtr_read_row(r->txn, MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON, id, &row) || row.revision <= r->done)
		return !r->txn->error;
	struct mtr_subject *all = grown(subjects->arena, subjects->all, subjects->count, &subjects->room, sizeof *all);

	r->failed = !all;
	if (!all)
		return false;
	subjects->all = all;
	all[subjects->count++] = (struct mtr_subject){.person_id = (uint32_t)id, .revision = row.revision};
	mtr_each_nomination_of(r->txn, (uint32_t)id, take_nomination, r);
	return !r->failed;
}

enum mtr_store_error mtr_subjects_read(struct mtr_subjects *subjects, struct mtr_txn *txn, uint64_t done)
{
	struct reading reading = {.subjects = subjects, .txn = txn, .done = done};

	mtr_each_link(txn, MTR_LINK_REDACTED, 1, take_person, &reading);
	return txn->error ? txn->error : reading.failed ? MTR_STORE_MEMORY : MTR_STORE_OK;
}

static const char *folded(struct mtr_arena *arena, const char *name)
{
	char text[MTR_FOLDED_MAX(MTR_NAME_MAX)];

	return mtr_arena_text(arena, mtr_text_fold(name, text, sizeof text) ? text : name);
}

static bool is_identity(const struct mtr_identity *identity, const char *number, const char *name, uint32_t birth)
{
	if (number[0] && strcmp(identity->citizen_number, number) == 0)
		return true;
	return name[0] && birth == identity->birth && strcmp(identity->full_name, name) == 0;
}

static bool knows(const struct mtr_subject *subject, const char *number, const char *name, uint32_t birth)
{
	for (const struct mtr_identity *identity = subject->identities; identity; identity = identity->next)
		if (is_identity(identity, number, name, birth))
			return true;
	return false;
}

static int learn(struct mtr_subjects *subjects, struct mtr_subject *subject, const Mtr__Person *person)
{
	struct mtr_identity *identity = mtr_arena_alloc(subjects->arena, sizeof *identity);

	if (!identity)
		return -ENOMEM;
	identity->citizen_number = mtr_arena_text(subjects->arena, person->citizen_number);
	identity->full_name = (char *)(uintptr_t)folded(subjects->arena, person->full_name);
	identity->birth = person->birth;
	identity->next = subject->identities;
	if (!identity->citizen_number || !identity->full_name)
		return -ENOMEM;
	subject->identities = identity;
	return 0;
}

static int learn_row(struct mtr_subjects *subjects, struct mtr_arena *scratch, uint64_t revision,
		     const Mtr__Effect *effect)
{
	for (size_t i = 0; i < subjects->count; i++) {
		struct mtr_subject *subject = &subjects->all[i];

		if (effect->type != MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON || effect->id != subject->person_id ||
		    revision >= subject->revision || effect->row.len == 0)
			continue;
		const Mtr__Person *person =
			mtr__person__unpack(mtr_arena_allocator(scratch), effect->row.len, effect->row.data);

		if (!person)
			return mtr_arena_exhausted(scratch) ? -ENOMEM : -EBADMSG;
		if (!knows(subject, person->citizen_number, "", 0) ||
		    !knows(subject, "", folded(scratch, person->full_name), person->birth))
			return learn(subjects, subject, person);
	}
	return 0;
}

static const Mtr__Effect *unpack_effect(struct mtr_arena *arena, struct mtr_bytes packed)
{
	return mtr__effect__unpack(mtr_arena_allocator(arena), packed.size, packed.data);
}

int mtr_subjects_learn(struct mtr_subjects *subjects, struct mtr_arena *scratch, uint64_t revision,
		       struct mtr_bytes record)
{
	struct mtr_record_view view;
	struct mtr_bytes packed;
	int error = mtr_record_read(record.data, record.size, &view);

	mtr_arena_reset(scratch);
	while (!error && mtr_record_next_effect(&view, &packed)) {
		const Mtr__Effect *effect = packed.data ? unpack_effect(scratch, packed) : NULL;

		if (effect)
			error = learn_row(subjects, scratch, revision, effect);
	}
	return error;
}

/* One record against the subjects. */
struct choice {
	const struct mtr_subjects *subjects;
	struct mtr_arena *scratch;
	const Mtr__RecordHeader *header;
	uint64_t revision;
	bool named; /* command and answer are about one of them */
};

static bool has_nomination(const struct mtr_subject *subject, uint64_t id)
{
	for (size_t i = 0; i < subject->nomination_count; i++)
		if (subject->nomination_ids[i] == id)
			return true;
	return false;
}

static bool header_names(const Mtr__RecordHeader *header, const struct mtr_subject *subject)
{
	for (size_t i = 0; i < header->n_person_ids; i++)
		if (header->person_ids[i] == subject->person_id)
			return true;
	for (size_t i = 0; i < header->n_nomination_ids; i++)
		if (has_nomination(subject, header->nomination_ids[i]))
			return true;
	return false;
}

/* What a command that was refused before anybody was found says of whom it meant. */
static bool command_names(const struct choice *c, const struct mtr_subject *subject, const Mtr__Command *command)
{
	const Mtr__PersonReference *reference = NULL;

	if (command->body_case == MTR__COMMAND__BODY_PUT_PERSON && command->put_person->person) {
		const Mtr__Person *person = command->put_person->person;

		return knows(subject, person->citizen_number, folded(c->scratch, person->full_name), person->birth);
	}
	if (command->body_case == MTR__COMMAND__BODY_PROPOSE)
		reference = command->propose->person;
	if (command->body_case == MTR__COMMAND__BODY_SUBSTITUTE)
		reference = command->substitute->person;
	return reference &&
	       knows(subject, reference->citizen_number, folded(c->scratch, reference->full_name), reference->birth);
}

static bool is_named(const struct choice *c, struct mtr_bytes packed)
{
	const Mtr__Command *command = NULL;

	if (c->header->error_code)
		command = mtr__command__unpack(mtr_arena_allocator(c->scratch), packed.size, packed.data);
	for (size_t i = 0; i < c->subjects->count; i++) {
		const struct mtr_subject *subject = &c->subjects->all[i];

		if (c->revision < subject->revision &&
		    (header_names(c->header, subject) || (command && command_names(c, subject, command))))
			return true;
	}
	return false;
}

/* Of the answers, what was found wrong tells something; acknowledgements hold numbers and states. */
static bool tells_something(const struct choice *c, struct mtr_bytes packed)
{
	const Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(c->scratch), packed.size, packed.data);

	return answer && answer->body_case == MTR__ANSWER__BODY_ERROR &&
	       (answer->error->found[0] || answer->error->n_findings);
}

static bool is_row(const struct choice *c, const Mtr__Effect *effect)
{
	for (size_t i = 0; i < c->subjects->count; i++) {
		const struct mtr_subject *subject = &c->subjects->all[i];
		const bool person = effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_PERSON,
			   nomination = effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION ||
					effect->type == MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT;

		if (c->revision < subject->revision && ((person && effect->id == subject->person_id) ||
							(nomination && has_nomination(subject, effect->id))))
			return true;
	}
	return false;
}

static bool choose(void *context, uint32_t index, struct mtr_bytes leaf)
{
	const struct choice *c = context;

	if (index == MTR_LEAF_COMMAND)
		return c->named;
	if (index == MTR_LEAF_ANSWER)
		return c->named && tells_something(c, leaf);
	const Mtr__Effect *effect = unpack_effect(c->scratch, leaf);

	return effect && effect->row.len && is_row(c, effect);
}

int mtr_subjects_redact(const struct mtr_subjects *subjects, struct mtr_arena *scratch, uint64_t revision,
			struct mtr_bytes record, struct mtr_bytes *ret_record, size_t *ret_count)
{
	struct choice c = {.subjects = subjects, .scratch = scratch, .revision = revision};
	struct mtr_record_view view;
	int error = mtr_record_read(record.data, record.size, &view);

	mtr_arena_reset(scratch);
	if (error)
		return error;
	c.header = mtr__record_header__unpack(mtr_arena_allocator(scratch), view.header.size, view.header.data);
	if (!c.header)
		return mtr_arena_exhausted(scratch) ? -ENOMEM : -EBADMSG;
	c.named = is_named(&c, view.command);
	error = mtr_record_redact(scratch, record, choose, &c, ret_record, ret_count);
	return !error && mtr_arena_exhausted(scratch) ? -ENOMEM : error;
}
