/* Mirrors that are damaged, differ, or are another's, and pages that can't be right. */
#include "store/schema.h"
#include "unit/mirror/served.h"

#include "contract/incarnation.h"

static void damage_a_row(struct served *served, unsigned skip)
{
	static const struct mtr_bytes none = {NULL, 0};
	struct mtr_store *store = served_open_mirror(served);
	uint8_t key[64], value[512];
	struct mtr_bytes k, v;
	struct mtr_walk walk;
	struct mtr_txn txn;

	mtr_txn_begin_write(&txn, store);
	mtr_walk_begin(&walk, &txn, MTR_TABLE_FEED, none, none);
	for (unsigned i = 0; i <= skip; i++)
		assert_true(mtr_walk_next(&walk, &k, &v));
	mtr_walk_end(&walk);
	assert_true(k.size <= sizeof key && v.size <= sizeof value);
	memcpy(key, k.data, k.size);
	memcpy(value, v.data, v.size);
	value[v.size - 2] ^= 1;
	mtr_txn_put(&txn, MTR_TABLE_FEED, (struct mtr_bytes){key, k.size}, (struct mtr_bytes){value, v.size});
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	mtr_store_close(&store);
}

/* One bit on the desk's disk. */
static void a_damaged_row_is_found_and_healed(void **state)
{
	struct served *served = *state;

	for (unsigned skip = 0; skip < 20; skip += 3) {
		served_sync(served);
		desk_close(&served->desk);
		damage_a_row(served, skip);
		desk_open(&served->desk, &served->server, 0);
		served_sync(served);
		assert_int_equal(served->notices[MTR_CLIENT_MIRROR_BROKEN], 1);
		assert_int_equal(served_beginnings(served), 1);
		served_expect_whole(served);
	}
}

static void overwrite(struct served *served, long from, size_t size, int byte)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/mirror/data.mdb", served->desk.state);
	file = fopen(path, "r+b");
	assert_non_null(file);
	assert_int_equal(fseek(file, from, SEEK_SET), 0);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(fputc(byte, file), byte);
	assert_int_equal(fclose(file), 0);
}

static void a_file_that_is_no_mirror_is_made_anew(void **state)
{
	struct served *served = *state;
	struct mtr_client_mirror_state mirror;
	const uint8_t query[] = {0};
	const uint8_t *answer;
	size_t size;
	char path[128];

	served_sync(served);
	desk_close(&served->desk);
	/* Both meta pages. */
	overwrite(served, 0, 8192, 0x5a);
	desk_open(&served->desk, &served->server, 0);
	assert_int_equal(mtr_client_mirror_state(served->desk.client, &mirror), MTR_CLIENT_MIRROR_DAMAGED);
	assert_int_equal(mtr_client_query_mirror(served->desk.client, query, 0, &answer, &size),
			 MTR_CLIENT_MIRROR_DAMAGED);
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_BROKEN], 1);
	served_expect_whole(served);
	desk_close(&served->desk);
	snprintf(path, sizeof path, "%s/mirror/data.mdb", served->desk.state);
	assert_int_equal(truncate(path, 16384), 0);
	desk_open(&served->desk, &served->server, 0);
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_BROKEN], 1);
	served_expect_whole(served);
}

/* A letter in a name: still a row, but not the register's. */
static void change_a_letter(struct served *served, Mtr__Answer *answer)
{
	Mtr__FeedPage *page = answer->page;

	(void)served;
	for (size_t i = 0; i < page->n_rows; i++) {
		if (page->rows[i]->type == TYPE(UNIT)) {
			page->rows[i]->row.data[4] = page->rows[i]->row.data[4] == 'Z' ? 'Y' : 'Z';
			return;
		}
	}
}

static void shorten_a_row(struct served *served, Mtr__Answer *answer)
{
	(void)served;
	if (answer->page->n_rows)
		answer->page->rows[0]->row.len--;
}

