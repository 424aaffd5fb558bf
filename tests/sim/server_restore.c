/* The register's disk is lost, and a backup goes on in its place. */
#include "commands.h"
#include "contract/incarnation.h"
#include "engine/local.h"
#include "matricula/v1/commands.pb-c.h"
#include "server_state.h"
#include "store/incarnation.h"
#include "writer/alone.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const parts[] = {"store", "journal"};

static void copy_file(const char *from, const char *to)
{
	static uint8_t bytes[1 << 16];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t size;

	if (!in || !out)
		abort();
	while ((size = fread(bytes, 1, sizeof bytes, in)) > 0)
		if (fwrite(bytes, 1, size, out) != size)
			abort();
	fclose(in);
	if (fclose(out) != 0)
		abort();
}

/* Calls for each file of a directory with its path. */
static void each_file(const char *directory, void (*each)(void *context, const char *name, const char *path),
		      void *context)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;
	char path[SIM_PATH_MAX + sizeof entry->d_name + 1];

	if (!entries)
		return;
	while ((entry = readdir(entries)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
		each(context, entry->d_name, path);
	}
	closedir(entries);
}

static void remove_file(void *context, const char *name, const char *path)
{
	(void)context;
	(void)name;
	if (unlink(path) < 0)
		abort();
}

/* Locks belong to the process that has the original open. */
static void copy_into(void *context, const char *name, const char *path)
{
	char to[SIM_PATH_MAX + sizeof((struct dirent *)NULL)->d_name + 1];

	(void)snprintf(to, sizeof to, "%s/%s", (const char *)context, name);
	if (!strstr(name, "lock"))
		copy_file(path, to);
}

static void replace(const char *from, char *to)
{
	each_file(to, remove_file, NULL);
	(void)mkdir(to, 0700);
	each_file(from, copy_into, to);
}

static void backup_path(const struct server *server, uint32_t number, const char *part, char ret_path[SIM_PATH_MAX])
{
	char name[32];

	(void)snprintf(name, sizeof name, "%s-backup-%" PRIu32, part, number);
	server_path(server, name, ret_path);
}

void server_back_up(struct server *server)
{
	char own[SIM_PATH_MAX], newest[SIM_PATH_MAX], older[SIM_PATH_MAX];

	for (unsigned i = 0; i < 2; i++) {
		server_path(server, parts[i], own);
		backup_path(server, 0, parts[i], newest);
		backup_path(server, 1, parts[i], older);
		if (server->backups) {
			each_file(older, remove_file, NULL);
			(void)rmdir(older);
			if (rename(newest, older) < 0)
				abort();
		}
		replace(own, newest);
	}
	server->backed_up[1] = server->backed_up[0];
	server->backed_up[0] = server->engine->operations->head(server->engine).revision;
	if (server->backups < 2)
		server->backups++;

	server_tell_facts(server);
	server->sim->tally->events[EVENT_BACKUPS]++;
	sim_note(server->sim, "register: backed up at revision %" PRIu64, server->backed_up[0]);
}

bool server_has_backup(const struct server *server)
{
	return server->backups > 0;
}

uint64_t server_newest_backup(const struct server *server)
{
	return server->backups == 2 && server->backed_up[0] > server->backed_up[1] ? server->backed_up[0] : 0;
}

static void fill(struct server *server, Mtr__Incarnation *statement, const struct mtr_key_pair *signer)
{
	struct sim *sim = server->sim;
	struct mtr_txn txn;

	mtr_txn_begin_read(&txn, server->store);
	statement->former = mtr_register_incarnation(&txn, mtr_local_incarnation(server->engine));
	mtr_txn_abort(&txn);
	do {
		statement->incarnation = random_next(&sim->random);
	} while (!statement->incarnation || statement->incarnation == statement->former);
	statement->fork_revision = server->engine->operations->head(server->engine).revision;
	statement->at = SIM_START_MS + sim->now;
	if (statement->at <= server->stated_at)
		statement->at = server->stated_at + 1;
	server->stated_at = statement->at;
	memcpy(statement->public_key.data, signer->public_key, MTR_KEY_BYTES);
	mtr_incarnation_sign(statement, signer, statement->signature.data);
}

