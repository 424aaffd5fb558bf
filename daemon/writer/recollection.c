#include "writer/recollection.h"

#include "matricula/v1/entities.pb-c.h"
#include "store/outbox.h"

#include <stdlib.h>
#include <string.h>

/* An outbox, and what was kept of it. */
struct remembered {
	uint8_t id[MTR_OUTBOX_BYTES];
	uint32_t principal_id;
	uint64_t known;                    /* by the register */
	uint64_t answered;                 /* as told */
	bool told, settled;                /* settled: closed, or its key revoked */
	uint64_t first;                    /* sequence of hashes[0] */
	uint8_t (*hashes)[MTR_HASH_BYTES]; /* entry hashes of what is kept */
	size_t count, room;
	uint64_t order; /* of the last one kept */
};

struct kept {
	uint64_t order;
	size_t arrival;
	struct mtr_work *work;
};

struct mtr_recollection {
	struct remembered *outboxes;
	size_t outbox_count, outbox_room, strangers;
	struct kept *kept;
	size_t kept_count, kept_room, taken;
	size_t bytes;
	bool sorted, failed;
};

static bool make_room(void **items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return true;

	const size_t more = *room ? 2 * *room : 16;
	void *bigger = reallocarray(*items, more, size);

	if (!bigger)
		return false;
	*items = bigger;
	*room = more;
	return true;
}

static struct remembered *find(const struct mtr_recollection *recollection, const uint8_t *outbox)
{
	for (size_t i = 0; i < recollection->outbox_count; i++)
		if (memcmp(recollection->outboxes[i].id, outbox, MTR_OUTBOX_BYTES) == 0)
			return &recollection->outboxes[i];
	return NULL;
}

static struct remembered *add(struct mtr_recollection *recollection, const uint8_t *outbox, uint32_t principal_id)
{
	void *items = recollection->outboxes;

	if (!make_room(&items, recollection->outbox_count, &recollection->outbox_room, sizeof(struct remembered)))
		return NULL;
	recollection->outboxes = items;

	struct remembered *added = &recollection->outboxes[recollection->outbox_count++];

	*added = (struct remembered){.principal_id = principal_id};
	memcpy(added->id, outbox, MTR_OUTBOX_BYTES);
	return added;
}

static void await(void *context, const uint8_t outbox[MTR_OUTBOX_BYTES], const struct mtr_outbox_state *state)
{
	struct mtr_recollection *recollection = context;
	struct remembered *added;

	if (mtr_outbox_is_closed(state))
		return;
	added = add(recollection, outbox, state->principal_id);
	if (added)
		added->known = state->last_sequence;
	else
		recollection->failed = true;
}

/* A key that is shut out can't bring anything. */
static void settle_revoked(struct mtr_recollection *recollection, struct mtr_txn *txn, struct mtr_arena *scratch)
{
	for (size_t i = 0; i < recollection->outbox_count && !txn->error; i++) {
		mtr_arena_reset(scratch);

		const Mtr__Principal *principal =
			mtr_read_principal(txn, scratch, recollection->outboxes[i].principal_id);

		recollection->outboxes[i].settled = !principal || principal->revoked;
	}
}

struct mtr_recollection *mtr_recollection_new(struct mtr_txn *txn, struct mtr_arena *scratch)
{
	struct mtr_recollection *recollection = calloc(1, sizeof *recollection);

	if (!recollection)
		return NULL;
	mtr_each_outbox(txn, await, recollection);
	settle_revoked(recollection, txn, scratch);
	if (txn->error || recollection->failed)
		mtr_recollection_free(&recollection);
	return recollection;
}

void mtr_recollection_free(struct mtr_recollection **freed)
{
	struct mtr_recollection *recollection = freed ? *freed : NULL;

	if (!recollection)
		return;
	for (size_t i = 0; i < recollection->outbox_count; i++)
		free(recollection->outboxes[i].hashes);
	for (size_t i = recollection->taken; i < recollection->kept_count; i++)
		mtr_work_free(&recollection->kept[i].work);
	free(recollection->outboxes);
	free(recollection->kept);
	free(recollection);
	*freed = NULL;
}

/* The last sequence that is known or kept. */
static uint64_t last_of(const struct remembered *outbox)
{
	const uint64_t kept = outbox->count ? outbox->first + outbox->count - 1 : 0;

	return kept > outbox->known ? kept : outbox->known;
}

uint32_t mtr_recollection_missing(const struct mtr_recollection *recollection)
{
	uint32_t missing = 0;

	for (size_t i = 0; i < recollection->outbox_count; i++) {
		const struct remembered *outbox = &recollection->outboxes[i];

		missing += !outbox->settled && !(outbox->told && last_of(outbox) >= outbox->answered);
	}
	return missing;
}

static struct remembered *find_or_add(struct mtr_recollection *recollection, const struct mtr_work *work)
{
	struct remembered *outbox = find(recollection, work->outbox);

	if (outbox || recollection->strangers == MTR_RECOLLECTION_STRANGERS_MAX)
		return outbox;
	outbox = add(recollection, work->outbox, work->principal_id);
	if (outbox) {
		outbox->told = true;
		recollection->strangers++;
	}
	return outbox;
}

