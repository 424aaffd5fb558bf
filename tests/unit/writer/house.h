/* A register with store, journal and writer in a temporary directory; desks that send to it. */
#ifndef MTR_TESTS_WRITER_HOUSE_H
#define MTR_TESTS_WRITER_HOUSE_H

#include "contract/entry_hash.h"
#include "engine/local.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "register/decide.h"
#include "store/read.h"
#include "writer/recover.h"
#include "writer/writer.h"

#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define OPERATOR_ID 1u
#define PATIENCE_S 60 /* for an event that must come; reached only when the test fails */
#define SOON_MS 5u
#define NEVER_MS 10000000u

struct house {
	char directory[64];
	struct mtr_store *store;
	struct mtr_engine *engine;
	struct mtr_writer *writer;
	struct mtr_writer_options options;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* What the writer said. */
	struct mtr_work *replies, **replies_end;
	uint32_t reply_count;
	uint64_t committed;
	uint64_t changed_revision, changed_committed; /* of the last change of a principal; committed by then */
	uint32_t changed_id, fatal_count;
	bool changed_revoked;
	/* A closed gate holds the writer before it decides. */
	bool gate_closed, at_gate;
	uint64_t now;
};

static inline void house_wait(struct house *house)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	if (pthread_cond_timedwait(&house->changed, &house->lock, &until) == ETIMEDOUT)
		fail_msg("nothing came");
}

static inline void take_reply(void *context, struct mtr_work *work)
{
	struct house *house = context;

	pthread_mutex_lock(&house->lock);
	*house->replies_end = work;
	house->replies_end = &work->next;
	house->reply_count++;
	pthread_cond_broadcast(&house->changed);
	pthread_mutex_unlock(&house->lock);
}

static inline void take_committed(void *context, uint64_t revision)
{
	struct house *house = context;

	pthread_mutex_lock(&house->lock);
	house->committed = revision;
	pthread_cond_broadcast(&house->changed);
	pthread_mutex_unlock(&house->lock);
}

static inline void take_principal(void *context, uint64_t revision, uint32_t principal_id, bool revoked)
{
	struct house *house = context;

	pthread_mutex_lock(&house->lock);
	house->changed_revision = revision;
	house->changed_committed = house->committed;
	house->changed_id = principal_id;
	house->changed_revoked = revoked;
	pthread_mutex_unlock(&house->lock);
}

static inline void take_fatal(void *context, const char *reason)
{
	struct house *house = context;

	(void)reason;
	pthread_mutex_lock(&house->lock);
	house->fatal_count++;
	pthread_cond_broadcast(&house->changed);
	pthread_mutex_unlock(&house->lock);
}

static inline uint64_t gate_time(void *context)
{
	struct house *house = context;

	pthread_mutex_lock(&house->lock);
	while (house->gate_closed) {
		house->at_gate = true;
		pthread_cond_broadcast(&house->changed);
		pthread_cond_wait(&house->changed, &house->lock);
	}
	house->at_gate = false;
	uint64_t now = house->now;

	pthread_mutex_unlock(&house->lock);
	return now;
}

static inline void house_make(struct house *house)
{
	*house = (struct house){.directory = "/tmp/matricula-writer-XXXXXX", .now = 1700000000000u};
	assert_non_null(mkdtemp(house->directory));
	pthread_mutex_init(&house->lock, NULL);
	pthread_cond_init(&house->changed, NULL);
	house->replies_end = &house->replies;
	house->options = (struct mtr_writer_options){.commit_idle_ms = SOON_MS,
						     .commit_longest_ms = 50,
						     .commit_puts = 20000,
						     .margin_bytes = 4u << 20,
						     .reply = take_reply,
						     .principals_changed = take_principal,
						     .committed = take_committed,
						     .fatal = take_fatal,
						     .context = house,
						     .now_ms = gate_time};
}

