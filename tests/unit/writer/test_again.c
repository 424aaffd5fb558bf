#include "unit/writer/house.h"

#include "contract/incarnation.h"
#include "store/reconciling.h"
#include "work/receipt.h"
#include "writer/alone.h"

#define NOMINATOR_ID 2u
#define LOST_MAX 8u

/* An entry that was answered before the restore. */
struct lost {
	struct mtr_work *entry; /* as it was sent */
	uint8_t hash[MTR_HASH_BYTES];
	uint64_t revision, id;
	uint8_t *answer;
	size_t answer_size;
};

struct scene {
	struct house house;
	struct lost lost[LOST_MAX];
	uint32_t count;
	struct desk operator_desk;
};

static void copy_file(const char *from, const char *to)
{
	static uint8_t bytes[1 << 16];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t size;

	assert_non_null(in);
	assert_non_null(out);
	while ((size = fread(bytes, 1, sizeof bytes, in)) > 0)
		assert_int_equal(fwrite(bytes, 1, size, out), size);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static char *copy_to;

static int copy_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	char to[512];

	(void)status;
	(void)snprintf(to, sizeof to, "%s/%s", copy_to, path + at->base);
	if (type == FTW_F)
		copy_file(path, to);
	return 0;
}

/* The backup: store and journal as they are now, under other names. */
static void back_up(struct house *house)
{
	static const char *const names[] = {"store", "journal"};
	char from[128], to[128];

	house_close(house);
	for (unsigned i = 0; i < 2; i++) {
		(void)snprintf(from, sizeof from, "%s/%s", house->directory, names[i]);
		(void)snprintf(to, sizeof to, "%s/%s-backup", house->directory, names[i]);
		assert_int_equal(mkdir(to, 0700), 0);
		copy_to = to;
		assert_int_equal(nftw(from, copy_entry, 8, FTW_PHYS), 0);
	}
	house_open(house);
}

static void state_restore(struct house *house)
{
	const struct mtr_chain_point head = house->engine->operations->head(house->engine);
	Mtr__Incarnation statement = MTR__INCARNATION__INIT;
	uint8_t chain[MTR_HASH_BYTES], signature[MTR_SIGNATURE_BYTES];
	struct mtr_key_pair pair;
	char reason[] = "đĩa hỏng";

	assert_true(mtr_signing_pair_make(&pair));
	memcpy(chain, head.chain, sizeof chain);
	statement.former = mtr_local_incarnation(house->engine);
	statement.incarnation = statement.former + 1;
	statement.fork_revision = head.revision;
	statement.fork_chain = (ProtobufCBinaryData){sizeof chain, chain};
	statement.reason = reason;
	statement.at = house->now;
	statement.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, pair.public_key};
	statement.signature = (ProtobufCBinaryData){sizeof signature, signature};
	mtr_incarnation_sign(&statement, &pair, signature);
	assert_int_equal(mtr_adopt(house->store, house->engine, &statement, house->now), 0);
}

/* The disk is gone: what the backup holds goes on, stated to be another incarnation. */
static void restore(struct house *house)
{
	house_close(house);
	assert_int_equal(house_open_as(house, "store-backup", "journal-backup"), MTR_RECOVER_OK);
	state_restore(house);
	house_start(house);
}

static void start_again(struct house *house)
{
	house_close(house);
	assert_int_equal(house_open_as(house, "store-backup", "journal-backup"), MTR_RECOVER_OK);
	house_start(house);
}

static size_t pack_nominator(uint8_t *ret_command)
{
	uint8_t key[MTR_KEY_BYTES] = {9};
	Mtr__PutPrincipal body = MTR__PUT_PRINCIPAL__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	char name[] = "Văn thư", unit[] = "U-0";

	body.public_key = (ProtobufCBinaryData){sizeof key, key};
	body.name = name;
	body.role = MTR__ROLE__ROLE_NOMINATOR;
	body.unit_code = unit;
	command.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	command.put_principal = &body;
	return mtr__command__pack(&command, ret_command);
}

static size_t pack_withdraw(uint64_t id, uint8_t *ret_command)
{
	Mtr__Withdraw body = MTR__WITHDRAW__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;

	body.nomination_id = id;
	command.body_case = MTR__COMMAND__BODY_WITHDRAW;
	command.withdraw = &body;
	return mtr__command__pack(&command, ret_command);
}

