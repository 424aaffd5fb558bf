#include "real_state.h"

#include "contract/entry_hash.h"
#include "engine/record.h"
#include "store/apply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool real_complain(const char *what, int error)
{
	fprintf(stderr, "register: %s (%d)\n", what, error);
	return false;
}

static bool good(const struct mtr_txn *txn, const char *what)
{
	return txn->error == MTR_STORE_OK || real_complain(what, (int)txn->error);
}

/* Memory when there is some: what is tried here is the logic, not the disk. */
static bool make_directory(char path[PATH_MAX])
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");

	snprintf(path, PATH_MAX, "%s/matricula-model-XXXXXX", base ? base : "/tmp");
	return mkdtemp(path) || real_complain("no temporary directory", errno);
}

void real_remove_directory(const char *path)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char file[PATH_MAX];

		if (snprintf(file, sizeof file, "%s/%s", path, names[i]) < (int)sizeof file)
			unlink(file);
	}
	rmdir(path);
}

bool real_open_store(struct mtr_store **ret_store, char path[PATH_MAX])
{
	struct mtr_store_options options = {.directory = path, .map_bytes = 256u << 20, .create = true};
	enum mtr_store_error error;

	if (!make_directory(path))
		return false;
	error = mtr_store_open(ret_store, &options);
	return error == MTR_STORE_OK || real_complain("the store doesn't open", (int)error);
}

struct mtr_txn *real_view(struct real *real)
{
	if (!real->open)
		mtr_txn_begin_write(&real->txn, real->store);
	real->open = true;
	return &real->txn;
}

bool real_commit(struct real *real)
{
	enum mtr_store_error error;

	if (!real->open)
		return true;
	error = mtr_txn_commit(&real->txn);
	real->open = false;
	real->committed = real->revision;
	return error == MTR_STORE_OK || real_complain("commit", (int)error);
}

/* Packed effects, for the record. */
static const struct mtr_bytes *pack_effects(struct mtr_arena *arena, const struct mtr_effect *effects, size_t count)
{
	struct mtr_bytes *packed = mtr_arena_array(arena, count, sizeof *packed);

	for (size_t i = 0; packed && i < count; i++) {
		const struct mtr_effect *effect = &effects[i];
		Mtr__Home home = MTR__HOME__INIT;
		Mtr__Effect message = MTR__EFFECT__INIT;
		Mtr__Effect *row = &message;
		uint8_t *bytes;

		home.kind = (Mtr__HomeKind)effect->home.kind;
		home.a = effect->home.a;
		home.b = effect->home.b;
		row->home = &home;
		row->type = effect->type;
		row->id = effect->id;
		row->row.data = mtr_arena_copy(arena, effect->row.data, effect->row.size);
		row->row.len = effect->row.size;
		if (effect->tombstone)
			row->tombstone_reason = mtr_arena_text(arena, effect->tombstone);
		bytes = mtr_arena_alloc(arena, mtr__effect__get_packed_size(row));
		if (!bytes)
			return NULL;
		packed[i] = (struct mtr_bytes){bytes, mtr__effect__pack(row, bytes)};
	}
	return packed;
}

static bool keep_record(struct real *real, const struct mtr_record_parts *parts)
{
	struct kept_record *kept = &real->records[real->revision];
	uint8_t digest[MTR_HASH_BYTES];
	struct mtr_bytes record;
	int error = real->revision < RECORDS_MAX ? mtr_record_build(real->work, parts, &record, digest) : -ENOSPC;

	if (error)
		return real_complain("the record isn't built", error);
	mtr_chain_extend(real->chain, digest);
	kept->bytes = (struct mtr_bytes){mtr_arena_copy(real->kept, record.data, record.size), record.size};
	memcpy(kept->chain_after, real->chain, sizeof kept->chain_after);
	real->revision++;
	return kept->bytes.data != NULL || real_complain("no memory for records", 0);
}

static bool record_and_apply(struct real *real, const Mtr__RecordHeader *header, struct mtr_bytes command,
			     struct mtr_bytes answer, const struct mtr_effect *effects, size_t count)
{
	struct mtr_record_parts parts = {header, command, answer, pack_effects(real->work, effects, count), count};

	if (!parts.effects || !keep_record(real, &parts))
		return real_complain("no memory for effects", 0);
	mtr_apply(real_view(real), header, effects, count, real->chain);
	return good(&real->txn, "apply");
}

static bool first_record(struct real *real, uint64_t now, const uint8_t operator_key[MTR_KEY_BYTES])
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	Mtr__Principal principal = MTR__PRINCIPAL__INIT;
	struct mtr_effect effect = {
		.home = mtr_home_principals(), .type = MTR__ENTITY_TYPE__ENTITY_TYPE_PRINCIPAL, .id = 1};
	uint8_t *row;

	principal.id = 1;
	principal.public_key.data = mtr_arena_copy(real->work, operator_key, MTR_KEY_BYTES);
	principal.public_key.len = MTR_KEY_BYTES;
	principal.name = mtr_arena_text(real->work, "operator");
	principal.role = MTR__ROLE__ROLE_OPERATOR;
	row = mtr_arena_alloc(real->work, mtr__principal__get_packed_size(&principal));
	effect.row = (struct mtr_bytes){row, mtr__principal__pack(&principal, row)};
	header.revision = 1;
	header.at = now;
	return record_and_apply(real, &header, (struct mtr_bytes){0}, (struct mtr_bytes){0}, &effect, 1);
}