static inline enum mtr_recover_status house_open_as(struct house *house, const char *store_name,
						    const char *journal_name)
{
	char store[128], journal[128];
	struct mtr_store_state state;
	struct mtr_txn txn;

	(void)snprintf(store, sizeof store, "%s/%s", house->directory, store_name);
	(void)snprintf(journal, sizeof journal, "%s/%s", house->directory, journal_name);
	assert_true(mkdir(store, 0700) == 0 || errno == EEXIST);
	assert_true(mkdir(journal, 0700) == 0 || errno == EEXIST);
	const struct mtr_store_options store_options = {.directory = store, .map_bytes = 64u << 20, .create = true};
	struct mtr_local_options options = {
		.directory = journal, .segment_bytes = MTR_SEGMENT_BYTES_MIN, .create = true};

	assert_int_equal(mtr_store_open(&house->store, &store_options), MTR_STORE_OK);
	mtr_txn_begin_read(&txn, house->store);
	mtr_txn_state(&txn, &state);
	mtr_txn_abort(&txn);
	options.committed_revision = state.revision;
	assert_int_equal(mtr_local_open(&house->engine, &options, NULL), 0);
	return mtr_recover(house->store, house->engine, NULL, NULL);
}

static inline void house_start(struct house *house)
{
	house->options.store = house->store;
	house->options.engine = house->engine;
	assert_int_equal(mtr_writer_start(&house->writer, &house->options), 0);
}

/* Opens what is there, or makes a register with an operator, and starts the writer. */
static inline void house_open(struct house *house)
{
	const uint8_t key[MTR_KEY_BYTES] = {7};

	assert_int_equal(house_open_as(house, "store", "journal"), MTR_RECOVER_OK);
	if (house->engine->operations->head(house->engine).revision == 0)
		assert_int_equal(mtr_bootstrap(house->store, house->engine, key, "Quản trị", 1600000000000u), 0);
	house_start(house);
}

static inline void house_close(struct house *house)
{
	mtr_writer_stop(&house->writer);
	if (house->engine)
		house->engine->operations->close(&house->engine);
	mtr_store_close(&house->store);
}