static struct mtr_work *desk_dissolve(struct desk *desk, uint32_t number, uint32_t successor)
{
	Mtr__DissolveUnit body = MTR__DISSOLVE_UNIT__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	char code[16], heir[16];
	uint8_t bytes[128];

	(void)snprintf(code, sizeof code, "U-%u", number);
	(void)snprintf(heir, sizeof heir, "U-%u", successor);
	body.code = code;
	body.successor_code = heir;
	command.body_case = MTR__COMMAND__BODY_DISSOLVE_UNIT;
	command.dissolve_unit = &body;
	return desk_entry(desk, bytes, mtr__command__pack(&command, bytes));
}

static struct mtr_work *desk_end(struct desk *desk, const char *reason)
{
	Mtr__EndReconciliation body = MTR__END_RECONCILIATION__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	uint8_t bytes[128];

	body.reason = (char *)(uintptr_t)reason;
	command.body_case = MTR__COMMAND__BODY_END_RECONCILIATION;
	command.end_reconciliation = &body;
	return desk_entry(desk, bytes, mtr__command__pack(&command, bytes));
}

static struct mtr_work *desk_close(struct desk *desk, const struct desk *closed, uint64_t from, uint64_t to)
{
	Mtr__CloseOutbox body = MTR__CLOSE_OUTBOX__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	uint8_t bytes[128];

	body.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, (uint8_t *)(uintptr_t)closed->outbox};
	body.lost_from = from;
	body.lost_to = to;
	command.body_case = MTR__COMMAND__BODY_CLOSE_OUTBOX;
	command.close_outbox = &body;
	return desk_entry(desk, bytes, mtr__command__pack(&command, bytes));
}

/* Has it answered, and remembers all that its desk would. */
static struct lost *answer_and_lose(struct scene *scene, struct mtr_work *work)
{
	struct lost *lost = &scene->lost[scene->count++];
	struct mtr_work *copy = copy_work(work), *done = house_ask(&scene->house, work);
	Mtr__Answer *answer = answer_of(done);

	lost->entry = copy;
	mtr_entry_hash(copy->previous_hash, copy->sequence, (struct mtr_bytes){copy->body, copy->body_size},
		       lost->hash);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_DONE);
	assert_memory_equal(done->entry_hash, lost->hash, MTR_HASH_BYTES);
	assert_int_equal(done->revision, answer->revision);
	lost->revision = answer->revision;
	lost->id = answer->done->id;
	lost->answer_size = done->answer_size;
	lost->answer = malloc(done->answer_size);
	memcpy(lost->answer, done->answer, done->answer_size);
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&done);
	return lost;
}

/* The same entry with what proves its former answer, as the network room hands it over; `spoilt` changes the proof. */
static struct mtr_work *again_as(const struct lost *lost, struct mtr_work *work, bool spoilt)
{
	static const uint8_t key[MTR_HASH_BYTES];
	const struct mtr_receipt_of of = {.outbox = lost->entry->outbox,
					  .sequence = lost->entry->sequence,
					  .entry_hash = lost->hash,
					  .revision = lost->revision,
					  .answer = {lost->answer, lost->answer_size}};
	uint8_t receipt[MTR_RECEIPT_BYTES], packed[1024];
	Mtr__Again again = MTR__AGAIN__INIT;

	mtr_receipt_make(key, &of, receipt);
	receipt[7] ^= spoilt;
	again.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, lost->entry->outbox};
	again.sequence = lost->entry->sequence;
	again.previous_hash = (ProtobufCBinaryData){MTR_HASH_BYTES, lost->entry->previous_hash};
	again.revision = lost->revision;
	again.answer = (ProtobufCBinaryData){lost->answer_size, lost->answer};
	again.receipt = (ProtobufCBinaryData){sizeof receipt, receipt};
	assert_true(mtr_work_again(work, packed, mtr__again__pack(&again, packed)));
	return work;
}

static struct mtr_work *again(const struct lost *lost)
{
	return again_as(lost, copy_work(lost->entry), false);
}

