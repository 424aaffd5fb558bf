/* A library of the tests: readers beside a writer and a journal, and a desk that fills the register. */
#ifndef MTR_TESTS_READER_LIBRARY_H
#define MTR_TESTS_READER_LIBRARY_H

#include "reader/reader.h"
#include "unit/writer/house.h"

struct library {
	struct house house;
	pthread_mutex_t lock; /* of readers, which the writer's thread uses */
	struct mtr_readers *readers;
	struct desk desk; /* the operator's */
	uint64_t head;    /* of what the desk has been answered */
};

static inline void on_committed(void *context, uint64_t revision)
{
	struct library *library = context;

	pthread_mutex_lock(&library->lock);
	if (library->readers)
		mtr_readers_committed(library->readers, revision);
	pthread_mutex_unlock(&library->lock);
	take_committed(&library->house, revision);
}

static inline void on_reply(void *context, struct mtr_work *work)
{
	take_reply(&((struct library *)context)->house, work);
}

static inline void on_principals(void *context, uint64_t revision, uint32_t principal_id, bool revoked)
{
	take_principal(&((struct library *)context)->house, revision, principal_id, revoked);
}

static inline void on_fatal(void *context, const char *reason)
{
	take_fatal(&((struct library *)context)->house, reason);
}

static inline uint64_t on_now(void *context)
{
	return gate_time(&((struct library *)context)->house);
}

static inline void on_status(void *context, Mtr__ServerStatusReply *status)
{
	static char software[] = "test";

	(void)context;
	status->software = software;
	status->sessions = 3;
}

static inline void start_readers(struct library *library, uint32_t threads)
{
	struct mtr_readers *readers = NULL;
	const struct mtr_readers_options options = {
		.store = library->house.store,
		.engine = library->house.engine,
		.writer = library->house.writer,
		.threads = threads,
		.incarnation = 9,
		.reply = on_reply,
		.server_status = on_status,
		.context = library,
	};

	assert_int_equal(mtr_readers_start(&readers, &options), 0);
	pthread_mutex_lock(&library->lock);
	library->readers = readers;
	pthread_mutex_unlock(&library->lock);
}

static inline void stop_readers(struct library *library)
{
	struct mtr_readers *readers;

	pthread_mutex_lock(&library->lock);
	readers = library->readers;
	library->readers = NULL;
	pthread_mutex_unlock(&library->lock);
	mtr_readers_stop(&readers);
	assert_null(readers);
}

/* Commits come when they are wished for, or after `commit_ms`. */
static inline struct library *open_library(uint32_t commit_ms, uint32_t threads)
{
	struct library *library = calloc(1, sizeof *library);
	struct house *house = &library->house;

	assert_non_null(library);
	pthread_mutex_init(&library->lock, NULL);
	house_make(house);
	house->options.commit_idle_ms = house->options.commit_longest_ms = commit_ms;
	house->options.reply = on_reply;
	house->options.committed = on_committed;
	house->options.principals_changed = on_principals;
	house->options.fatal = on_fatal;
	house->options.now_ms = on_now;
	house->options.context = library;
	house_open(house);
	library->desk = make_desk(1, OPERATOR_ID);
	library->head = 1;
	start_readers(library, threads);
	return library;
}

static inline void close_library(struct library *library)
{
	stop_readers(library);
	house_remove(&library->house);
	pthread_mutex_destroy(&library->lock);
	free(library);
}

static inline void put_unit(struct library *library, uint32_t number)
{
	const struct verdict verdict = judge(&library->house, desk_unit(&library->desk, number));

	assert_done(verdict);
	library->head = verdict.revision;
}

static inline void put_principal(struct library *library, uint8_t key_byte, Mtr__Role role, const char *unit_code)
{
	Mtr__PutPrincipal put = MTR__PUT_PRINCIPAL__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	uint8_t key[MTR_KEY_BYTES] = {key_byte}, bytes[256];
	char name[] = "Văn thư";
	struct verdict verdict;

	put.public_key = (ProtobufCBinaryData){sizeof key, key};
	put.name = name;
	put.role = role;
	put.unit_code = (char *)(uintptr_t)unit_code;
	command.body_case = MTR__COMMAND__BODY_PUT_PRINCIPAL;
	command.put_principal = &put;
	verdict = judge(&library->house, desk_entry(&library->desk, bytes, mtr__command__pack(&command, bytes)));
	assert_done(verdict);
	library->head = verdict.revision;
}

static inline void submit(struct library *library, uint32_t principal_id, const Mtr__Query *query)
{
	uint8_t bytes[4096];
	struct mtr_work *work;

	assert_true(mtr__query__get_packed_size(query) <= sizeof bytes);
	work = mtr_work_new(bytes, mtr__query__pack(query, bytes));
	assert_non_null(work);
	work->is_query = true;
	work->principal_id = principal_id;
	assert_true(mtr_readers_submit(library->readers, work));
}

static inline Mtr__Answer *next_answer(struct library *library)
{
	struct mtr_work *work = house_reply(&library->house);
	Mtr__Answer *answer = answer_of(work);

	mtr_work_free(&work);
	return answer;
}

/* The next answer, while time goes on for those who wait. */
static inline Mtr__Answer *answer_in_time(struct library *library)
{
	struct house *house = &library->house;
	bool any = false;

	while (!any) {
		mtr_readers_tick(library->readers);
		pthread_mutex_lock(&house->lock);
		any = house->replies;
		pthread_mutex_unlock(&house->lock);
	}
	return next_answer(library);
}

static inline Mtr__Answer *ask(struct library *library, uint32_t principal_id, const Mtr__Query *query)
{
	submit(library, principal_id, query);
	return next_answer(library);
}

static inline Mtr__ErrorCode code_of(Mtr__Answer *answer, uint64_t *ret_number)
{
	Mtr__ErrorCode code = MTR__ERROR_CODE__ERROR_CODE_NONE;

	*ret_number = 0;
	if (answer->body_case == MTR__ANSWER__BODY_ERROR) {
		code = answer->error->code;
		*ret_number = answer->error->number;
	}
	mtr__answer__free_unpacked(answer, NULL);
	return code;
}

static inline Mtr__Query feed_from(Mtr__Feed *feed, const Mtr__FeedPage *page, uint32_t wait_ms)
{
	Mtr__Query query = MTR__QUERY__INIT;

	mtr__feed__init(feed);
	if (page)
		feed->cursor = page->cursor;
	feed->wait_ms = wait_ms;
	query.body_case = MTR__QUERY__BODY_FEED;
	query.feed = feed;
	return query;
}

#endif
