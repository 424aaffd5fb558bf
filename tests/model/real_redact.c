/* What a redaction leaves of the records. */
#include "real_state.h"

#include "engine/record.h"
#include "redaction/subjects.h"

#include <string.h>

#define SUBJECTS_ARENA (16u << 20)
#define RECORD_ARENA (16u * MTR_RECORD_MAX)

struct redaction {
	struct real *real;
	struct mtr_subjects subjects;
	struct mtr_arena *scratch;
};

static struct mtr_bytes record_of(const struct redaction *r, uint64_t revision)
{
	return r->real->records[revision - 1].bytes;
}

static bool read_subjects(struct redaction *r)
{
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, r->real->store);
	const enum mtr_store_error error = mtr_subjects_read(&r->subjects, &txn, r->real->redacted);

	mtr_txn_abort(&txn);
	return !error || real_complain("who is redacted can't be read", (int)error);
}

static bool learn(struct redaction *r)
{
	int error = 0;

	for (uint64_t revision = 1; !error && revision <= r->real->revision; revision++)
		error = mtr_subjects_learn(&r->subjects, r->scratch, revision, record_of(r, revision));
	return !error || real_complain("who they were can't be read", error);
}

static bool take_out(struct redaction *r, uint64_t revision)
{
	uint8_t former[MTR_HASH_BYTES], digest[MTR_HASH_BYTES];
	const struct mtr_bytes record = record_of(r, revision);
	struct mtr_bytes made;
	size_t count;
	int error = mtr_subjects_redact(&r->subjects, r->scratch, revision, record, &made, &count);

	if (!error)
		error = mtr_record_digest(record.data, record.size, former);
	if (!error)
		error = mtr_record_digest(made.data, made.size, digest);
	if (error)
		return real_complain("a record can't be redacted", error);
	if (memcmp(former, digest, sizeof digest) != 0)
		return real_complain("a redacted record has another digest: revision", (int)revision);
	if (count)
		r->real->records[revision - 1].bytes =
			(struct mtr_bytes){mtr_arena_copy(r->real->kept, made.data, made.size), made.size};
	return record_of(r, revision).data || real_complain("no memory for records", 0);
}

/* Nobody else has the number before it is taken out with its holder. */
static bool is_gone(const struct redaction *r, const struct mtr_subject *subject)
{
	for (const struct mtr_identity *known = subject->identities; known; known = known->next) {
		const size_t size = strlen(known->citizen_number);

		for (uint64_t revision = 1; size && revision < subject->revision; revision++) {
			const struct mtr_bytes record = record_of(r, revision);

			if (memmem(record.data, record.size, known->citizen_number, size))
				return real_complain("a record still holds a number that was redacted: revision",
						     (int)revision);
		}
	}
	return true;
}

static bool redact(struct redaction *r)
{
	bool good = read_subjects(r) && (!r->subjects.count || learn(r));

	for (uint64_t revision = 1; good && r->subjects.count && revision <= r->real->revision; revision++)
		good = take_out(r, revision);
	for (size_t i = 0; good && i < r->subjects.count; i++)
		good = is_gone(r, &r->subjects.all[i]);
	return good;
}

bool real_redact(struct real *real)
{
	struct redaction r = {.real = real, .scratch = mtr_arena_new(RECORD_ARENA)};
	bool good;

	r.subjects.arena = mtr_arena_new(SUBJECTS_ARENA);
	good = r.scratch && r.subjects.arena && real_commit(real) && redact(&r);
	mtr_arena_free(&r.subjects.arena);
	mtr_arena_free(&r.scratch);
	if (good)
		real->redacted = real->revision;
	return good;
}