static void tell(struct house *house, const struct desk *desk, uint64_t answered)
{
	struct mtr_work *work = mtr_work_new("", 0);

	work->reports = true;
	work->principal_id = desk->principal_id;
	memcpy(work->outbox, desk->outbox, MTR_OUTBOX_BYTES);
	work->sequence = answered;
	assert_true(mtr_writer_submit(house->writer, work));
}

static uint32_t missing(const struct house *house)
{
	struct mtr_writer_figures figures;

	mtr_writer_figures(house->writer, &figures);
	return figures.missing;
}

static bool reconciles(struct house *house)
{
	struct mtr_txn txn;

	house_close(house);
	assert_int_equal(house_open_as(house, "store-backup", "journal-backup"), MTR_RECOVER_OK);
	mtr_txn_begin_read(&txn, house->store);
	const bool is = mtr_is_reconciling(&txn);

	mtr_txn_abort(&txn);
	house_start(house);
	return is;
}

static uint64_t count_divergences(struct house *house, Mtr__Divergence *ret_last)
{
	struct mtr_arena *arena = mtr_arena_new(1 << 16);
	struct mtr_txn txn;
	struct mtr_row row;
	uint64_t count = 0;

	house_close(house);
	assert_int_equal(house_open_as(house, "store-backup", "journal-backup"), MTR_RECOVER_OK);
	mtr_txn_begin_read(&txn, house->store);
	for (uint64_t id = 1; id < 10; id++) {
		if (!mtr_read_row(&txn, MTR__ENTITY_TYPE__ENTITY_TYPE_DIVERGENCE, id, &row))
			continue;
		const Mtr__Divergence *message =
			mtr__divergence__unpack(mtr_arena_allocator(arena), row.bytes.size, row.bytes.data);

		assert_non_null(message);
		*ret_last = *message;
		ret_last->outbox = (ProtobufCBinaryData){0};
		count++;
	}
	mtr_txn_abort(&txn);
	mtr_arena_free(&arena);
	house_start(house);
	return count;
}

static int begin(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);
	uint8_t command[128];

	house_make(&scene->house);
	house_open(&scene->house);
	scene->operator_desk = make_desk(1, OPERATOR_ID);
	assert_done(judge(&scene->house, desk_unit(&scene->operator_desk, 0)));
	assert_done(judge(&scene->house, desk_entry(&scene->operator_desk, command, pack_nominator(command))));
	*state = scene;
	return 0;
}

static int end(void **state)
{
	struct scene *scene = *state;

	for (uint32_t i = 0; i < scene->count; i++) {
		mtr_work_free(&scene->lost[i].entry);
		free(scene->lost[i].answer);
	}
	house_remove(&scene->house);
	free(scene);
	return 0;
}

/* Two outboxes by turns, all of it lost. */
static void lose_four(struct scene *scene, struct desk *other)
{
	*other = make_desk(2, OPERATOR_ID);
	assert_done(judge(&scene->house, desk_unit(other, 1)));
	back_up(&scene->house);
	answer_and_lose(scene, desk_unit(&scene->operator_desk, 2));
	answer_and_lose(scene, desk_unit(other, 3));
	answer_and_lose(scene, desk_unit(&scene->operator_desk, 4));
	answer_and_lose(scene, desk_unit(other, 5));
	restore(&scene->house);
}

/* Whatever was kept has been decided by now: the stored answer comes, with the number people have on paper. */
static uint64_t check_decided(struct scene *scene, const struct lost *lost)
{
	struct mtr_work *work = house_ask(&scene->house, again(lost));
	Mtr__Answer *answer = answer_of(work);
	uint64_t revision = answer->revision;

	assert_true(work->repeated_answer);
	assert_int_equal(answer->body_case, MTR__ANSWER__BODY_DONE);
	assert_int_equal(answer->done->id, lost->id);
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
	return revision;
}

