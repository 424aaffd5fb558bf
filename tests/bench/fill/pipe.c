#include "fill/pipe.h"

#include "common/fail.h"
#include "contract/entry_hash.h"
#include "engine/local.h"
#include "matricula/v1/wire.pb-c.h"
#include "writer/recover.h"
#include "writer/writer.h"

#include <semaphore.h>
#include <string.h>

#define PATH_BYTES 512
#define MAP_BYTES (UINT64_C(64) << 30)
#define UNDER_WAY 4096
#define COMMAND_BYTES 4096u
#define PRINCIPALS 8u
/* Nobody waits for an answer here, so commits may be large. */
#define COMMIT_MS 2000u
#define COMMIT_PUTS 200000u

struct outbox {
	uint8_t id[MTR_OUTBOX_BYTES], hash[MTR_HASH_BYTES];
	uint64_t sequence;
};

struct pipe {
	struct mtr_store *store;
	struct mtr_engine *engine;
	struct mtr_writer *writer;
	struct outbox outboxes[PRINCIPALS];
	sem_t room;
};

static void check_answer(const struct mtr_work *work)
{
	Mtr__Answer *answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);

	if (!answer)
		bench_fail("fill", "an answer can't be read");
	if (answer->body_case == MTR__ANSWER__BODY_ERROR) {
		const ProtobufCEnumValue *code =
			protobuf_c_enum_descriptor_get_value(&mtr__error_code__descriptor, (int)answer->error->code);

		fprintf(stderr, "bench: refused: %s %s\n", code ? code->name : "?", answer->error->field);
		exit(1);
	}
	mtr__answer__free_unpacked(answer, NULL);
}

static void take_reply(void *context, struct mtr_work *work)
{
	struct pipe *pipe = context;

	check_answer(work);
	mtr_work_free(&work);
	sem_post(&pipe->room);
}

static void principals_changed(void *context, uint64_t revision, uint32_t principal_id, bool revoked)
{
	(void)context, (void)revision, (void)principal_id, (void)revoked;
}

static void committed(void *context, uint64_t revision)
{
	(void)context, (void)revision;
}

static void fatal(void *context, const char *reason)
{
	(void)context;
	bench_fail("fill", reason);
}

struct pipe *pipe_open(const char *directory)
{
	struct pipe *pipe = calloc(1, sizeof *pipe);
	char store[PATH_BYTES], journal[PATH_BYTES];

	snprintf(store, sizeof store, "%s/register", directory);
	snprintf(journal, sizeof journal, "%s/journal", directory);
	if (!pipe ||
	    mtr_store_open(&pipe->store, &(struct mtr_store_options){.directory = store, .map_bytes = MAP_BYTES}) ||
	    mtr_local_open(&pipe->engine, &(struct mtr_local_options){.directory = journal}, NULL) ||
	    mtr_recover(pipe->store, pipe->engine, NULL, NULL) != MTR_RECOVER_OK)
		bench_fail(directory, "the register can't be opened");
	const struct mtr_writer_options options = {
		.store = pipe->store,
		.engine = pipe->engine,
		.commit_idle_ms = COMMIT_MS,
		.commit_longest_ms = COMMIT_MS,
		.commit_puts = COMMIT_PUTS,
		.reply = take_reply,
		.principals_changed = principals_changed,
		.committed = committed,
		.fatal = fatal,
		.context = pipe,
	};

	for (uint32_t i = 0; i < PRINCIPALS; i++)
		pipe->outboxes[i].id[0] = (uint8_t)(i + 1);
	sem_init(&pipe->room, 0, UNDER_WAY);
	if (mtr_writer_start(&pipe->writer, &options) != 0)
		bench_fail("fill", "the writer doesn't start");
	return pipe;
}

static struct mtr_work *work_of(struct outbox *outbox, const uint8_t *bytes, size_t size)
{
	struct mtr_work *work = mtr_work_new(bytes, size);

	if (!work)
		bench_fail("fill", "no memory");
	work->sequenced = true;
	work->sequence = work->first_unacknowledged = ++outbox->sequence;
	memcpy(work->outbox, outbox->id, sizeof work->outbox);
	memcpy(work->previous_hash, outbox->hash, sizeof work->previous_hash);
	mtr_entry_hash(work->previous_hash, work->sequence, (struct mtr_bytes){bytes, size}, outbox->hash);
	return work;
}

void pipe_put(struct pipe *pipe, uint32_t principal, const Mtr__Command *command)
{
	uint8_t bytes[COMMAND_BYTES];

	if (principal < 1 || principal > PRINCIPALS || mtr__command__get_packed_size(command) > sizeof bytes)
		bench_fail("fill", "a command is too large");
	size_t size = mtr__command__pack(command, bytes);
	struct mtr_work *work = work_of(&pipe->outboxes[principal - 1], bytes, size);

	work->principal_id = principal;
	while (sem_wait(&pipe->room) != 0) {
	}
	if (!mtr_writer_submit(pipe->writer, work))
		bench_fail("fill", "the writer takes no more");
}

void pipe_close(struct pipe *pipe)
{
	mtr_writer_stop(&pipe->writer);
	pipe->engine->operations->close(&pipe->engine);
	mtr_store_close(&pipe->store);
	sem_destroy(&pipe->room);
	free(pipe);
}