void mtr_recollection_told(struct mtr_recollection *recollection, const struct mtr_work *work, uint64_t known,
			   uint64_t answered)
{
	struct remembered *outbox = find(recollection, work->outbox);

	/* There is nothing to wait for. */
	if (!outbox && answered <= known)
		return;
	if (!outbox)
		outbox = find_or_add(recollection, work);
	if (!outbox)
		return;
	outbox->told = true;
	outbox->known = known;
	if (answered > outbox->answered)
		outbox->answered = answered;
}

void mtr_recollection_taken_up(struct mtr_recollection *recollection, const uint8_t outbox[MTR_OUTBOX_BYTES],
			       uint64_t sequence)
{
	struct remembered *known = find(recollection, outbox);

	if (known && sequence > known->known)
		known->known = sequence;
}

void mtr_recollection_closed(struct mtr_recollection *recollection, const uint8_t outbox[MTR_OUTBOX_BYTES])
{
	struct remembered *closed = find(recollection, outbox);

	if (closed)
		closed->settled = true;
}

static const uint8_t *hash_of(const struct remembered *outbox, uint64_t sequence)
{
	return sequence >= outbox->first && sequence - outbox->first < outbox->count
		       ? outbox->hashes[sequence - outbox->first]
		       : NULL;
}

enum mtr_recollected mtr_recollection_judge(struct mtr_recollection *recollection, const struct mtr_work *work,
					    uint64_t known, uint64_t *ret_expected)
{
	struct remembered *outbox = find(recollection, work->outbox);
	const uint8_t *hash;

	if (outbox)
		outbox->known = known;
	*ret_expected = (outbox ? last_of(outbox) : known) + 1;
	if (work->sequence > *ret_expected)
		return MTR_RECOLLECTED_GAP;
	if (!outbox)
		return MTR_RECOLLECTED_NEXT;
	hash = hash_of(outbox, work->sequence);
	if (hash)
		return memcmp(hash, work->entry_hash, MTR_HASH_BYTES) == 0 ? MTR_RECOLLECTED_KEPT
									   : MTR_RECOLLECTED_CONTENTS;
	hash = hash_of(outbox, work->sequence - 1);
	if (hash && memcmp(hash, work->previous_hash, MTR_HASH_BYTES) != 0)
		return MTR_RECOLLECTED_FORKED;
	return MTR_RECOLLECTED_NEXT;
}

bool mtr_recollection_claims(const struct mtr_recollection *recollection, const struct mtr_work *work)
{
	const struct remembered *outbox = find(recollection, work->outbox);

	return outbox && outbox->told && work->sequence <= outbox->answered;
}

static struct mtr_work *copy_of(const struct mtr_work *work, struct mtr_bytes former)
{
	struct mtr_work *copy = mtr_work_new(work->body, work->body_size);

	if (!copy)
		return NULL;
	copy->principal_id = work->principal_id;
	copy->sequenced = true;
	memcpy(copy->outbox, work->outbox, MTR_OUTBOX_BYTES);
	copy->sequence = work->sequence;
	copy->first_unacknowledged = work->first_unacknowledged;
	memcpy(copy->previous_hash, work->previous_hash, MTR_HASH_BYTES);
	if (!former.size)
		return copy;
	copy->former = malloc(former.size);
	if (!copy->former) {
		mtr_work_free(&copy);
		return NULL;
	}
	memcpy(copy->former, former.data, former.size);
	copy->former_size = former.size;
	return copy;
}

static bool keep_hash(struct remembered *outbox, const struct mtr_work *work)
{
	void *items = outbox->hashes;

	if (!make_room(&items, outbox->count, &outbox->room, MTR_HASH_BYTES))
		return false;
	outbox->hashes = items;
	if (outbox->count == 0)
		outbox->first = work->sequence;
	memcpy(outbox->hashes[outbox->count++], work->entry_hash, MTR_HASH_BYTES);
	return true;
}

bool mtr_recollection_keep(struct mtr_recollection *recollection, const struct mtr_work *work, struct mtr_bytes former,
			   uint64_t revision, bool operates)
{
	struct remembered *outbox = find_or_add(recollection, work);
	const size_t bytes = sizeof *work + work->body_size + former.size + sizeof(struct kept) + MTR_HASH_BYTES;
	const size_t reserved = operates ? 0 : MTR_RECOLLECTION_OPERATORS_BYTES;
	void *items = recollection->kept;
	struct mtr_work *copy;

	if (!outbox || recollection->sorted || recollection->bytes + bytes > MTR_RECOLLECTION_BYTES_MAX - reserved ||
	    !make_room(&items, recollection->kept_count, &recollection->kept_room, sizeof(struct kept)))
		return false;
	recollection->kept = items;
	copy = copy_of(work, former);
	if (!copy || !keep_hash(outbox, work)) {
		mtr_work_free(&copy);
		return false;
	}
	if (revision > outbox->order)
		outbox->order = revision;
	recollection->kept[recollection->kept_count] =
		(struct kept){.order = outbox->order, .arrival = recollection->kept_count, .work = copy};
	recollection->kept_count++;
	recollection->bytes += bytes;
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct kept *x = left, *y = right;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->arrival < y->arrival ? -1 : x->arrival > y->arrival;
}

struct mtr_work *mtr_recollection_take(struct mtr_recollection *recollection)
{
	if (!recollection->sorted && recollection->kept_count)
		qsort(recollection->kept, recollection->kept_count, sizeof *recollection->kept, compare);
	recollection->sorted = true;
	if (recollection->taken == recollection->kept_count)
		return NULL;
	return recollection->kept[recollection->taken++].work;
}