static void lie_about_the_count(struct served *served, Mtr__Answer *answer)
{
	(void)served;
	answer->page->count++;
}

static void stand_still(struct served *served, Mtr__Answer *answer)
{
	(void)served;
	answer->page->at_head = false;
	answer->page->more = true;
}

static void a_flipped_byte_is_found_and_healed(void **state)
{
	struct served *served = *state;

	served->spoil_page = change_a_letter;
	served->spoil = 1;
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_DISAGREED], 1);
	assert_int_equal(served_beginnings(served), 2);
	served_expect_whole(served);
	served->spoil_page = lie_about_the_count;
	served->spoil = 1;
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_DISAGREED], 1);
	served_expect_whole(served);
}

static void a_second_difference_is_an_error(void **state)
{
	struct served *served = *state;

	served->spoil_page = change_a_letter;
	served->spoil = 2;
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_MIRROR_DIFFERS);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_DISAGREED], 1);
	assert_false(served_state(served).agreed);
	assert_int_equal(served_state(served).revision, served->world->f->revision);
	/* The next call tries again. */
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_DISAGREED], 1);
	served_expect_whole(served);
}

static void a_page_that_cannot_be_is_refused(void **state)
{
	struct served *served = *state;
	struct mtr_client_mirror_state before;

	served_sync(served);
	before = served_state(served);
	served_put_person(served, 2, DISTRICT_A);
	served->spoil_page = shorten_a_row;
	served->spoil = 1;
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_PROTOCOL);
	assert_int_equal(served_state(served).revision, before.revision);
	served_sync(served);
	assert_int_equal(served_beginnings(served), 0);
	served->spoil_page = stand_still;
	served->spoil = 1000;
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_PROTOCOL);
	served->spoil = 0;
	served_sync(served);
	served_expect_whole(served);
}

static struct {
	struct mtr_key_pair signer;
	bool stated;
} restored;

/* The statement that the register went on from a backup, besides what the world answers. */
static uint8_t *query_restored(struct fake_server *server, const Mtr__Query *query, size_t *ret_size)
{
	Mtr__Incarnation statement = MTR__INCARNATION__INIT, *list[] = {&statement};
	Mtr__IncarnationList statements = MTR__INCARNATION_LIST__INIT;
	Mtr__Answer answer = MTR__ANSWER__INIT;
	uint8_t chain[MTR_HASH_BYTES] = {1}, signature[MTR_SIGNATURE_BYTES], *packed;
	char reason[] = "đĩa hỏng";

	if (query->body_case != MTR__QUERY__BODY_INCARNATIONS)
		return served_query(server, query, ret_size);
	statement.former = INCARNATION;
	statement.incarnation = INCARNATION + 1;
	statement.fork_revision = 1;
	statement.fork_chain = (ProtobufCBinaryData){sizeof chain, chain};
	statement.reason = reason;
	statement.at = 1700000000001;
	statement.public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, restored.signer.public_key};
	statement.signature = (ProtobufCBinaryData){sizeof signature, signature};
	mtr_incarnation_sign(&statement, &restored.signer, signature);
	statements.statements = list;
	statements.n_statements = restored.stated;
	answer.body_case = MTR__ANSWER__BODY_INCARNATIONS;
	answer.incarnations = &statements;
	*ret_size = mtr__answer__get_packed_size(&answer);
	packed = malloc(*ret_size);
	assert_non_null(packed);
	mtr__answer__pack(&answer, packed);
	return packed;
}

static void start_restored(struct served *served)
{
	fake_server_stop(&served->server);
	served->server.incarnation = served->world->options.incarnation = INCARNATION + 1;
	fake_server_start(&served->server);
}

