/* history DATA_DIRECTORY PRINCIPAL UNITS PEOPLE REVISIONS: makes a register that nobody serves longer: with the
 * register's own writer, PUT_PERSON commands of this principal for PEOPLE people in units XA-1 to XA-UNITS, the same
 * people again and again until there are REVISIONS more. */
#include "contract/entry_hash.h"
#include "engine/local.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "writer/recover.h"
#include "writer/writer.h"

#include <inttypes.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATH_BYTES 512
#define MAP_BYTES (UINT64_C(1) << 30)
#define UNDER_WAY 4096u
#define COMMAND_BYTES 1536
#define NOTE_BYTES 900

struct history {
	struct mtr_store *store;
	struct mtr_engine *engine;
	struct mtr_writer *writer;
	uint32_t principal;
	uint64_t units, people, revisions;
	uint8_t outbox[MTR_OUTBOX_BYTES], hash[MTR_HASH_BYTES];
	sem_t room;
	atomic_bool failed;
};

static void take_reply(void *context, struct mtr_work *work)
{
	struct history *history = context;
	Mtr__Answer *answer = mtr__answer__unpack(NULL, work->answer_size, work->answer);

	if (!answer || answer->body_case != MTR__ANSWER__BODY_DONE)
		atomic_store(&history->failed, true);
	if (answer)
		mtr__answer__free_unpacked(answer, NULL);
	mtr_work_free(&work);
	sem_post(&history->room);
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
	fprintf(stderr, "history: %s\n", reason);
	_Exit(1);
}

static size_t put_person(const struct history *history, uint64_t number, uint8_t ret_bytes[COMMAND_BYTES])
{
	Mtr__Command command = MTR__COMMAND__INIT;
	Mtr__PutPerson put = MTR__PUT_PERSON__INIT;
	Mtr__Person person = MTR__PERSON__INIT;
	uint64_t whose = number % history->people;
	char citizen[16], name[] = "Nguyễn Thị Hồng Phúc", unit[32], note[NOTE_BYTES], phone[] = "0903123456";

	snprintf(citizen, sizeof citizen, "%03u180%06u", 1 + (unsigned)(whose / 1000000 % 96),
		 (unsigned)(whose % 1000000));
	snprintf(unit, sizeof unit, "XA-%" PRIu64, 1 + whose % history->units);
	/* The length of a note that takes some trouble. */
	snprintf(note, sizeof note, "%0*" PRIu64, NOTE_BYTES - 1, number / history->people);
	person.citizen_number = citizen;
	person.full_name = name;
	person.birth = 19800605;
	person.sex = MTR__SEX__SEX_FEMALE;
	person.phone = phone;
	person.note = note;
	put.person = &person;
	put.unit_code = unit;
	command.body_case = MTR__COMMAND__BODY_PUT_PERSON;
	command.put_person = &put;
	return mtr__command__pack(&command, ret_bytes);
}

static bool submit(struct history *history, uint64_t number)
{
	uint8_t bytes[COMMAND_BYTES];
	size_t size = put_person(history, number, bytes);
	struct mtr_work *work = mtr_work_new(bytes, size);

	if (!work)
		return false;
	work->principal_id = history->principal;
	work->sequenced = true;
	work->sequence = work->first_unacknowledged = number + 1;
	memcpy(work->outbox, history->outbox, sizeof work->outbox);
	memcpy(work->previous_hash, history->hash, sizeof work->previous_hash);
	mtr_entry_hash(work->previous_hash, work->sequence, (struct mtr_bytes){bytes, size}, history->hash);
	while (sem_wait(&history->room) != 0) {
	}
	if (mtr_writer_submit(history->writer, work))
		return true;
	mtr_work_free(&work);
	return false;
}

static bool write_all(struct history *history)
{
	const struct mtr_writer_options options = {
		.store = history->store,
		.engine = history->engine,
		.commit_idle_ms = 5,
		.commit_longest_ms = 50,
		.commit_puts = 20000,
		.reply = take_reply,
		.principals_changed = principals_changed,
		.committed = committed,
		.fatal = fatal,
		.context = history,
	};
	bool good = mtr_writer_start(&history->writer, &options) == 0;

	if (!good)
		return false;
	for (uint64_t number = 0; good && number < history->revisions; number++)
		good = submit(history, number) && !atomic_load(&history->failed);
	mtr_writer_stop(&history->writer);
	return good && !atomic_load(&history->failed);
}

static bool open_register(struct history *history, const char *directory)
{
	char store[PATH_BYTES], journal[PATH_BYTES];

	snprintf(store, sizeof store, "%s/register", directory);
	snprintf(journal, sizeof journal, "%s/journal", directory);
	return mtr_store_open(&history->store, &(struct mtr_store_options){.directory = store,
									   .map_bytes = MAP_BYTES}) == MTR_STORE_OK &&
	       mtr_local_open(&history->engine, &(struct mtr_local_options){.directory = journal}, NULL) == 0 &&
	       mtr_recover(history->store, history->engine, NULL, NULL) == MTR_RECOVER_OK;
}

int main(int argc, char **argv)
{
	struct history history = {.outbox = "history"};

	if (argc != 6)
		return 2;
	history.principal = (uint32_t)strtoul(argv[2], NULL, 10);
	history.units = strtoull(argv[3], NULL, 10);
	history.people = strtoull(argv[4], NULL, 10);
	history.revisions = strtoull(argv[5], NULL, 10);
	sem_init(&history.room, 0, UNDER_WAY);
	bool good = open_register(&history, argv[1]) && write_all(&history);

	if (history.engine)
		history.engine->operations->close(&history.engine);
	mtr_store_close(&history.store);
	sem_destroy(&history.room);
	return good ? 0 : 1;
}