bool real_open(struct real **ret_real, uint64_t now, const uint8_t operator_key[MTR_KEY_BYTES])
{
	struct real *real = calloc(1, sizeof *real);

	if (!real)
		return false;
	real->kept = mtr_arena_new(256u << 20);
	real->work = mtr_arena_new(64u << 20);
	if (!real->kept || !real->work || !real_open_store(&real->store, real->directory) ||
	    !first_record(real, now, operator_key)) {
		real_close(&real);
		return false;
	}
	*ret_real = real;
	return true;
}

void real_close(struct real **real)
{
	if (!real || !*real)
		return;
	if ((*real)->open)
		mtr_txn_abort(&(*real)->txn);
	mtr_store_close(&(*real)->store);
	if (*(*real)->directory)
		real_remove_directory((*real)->directory);
	mtr_arena_free(&(*real)->kept);
	mtr_arena_free(&(*real)->work);
	free(*real);
	*real = NULL;
}

static struct mtr_bytes pack(struct mtr_arena *arena, const ProtobufCMessage *message)
{
	uint8_t *bytes = mtr_arena_alloc(arena, protobuf_c_message_get_packed_size(message));

	return (struct mtr_bytes){bytes, bytes ? protobuf_c_message_pack(message, bytes) : 0};
}

static bool same(struct mtr_arena *arena, const struct mtr_outcome *x, const struct mtr_outcome *y)
{
	struct mtr_bytes first = pack(arena, &x->answer->base), second = pack(arena, &y->answer->base);

	if (first.size != second.size || memcmp(first.data, second.data, first.size) != 0 ||
	    x->effect_count != y->effect_count || x->consumes != y->consumes)
		return false;
	for (size_t i = 0; i < x->effect_count; i++)
		if (x->effects[i].row.size != y->effects[i].row.size || x->effects[i].id != y->effects[i].id ||
		    memcmp(x->effects[i].row.data, y->effects[i].row.data, x->effects[i].row.size) != 0)
			return false;
	return true;
}

/* The entry of the principal's own outbox, so that what follows from sequences is rebuilt too. */
static void fill_sequence(struct real *real, Mtr__RecordHeader *header, struct mtr_bytes command)
{
	struct outbox *outbox = &real->outboxes[header->principal_id];
	uint8_t *name = mtr_arena_alloc(real->work, MTR_OUTBOX_BYTES);

	memset(name, 0x40, MTR_OUTBOX_BYTES);
	name[0] = (uint8_t)header->principal_id;
	outbox->sequence++;
	mtr_entry_hash(outbox->hash, outbox->sequence, command, outbox->hash);
	header->outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, name};
	header->sequence = outbox->sequence;
	header->first_unacknowledged = outbox->sequence > 3 ? outbox->sequence - 3 : 1;
	header->entry_hash =
		(ProtobufCBinaryData){MTR_HASH_BYTES, mtr_arena_copy(real->work, outbox->hash, MTR_HASH_BYTES)};
}

static bool take_up(struct real *real, const struct mtr_decision_input *input, const Mtr__Command *command,
		    const struct mtr_outcome *outcome)
{
	Mtr__RecordHeader header = MTR__RECORD_HEADER__INIT;
	struct mtr_bytes packed = pack(real->work, &command->base);

	if (outcome->answer->revision != input->revision)
		return real_complain("the answer isn't of this revision", 0);
	header.revision = input->revision;
	header.at = input->now;
	header.principal_id = input->principal_id;
	header.rules_version = MTR_RULES_VERSION;
	header.command_tag = command->body_case;
	if (outcome->answer->body_case == MTR__ANSWER__BODY_ERROR)
		header.error_code = (uint32_t)outcome->answer->error->code;
	header.n_nomination_ids = outcome->nomination_count;
	header.nomination_ids = outcome->nomination_ids;
	header.n_person_ids = outcome->person_count;
	header.person_ids = outcome->person_ids;
	fill_sequence(real, &header, packed);
	return record_and_apply(real, &header, packed, pack(real->work, &outcome->answer->base), outcome->effects,
				outcome->effect_count);
}

bool real_execute(struct real *real, struct mtr_arena *arena, uint32_t principal_id, uint64_t now,
		  const Mtr__Command *command, bool twice, const Mtr__Answer **ret_answer)
{
	struct mtr_decision_input input = {.txn = real_view(real),
					   .arena = arena,
					   .principal_id = principal_id,
					   .now = now,
					   .revision = real->revision + 1};
	struct mtr_outcome outcome, again;
	enum mtr_decide_status status = mtr_decide(&input, command, &outcome);

	mtr_arena_reset(real->work);
	if (status != MTR_DECIDE_OK)
		return good(&real->txn, "decide") && real_complain("no decision", (int)status);
	if (twice && (mtr_decide(&input, command, &again) != MTR_DECIDE_OK || !same(real->work, &outcome, &again)))
		return real_complain("deciding twice gives two answers", 0);
	*ret_answer = outcome.answer;
	return !outcome.consumes || take_up(real, &input, command, &outcome);
}

void real_apply_kept(const struct real *real, struct mtr_txn *txn, uint64_t index)
{
	const struct kept_record *kept = &real->records[index];

	mtr_apply_record(txn, kept->bytes.data, kept->bytes.size, kept->chain_after);
}

bool real_fenced(struct real *real)
{
	if (real->open)
		mtr_txn_abort(&real->txn);
	real->open = false;
	for (uint64_t i = real->committed; i < real->revision; i++)
		real_apply_kept(real, real_view(real), i);
	return !real->open || good(&real->txn, "apply again");
}