static void the_former_order_comes_back(void **state)
{
	static const unsigned order[] = {1, 3, 0, 2};
	struct scene *scene = *state;
	struct desk other;
	uint64_t last = 0;

	lose_four(scene, &other);
	assert_int_not_equal(missing(&scene->house), 0);
	tell(&scene->house, &other, other.sequence);
	tell(&scene->house, &scene->operator_desk, scene->operator_desk.sequence);
	for (unsigned i = 0; i < 4; i++) {
		struct verdict verdict = judge(&scene->house, again(&scene->lost[order[i]]));

		assert_refused(verdict, RECONCILING);
		assert_string_equal(verdict.field, "sequencing.sequence");
	}
	for (unsigned i = 0; i < 4; i++) {
		const uint64_t revision = check_decided(scene, &scene->lost[i]);

		assert_true(revision > last);
		last = revision;
	}
	assert_int_equal(missing(&scene->house), 0);
	assert_false(reconciles(&scene->house));
	/* New ones leave the numbers free that were given before. */
	struct mtr_work *work = house_ask(&scene->house, desk_unit(&other, 6));
	Mtr__Answer *answer = answer_of(work);

	assert_true(answer->done->id > MTR_IDS_RESERVED);
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
}

static void what_is_new_waits(void **state)
{
	struct scene *scene = *state;
	struct desk other, desk = make_desk(3, NOMINATOR_ID);
	uint8_t command[64];
	size_t size = pack_withdraw(7, command);

	lose_four(scene, &other);
	struct mtr_work *work = desk_entry(&desk, command, size), *later = copy_work(work), *dry = copy_work(work);
	struct verdict verdict = judge(&scene->house, work);

	assert_refused(verdict, RECONCILING);
	assert_string_equal(verdict.field, "");
	assert_int_equal(verdict.revision, 0);
	dry->dry_run = true;
	assert_refused(judge(&scene->house, dry), UNKNOWN_NOMINATION);
	/* An outbox that has nothing to bring isn't waited for. */
	assert_true(missing(&scene->house) <= 2);
	tell(&scene->house, &other, 1);
	tell(&scene->house, &scene->operator_desk, 2);
	verdict = judge(&scene->house, later);
	while (verdict.code == MTR__ERROR_CODE__ERROR_CODE_RECONCILING) {
		desk.sequence--;
		memset(desk.hash, 0, sizeof desk.hash);
		verdict = judge(&scene->house, desk_entry(&desk, command, size));
	}
	assert_refused(verdict, UNKNOWN_NOMINATION);
	assert_int_not_equal(verdict.revision, 0);
}

static void only_what_is_proved_comes_back(void **state)
{
	struct scene *scene = *state;
	struct desk other, third = make_desk(3, NOMINATOR_ID);
	struct lost *lost = &scene->lost[1];

	lose_four(scene, &other);
	/* An entry that its outbox never claimed, with a changed receipt, under another key: new, so it waits. */
	struct mtr_work *work = again_as(lost, desk_entry(&third, lost->entry->body, lost->entry->body_size), false);
	struct verdict verdict = judge(&scene->house, work);

	assert_refused(verdict, RECONCILING);
	assert_string_equal(verdict.field, "");
	/* What is claimed but not proved is decided after all that is. */
	tell(&scene->house, &other, 3);
	tell(&scene->house, &scene->operator_desk, 4);
	assert_refused(judge(&scene->house, again_as(lost, copy_work(lost->entry), true)), RECONCILING);
	assert_refused(judge(&scene->house, again(&scene->lost[3])), RECONCILING);
	assert_refused(judge(&scene->house, again(&scene->lost[0])), RECONCILING);
	assert_refused(judge(&scene->house, again(&scene->lost[2])), RECONCILING);
	const uint64_t first = check_decided(scene, &scene->lost[0]), second = check_decided(scene, &scene->lost[2]);
	struct verdict unproved = judge(&scene->house, again(&scene->lost[1]));

	assert_true(first < second);
	assert_true(unproved.repeated);
	assert_true(second < unproved.revision);
	assert_true(unproved.revision < check_decided(scene, &scene->lost[3]));
}