static void a_register_set_back_is_read_anew(void **state)
{
	struct served *served = *state;
	struct mtr_key_pair known;

	restored.stated = false;
	assert_true(mtr_signing_pair_make(&known) && mtr_signing_pair_make(&restored.signer));
	fake_server_stop(&served->server);
	served->server.recovery_key = known.public_key;
	served->server.query = query_restored;
	fake_server_start(&served->server);
	served_sync(served);
	const uint64_t rows = served_state(served).rows;

	/* Restored from a backup, which nobody states, or somebody else than the one known. */
	start_restored(served);
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_UNSIGNED);
	restored.stated = true;
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_UNSIGNED);
	assert_int_equal(served_state(served).rows, rows);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_SET_BACK], 0);
	/* Or the one who may. */
	restored.signer = known;
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_SET_BACK], 1);
	served_expect_whole(served);
	/* Back to where it was, which was signed for once. */
	fake_server_stop(&served->server);
	served->server.incarnation = served->world->options.incarnation = INCARNATION;
	fake_server_start(&served->server);
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_UNSIGNED);
	start_restored(served);
	/* Only the cursor tells. */
	served->world->options.incarnation = INCARNATION + 2;
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_SET_BACK], 1);
	served_expect_whole(served);
}

static void a_mirror_of_another_server_is_replaced(void **state)
{
	struct served *served = *state;
	struct mtr_client_mirror_state mirror;

	served_sync(served);
	fake_server_stop(&served->server);
	assert_true(mtr_key_pair_make(&served->server.keys));
	fake_server_start(&served->server);
	served_reopen(served, 0);
	assert_int_equal(mtr_client_mirror_state(served->desk.client, &mirror), MTR_CLIENT_MIRROR_FOREIGN);
	served_sync(served);
	assert_int_equal(served->notices[MTR_CLIENT_MIRROR_REPLACED], 1);
	served_expect_whole(served);
}

/* The desk's next start finds a mirror of that version of the database. */
static void set_version(struct served *served, uint32_t number)
{
	static const struct mtr_bytes name = {(const uint8_t *)"version", 7};
	struct mtr_key version = mtr_key_start();
	struct mtr_store *store;
	struct mtr_txn txn;

	served_sync(served);
	desk_close(&served->desk);
	store = served_open_mirror(served);
	mtr_key_u32(&version, number);
	mtr_txn_begin_write(&txn, store);
	mtr_txn_put(&txn, MTR_TABLE_META, name, mtr_key_as_bytes(&version));
	assert_int_equal(mtr_txn_commit(&txn), MTR_STORE_OK);
	mtr_store_close(&store);
	desk_open(&served->desk, &served->server, 0);
}

static void a_newer_mirror_is_left_alone(void **state)
{
	struct served *served = *state;
	struct mtr_client_mirror_state mirror;

	set_version(served, MTR_FORMAT_VERSION + 1);
	assert_int_equal(mtr_client_mirror_state(served->desk.client, &mirror), MTR_CLIENT_STATE_NEWER);
	assert_int_equal(served_try_sync(served, 0), MTR_CLIENT_STATE_NEWER);
	assert_int_equal(served_beginnings(served), 0);
}

static void an_older_mirror_is_read_anew(void **state)
{
	struct served *served = *state;

	set_version(served, MTR_FORMAT_VERSION - 1);
	served_sync(served);
	assert_int_equal(served_beginnings(served), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED_TEST(a_damaged_row_is_found_and_healed),      SERVED_TEST(a_file_that_is_no_mirror_is_made_anew),
		SERVED_TEST(a_flipped_byte_is_found_and_healed),     SERVED_TEST(a_second_difference_is_an_error),
		SERVED_TEST(a_page_that_cannot_be_is_refused),       SERVED_TEST(a_register_set_back_is_read_anew),
		SERVED_TEST(a_mirror_of_another_server_is_replaced), SERVED_TEST(a_newer_mirror_is_left_alone),
		SERVED_TEST(a_mirror_of_another_server_is_replaced), SERVED_TEST(an_older_mirror_is_read_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