static void state_restore(struct server *server, bool trusted)
{
	struct mtr_chain_point head = server->engine->operations->head(server->engine);
	Mtr__Incarnation statement = MTR__INCARNATION__INIT;
	uint8_t key[MTR_KEY_BYTES], signature[MTR_SIGNATURE_BYTES];
	struct mtr_key_pair other;
	char reason[] = "đĩa hỏng";

	if (!mtr_signing_pair_make(&other))
		abort();
	statement.fork_chain = (ProtobufCBinaryData){sizeof head.chain, head.chain};
	statement.public_key = (ProtobufCBinaryData){sizeof key, key};
	statement.signature = (ProtobufCBinaryData){sizeof signature, signature};
	statement.reason = reason;
	fill(server, &statement, trusted ? &server->recovery : &other);
	if (mtr_adopt(server->store, server->engine, &statement, statement.at) < 0)
		sim_fail(server->sim, "the restore can't be put on record");
}

uint64_t server_restore(struct server *server, bool older, bool trusted)
{
	const uint32_t number = older && server->backups == 2;
	const uint64_t revision = server->backed_up[number];
	char own[SIM_PATH_MAX], backup[SIM_PATH_MAX];

	computer_fail_now(&server->computer);
	server_settle(server);
	for (unsigned i = 0; i < 2; i++) {
		server_path(server, parts[i], own);
		backup_path(server, number, parts[i], backup);
		replace(backup, own);
	}
	server->durable = revision;
	if (server_open(server))
		state_restore(server, trusted);
	if (server->engine) {
		server->durable = server->engine->operations->head(server->engine).revision;
		server->engine->operations->close(&server->engine);
	}
	mtr_store_close(&server->store);
	/* What was backed up after this one isn't of this history. */
	server->backups = number == 0 ? server->backups : 1;
	server->backed_up[0] = revision;
	if (number) {
		for (unsigned i = 0; i < 2; i++) {
			backup_path(server, 1, parts[i], backup);
			backup_path(server, 0, parts[i], own);
			replace(backup, own);
		}
	}
	server->sim->restores++;
	server->sim->untrusted = !trusted;
	server->sim->tally->events[trusted ? EVENT_RESTORES : EVENT_UNSIGNED]++;
	sim_note(server->sim, "register: restored to revision %" PRIu64 "%s", revision, trusted ? "" : ", unsigned");
	return revision;
}

bool server_reconciles(const struct server *server)
{
	struct mtr_writer_figures figures;

	if (!server->up)
		return false;
	mtr_writer_figures(server->writer, &figures);
	return figures.missing > 0;
}

static void name_outbox(uint8_t outbox[MTR_OUTBOX_BYTES], uint32_t principal)
{
	memset(outbox, 0xEE, MTR_OUTBOX_BYTES);
	outbox[0] = (uint8_t)principal;
}

bool server_is_set_up(const struct mtr_work *work)
{
	return work->outbox[1] == 0xEE && work->outbox[2] == 0xEE && work->outbox[MTR_OUTBOX_BYTES - 1] == 0xEE;
}

void server_report_set_up(struct server *server)
{
	struct mtr_writer_figures figures;

	mtr_writer_figures(server->writer, &figures);
	for (uint32_t principal = 1; figures.missing && principal < SIM_PRINCIPALS_MAX; principal++) {
		struct mtr_work *work = mtr_work_new("", 0);

		if (!work)
			abort();
		work->reports = true;
		work->principal_id = principal;
		name_outbox(work->outbox, principal);
		work->sequence = server->set_up[principal].sequence;
		if (!mtr_writer_submit(server->writer, work))
			abort();
		server->writer_due = server->sim->now + 1;
	}
}

void server_end_reconciliation(struct server *server)
{
	Mtr__EndReconciliation end = MTR__END_RECONCILIATION__INIT;
	Mtr__Command command = MTR__COMMAND__INIT;
	struct mtr_outbox_state state;
	char reason[] = "chờ đủ rồi";
	uint8_t bytes[64];
	struct mtr_txn txn;

	end.reason = reason;
	command.body_case = MTR__COMMAND__BODY_END_RECONCILIATION;
	command.end_reconciliation = &end;

	struct mtr_work *work = mtr_work_new(bytes, mtr__command__pack(&command, bytes));

	if (!work)
		abort();
	work->principal_id = PRINCIPAL_OPERATOR;
	work->sequenced = true;
	name_outbox(work->outbox, PRINCIPAL_OPERATOR);
	mtr_txn_begin_read(&txn, server->store);
	mtr_read_outbox(&txn, work->outbox, &state);
	mtr_txn_abort(&txn);
	work->sequence = state.last_sequence + 1;
	work->first_unacknowledged = 1;
	memcpy(work->previous_hash, state.entry_hash, MTR_HASH_BYTES);
	if (mtr_writer_submit(server->writer, work))
		server->writer_due = server->sim->now + 1;
	else
		mtr_work_free(&work);
}