static void order_and_contents_are_watched(void **state)
{
	struct scene *scene = *state;
	struct desk other;

	lose_four(scene, &other);
	tell(&scene->house, &other, 3);
	struct verdict verdict = judge(&scene->house, again(&scene->lost[3]));

	assert_refused(verdict, SEQUENCE_GAP);
	assert_int_equal(verdict.number, 2);
	assert_refused(judge(&scene->house, again(&scene->lost[1])), RECONCILING);
	/* Once more: kept already. */
	verdict = judge(&scene->house, again(&scene->lost[1]));
	assert_refused(verdict, RECONCILING);
	assert_string_equal(verdict.field, "sequencing.sequence");
	/* The same place with other contents, and a next one that follows something else. */
	struct desk fork = other;
	uint8_t command[256];

	fork.sequence = 1;
	memcpy(fork.hash, scene->lost[1].entry->previous_hash, MTR_HASH_BYTES);
	assert_refused(judge(&scene->house, desk_entry(&fork, command, pack_unit(9, command))), SEQUENCE_CONTENTS);
	assert_refused(judge(&scene->house, desk_entry(&fork, command, pack_unit(10, command))), OUTBOX_FORKED);
}

static void what_was_only_gathered_comes_again_after_a_crash(void **state)
{
	struct scene *scene = *state;
	struct desk other;

	lose_four(scene, &other);
	tell(&scene->house, &other, 3);
	assert_refused(judge(&scene->house, again(&scene->lost[1])), RECONCILING);
	start_again(&scene->house);
	assert_refused(judge(&scene->house, again(&scene->lost[3])), SEQUENCE_GAP);
	tell(&scene->house, &other, 3);
	tell(&scene->house, &scene->operator_desk, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_refused(judge(&scene->house, again(&scene->lost[i])), RECONCILING);
	for (unsigned i = 0; i < 4; i++)
		check_decided(scene, &scene->lost[i]);
}

static void the_operator_ends_it(void **state)
{
	struct scene *scene = *state;
	struct desk other, fresh = make_desk(4, OPERATOR_ID);

	lose_four(scene, &other);
	assert_refused(judge(&scene->house, again(&scene->lost[0])), RECONCILING);
	/* A reason is wanted; until then it is an entry that waits like others of an operator. */
	struct desk reasonless = fresh;

	assert_refused(judge(&scene->house, desk_end(&reasonless, "")), RECONCILING);
	struct desk ending = make_desk(5, OPERATOR_ID);
	struct verdict verdict = judge(&scene->house, desk_end(&ending, "máy của huyện 2 đã hỏng"));

	assert_done(verdict);
	assert_int_equal(missing(&scene->house), 0);
	check_decided(scene, &scene->lost[0]);
	/* Who comes now is taken as he comes, and keeps his number all the same. */
	assert_done(judge(&scene->house, again(&scene->lost[1])));
	check_decided(scene, &scene->lost[1]);
	assert_refused(judge(&scene->house, desk_end(&ending, "một lần nữa")), NOT_RECONCILING);
	assert_false(reconciles(&scene->house));
}

static void a_gap_closes_the_outbox(void **state)
{
	struct scene *scene = *state;
	struct desk other, anew = make_desk(6, OPERATOR_ID), foreign = make_desk(7, NOMINATOR_ID), early = anew;
	Mtr__Divergence divergence;

	lose_four(scene, &other);
	/* Not another key's, and not what the register has. */
	struct desk thief = foreign;

	assert_refused(judge(&scene->house, desk_close(&thief, &other, 2, 2)), OUT_OF_SCOPE);
	early.outbox[0] = 8;
	assert_refused(judge(&scene->house, desk_close(&early, &other, 1, 2)), FIELD_RANGE);
	/* Entry 2 is gone, entry 3 goes on as entry 2 of another outbox, with what proves where it was. */
	tell(&scene->house, &anew, 2);
	assert_done(judge(&scene->house, desk_close(&anew, &other, 2, 2)));
	struct lost *left = &scene->lost[3];
	uint8_t closing_hash[MTR_HASH_BYTES];

	memcpy(closing_hash, anew.hash, sizeof closing_hash);
	assert_refused(judge(&scene->house,
			     again_as(left, desk_entry(&anew, left->entry->body, left->entry->body_size), false)),
		       RECONCILING);
	assert_refused(judge(&scene->house, again(left)), OUTBOX_CLOSED);
	tell(&scene->house, &scene->operator_desk, 4);
	assert_refused(judge(&scene->house, again(&scene->lost[0])), RECONCILING);
	assert_refused(judge(&scene->house, again(&scene->lost[2])), RECONCILING);
	const uint64_t before = check_decided(scene, &scene->lost[2]);
	struct mtr_work *moved = copy_work(left->entry);
	struct verdict verdict;

	memcpy(moved->outbox, anew.outbox, MTR_OUTBOX_BYTES);
	moved->sequence = 2;
	memcpy(moved->previous_hash, closing_hash, MTR_HASH_BYTES);
	verdict = judge(&scene->house, moved);
	assert_done(verdict);
	assert_true(verdict.repeated);
	assert_true(verdict.revision > before);
	assert_int_equal(count_divergences(&scene->house, &divergence), 1);
	assert_int_equal(divergence.sequence, 2);
	assert_int_equal(divergence.lost_to, 2);
	assert_int_equal(divergence.principal_id, OPERATOR_ID);
	assert_refused(judge(&scene->house, again(left)), OUTBOX_CLOSED);
}

/* It was answered that before a second restore, too. */
static void a_closing_entry_that_is_all_there_is_ends_the_waiting(void **state)
{
	struct scene *scene = *state;
	struct desk other, anew = make_desk(6, OPERATOR_ID);

	lose_four(scene, &other);
	tell(&scene->house, &anew, 1);
	assert_done(judge(&scene->house, desk_close(&anew, &other, 2, 3)));
	tell(&scene->house, &scene->operator_desk, 4);
	assert_refused(judge(&scene->house, again(&scene->lost[0])), RECONCILING);
	assert_refused(judge(&scene->house, again(&scene->lost[2])), RECONCILING);
	check_decided(scene, &scene->lost[2]);
}

static void a_restore_further_back_adds_to_what_is_lost(void **state)
{
	struct scene *scene = *state;
	struct desk other = make_desk(2, OPERATOR_ID), anew = make_desk(6, OPERATOR_ID);
	Mtr__Divergence divergence;

	assert_done(judge(&scene->house, desk_unit(&other, 1)));
	back_up(&scene->house);
	restore(&scene->house);
	/* At an earlier restore 2 and 3 were still there. */
	assert_done(judge(&scene->house, desk_close(&anew, &other, 4, 4)));
	assert_int_equal(count_divergences(&scene->house, &divergence), 1);
	assert_int_equal(divergence.sequence, 2);
	assert_int_equal(divergence.lost_to, 4);
}

static void what_comes_out_otherwise_is_on_record(void **state)
{
	struct scene *scene = *state;
	struct desk other = make_desk(2, OPERATOR_ID), anew = make_desk(6, OPERATOR_ID);
	Mtr__Divergence divergence;

	assert_done(judge(&scene->house, desk_unit(&other, 1)));
	back_up(&scene->house);
	answer_and_lose(scene, desk_unit(&other, 2));
	struct lost *lost = answer_and_lose(scene, desk_dissolve(&scene->operator_desk, 1, 2));

	restore(&scene->house);
	/* The heir is lost for good. */
	tell(&scene->house, &anew, 0);
	tell(&scene->house, &scene->operator_desk, scene->operator_desk.sequence);
	assert_done(judge(&scene->house, desk_close(&anew, &other, 2, 2)));
	assert_refused(judge(&scene->house, again(lost)), RECONCILING);
	struct verdict verdict = judge(&scene->house, again(lost));

	assert_refused(verdict, UNKNOWN_UNIT);
	assert_true(verdict.repeated);
	assert_int_equal(count_divergences(&scene->house, &divergence), 2);
	assert_int_equal(divergence.command_tag, MTR__COMMAND__BODY_DISSOLVE_UNIT);
	assert_int_equal(divergence.former_error, 0);
	assert_int_equal(divergence.error, MTR__ERROR_CODE__ERROR_CODE_UNKNOWN_UNIT);
	assert_int_equal(divergence.former_revision, lost->revision);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_former_order_comes_back),
		TEST(what_is_new_waits),
		TEST(only_what_is_proved_comes_back),
		TEST(order_and_contents_are_watched),
		TEST(what_was_only_gathered_comes_again_after_a_crash),
		TEST(the_operator_ends_it),
		TEST(a_gap_closes_the_outbox),
		TEST(a_closing_entry_that_is_all_there_is_ends_the_waiting),
		TEST(a_restore_further_back_adds_to_what_is_lost),
		TEST(what_comes_out_otherwise_is_on_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