static inline int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void house_remove(struct house *house)
{
	house_close(house);
	for (struct mtr_work *work = house->replies; work;) {
		struct mtr_work *next = work->next;

		mtr_work_free(&work);
		work = next;
	}
	pthread_cond_destroy(&house->changed);
	pthread_mutex_destroy(&house->lock);
	assert_int_equal(nftw(house->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static inline int house_setup(void **state)
{
	struct house *house = malloc(sizeof *house);

	house_make(house);
	house_open(house);
	*state = house;
	return 0;
}

static inline int house_teardown(void **state)
{
	house_remove(*state);
	free(*state);
	return 0;
}

/* The next reply, in the order in which they were given. */
static inline struct mtr_work *house_reply(struct house *house)
{
	pthread_mutex_lock(&house->lock);
	while (!house->replies)
		house_wait(house);
	struct mtr_work *work = house->replies;

	house->replies = work->next;
	if (!house->replies)
		house->replies_end = &house->replies;
	pthread_mutex_unlock(&house->lock);
	work->next = NULL;
	return work;
}

static inline void house_wait_committed(struct house *house, uint64_t revision)
{
	pthread_mutex_lock(&house->lock);
	while (house->committed < revision)
		house_wait(house);
	pthread_mutex_unlock(&house->lock);
}

static inline void set_gate(struct house *house, bool closed)
{
	pthread_mutex_lock(&house->lock);
	house->gate_closed = closed;
	pthread_cond_broadcast(&house->changed);
	pthread_mutex_unlock(&house->lock);
}

/* One outbox of one key. */
struct desk {
	uint8_t outbox[MTR_OUTBOX_BYTES];
	uint32_t principal_id;
	uint64_t sequence; /* of the last entry */
	uint64_t first_unacknowledged;
	uint8_t hash[MTR_HASH_BYTES]; /* of the last entry */
};

static inline struct desk make_desk(uint8_t number, uint32_t principal_id)
{
	return (struct desk){.outbox = {number}, .principal_id = principal_id, .first_unacknowledged = 1};
}

/* The desk's next entry; the desk goes on. */
static inline struct mtr_work *desk_entry(struct desk *desk, const uint8_t *command, size_t size)
{
	struct mtr_work *work = mtr_work_new(command, size);

	assert_non_null(work);
	work->principal_id = desk->principal_id;
	work->sequenced = true;
	memcpy(work->outbox, desk->outbox, MTR_OUTBOX_BYTES);
	work->sequence = ++desk->sequence;
	work->first_unacknowledged = desk->first_unacknowledged;
	memcpy(work->previous_hash, desk->hash, MTR_HASH_BYTES);
	mtr_entry_hash(work->previous_hash, work->sequence, (struct mtr_bytes){command, size}, desk->hash);
	return work;
}

/* A command that registers the unit "U-<number>"; number 0 is the root. */
static inline size_t pack_unit(uint32_t number, uint8_t *ret_command)
{
	Mtr__PutUnit unit = MTR__PUT_UNIT__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	char code[16], name[] = "Đơn vị", parent[] = "U-0", none[] = "";

	(void)snprintf(code, sizeof code, "U-%u", number);
	unit.code = code;
	unit.name = name;
	unit.kind = number ? MTR__UNIT_KIND__UNIT_KIND_COMMUNE : MTR__UNIT_KIND__UNIT_KIND_PROVINCIAL_COMMITTEE;
	unit.level = number ? MTR__LEVEL__LEVEL_COMMUNE : MTR__LEVEL__LEVEL_PROVINCE;
	unit.bloc = MTR__BLOC__BLOC_PARTY;
	unit.parent_code = number ? parent : none;
	unit.manages_people = number == 0;
	command.body_case = MTR__COMMAND__BODY_PUT_UNIT;
	command.put_unit = &unit;
	return mtr__command__pack(&command, ret_command);
}

static inline struct mtr_work *desk_unit(struct desk *desk, uint32_t number)
{
	uint8_t command[256];

	return desk_entry(desk, command, pack_unit(number, command));
}

/* The same entry once more. */
static inline struct mtr_work *copy_work(const struct mtr_work *work)
{
	struct mtr_work *copy = mtr_work_new(work->body, work->body_size);

	copy->principal_id = work->principal_id;
	copy->sequenced = work->sequenced;
	copy->dry_run = work->dry_run;
	memcpy(copy->outbox, work->outbox, MTR_OUTBOX_BYTES);
	copy->sequence = work->sequence;
	copy->first_unacknowledged = work->first_unacknowledged;
	memcpy(copy->previous_hash, work->previous_hash, MTR_HASH_BYTES);
	return copy;
}

static inline struct mtr_work *house_ask(struct house *house, struct mtr_work *work)
{
	assert_true(mtr_writer_submit(house->writer, work));
	return house_reply(house);
}

static inline Mtr__Answer *answer_of(const struct mtr_work *work)
{
	Mtr__Answer *answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);

	assert_non_null(answer);
	return answer;
}

/* What an answer comes to; frees the work. */
struct verdict {
	uint64_t revision, number;
	Mtr__ErrorCode code; /* NONE when done */
	bool repeated;
	char field[64];
};

static inline struct verdict verdict_of(struct mtr_work *work)
{
	Mtr__Answer *answer = answer_of(work);
	struct verdict verdict = {.revision = answer->revision, .repeated = work->repeated_answer};

	if (answer->body_case == MTR__ANSWER__BODY_ERROR) {
		verdict.code = answer->error->code;
		verdict.number = answer->error->number;
		(void)snprintf(verdict.field, sizeof verdict.field, "%s", answer->error->field);
	}
	mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
	return verdict;
}

static inline struct verdict judge(struct house *house, struct mtr_work *work)
{
	return verdict_of(house_ask(house, work));
}

#define assert_done(verdict) assert_int_equal((verdict).code, MTR__ERROR_CODE__ERROR_CODE_NONE)
#define assert_refused(verdict, name) assert_int_equal((verdict).code, MTR__ERROR_CODE__ERROR_CODE_##name)

#endif
