/* libmatricula's functions over the fake register: a command's answer comes at the next flush. The link fails while the
 * file "no-link" exists; while "full-outbox" does, the outbox holds years of entries. */
#include "fake_register.h"
#include "matricula/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUEUE_MAX 1024u

struct mtr_client {
	uint8_t *answer; /* the last one given out */
	struct {
		uint8_t *command;
		size_t size;
	} queue[QUEUE_MAX];
	size_t queued;
	uint64_t next_sequence;
};

static bool link_fails(void)
{
	return access("no-link", F_OK) == 0;
}

static int give(struct mtr_client *client, uint8_t *bytes, const uint8_t **ret_answer)
{
	free(client->answer);
	client->answer = bytes;
	*ret_answer = bytes;
	return MTR_CLIENT_OK;
}

const char *mtr_client_error_name(int error)
{
	return error == MTR_CLIENT_NO_LINK ? "NO_LINK" : "OK";
}

int mtr_client_keygen(const char *path, char ret_public_key[MTR_CLIENT_KEY_TEXT])
{
	(void)path;
	memset(ret_public_key, 'k', MTR_CLIENT_KEY_TEXT - 1);
	ret_public_key[MTR_CLIENT_KEY_TEXT - 1] = '\0';
	return MTR_CLIENT_OK;
}

int mtr_client_public_key(const char *path, char ret_public_key[MTR_CLIENT_KEY_TEXT])
{
	return mtr_client_keygen(path, ret_public_key);
}

int mtr_client_open(struct mtr_client **ret_client, const struct mtr_client_options *options)
{
	(void)options;
	*ret_client = calloc(1, sizeof **ret_client);
	if (!*ret_client)
		return MTR_CLIENT_MEMORY;
	(*ret_client)->next_sequence = 1;
	return MTR_CLIENT_OK;
}

void mtr_client_close(struct mtr_client **client)
{
	if (!*client)
		return;
	for (size_t i = 0; i < (*client)->queued; i++)
		free((*client)->queue[i].command);
	free((*client)->answer);
	free(*client);
	*client = NULL;
}

int mtr_client_hello(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size)
{
	return link_fails() ? MTR_CLIENT_NO_LINK : give(client, fake_hello(ret_size), ret_answer);
}

int mtr_client_query(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
		     size_t *ret_answer_size)
{
	Mtr__Query *asked = mtr__query__unpack(NULL, size, query);
	int error = give(client, fake_query(asked, ret_answer_size), ret_answer);

	mtr__query__free_unpacked(asked, NULL);
	return error;
}

int mtr_client_read_class(struct mtr_client *client, const char *class_code, mtr_client_row_fn each, void *context,
			  const uint8_t **ret_refusal, size_t *ret_size)
{
	Mtr__Query query = MTR__QUERY__INIT;
	Mtr__List list = MTR__LIST__INIT;
	size_t size;

	(void)client;
	list.type = MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT;
	list.class_code = (char *)(uintptr_t)class_code;
	query.body_case = MTR__QUERY__BODY_LIST;
	query.list = &list;

	uint8_t *bytes = fake_query(&query, &size);
	Mtr__Answer *answer = mtr__answer__unpack(NULL, size, bytes);

	for (size_t i = 0; i < answer->page->n_rows; i++) {
		const Mtr__FeedRow *row = answer->page->rows[i];
		each(context, row->type, row->id, row->row.data, row->row.len);
	}
	mtr__answer__free_unpacked(answer, NULL);
	free(bytes);
	*ret_refusal = NULL;
	*ret_size = 0;
	return MTR_CLIENT_OK;
}

int mtr_client_dry_run(struct mtr_client *client, const uint8_t *command, size_t size, const uint8_t **ret_answer,
		       size_t *ret_answer_size)
{
	Mtr__Command *asked = mtr__command__unpack(NULL, size, command);
	int error = give(client, fake_command(asked, ret_answer_size), ret_answer);

	mtr__command__free_unpacked(asked, NULL);
	return error;
}

int mtr_client_enqueue_many(struct mtr_client *client, struct mtr_client_command *commands, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t *copy = malloc(commands[i].size + 1);
		if (!copy || client->queued == QUEUE_MAX)
			abort();
		memcpy(copy, commands[i].command, commands[i].size);
		client->queue[client->queued].command = copy;
		client->queue[client->queued++].size = commands[i].size;
		commands[i].sequence = client->next_sequence++;
	}
	return MTR_CLIENT_OK;
}

int mtr_client_flush(struct mtr_client *client, mtr_client_answer_fn answered, void *context)
{
	uint64_t sequence = client->next_sequence - client->queued;

	if (link_fails())
		return MTR_CLIENT_NO_LINK;
	for (size_t i = 0; i < client->queued; i++) {
		size_t size;
		Mtr__Command *command = mtr__command__unpack(NULL, client->queue[i].size, client->queue[i].command);
		uint8_t *answer = fake_command(command, &size);
		answered(context, sequence + i, answer, size);
		mtr__command__free_unpacked(command, NULL);
		free(answer);
		free(client->queue[i].command);
	}
	client->queued = 0;
	return MTR_CLIENT_OK;
}

void mtr_client_stop_at(struct mtr_client *client, int descriptor)
{
	(void)client, (void)descriptor;
}

int mtr_client_queued(struct mtr_client *client, uint64_t *ret_count)
{
	*ret_count = client->queued;
	return MTR_CLIENT_OK;
}

void mtr_client_halt_answer(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size)
{
	(void)client;
	*ret_answer = NULL;
	*ret_size = 0;
}

int mtr_client_outbox_each(struct mtr_client *client, uint64_t from, mtr_client_entry_fn each, void *context)
{
	for (size_t i = 0; i < client->queued; i++) {
		struct mtr_client_entry entry = {
			.sequence = client->next_sequence - client->queued + i,
			.command = client->queue[i].command,
			.command_size = client->queue[i].size,
			.state = MTR_CLIENT_ENTRY_QUEUED,
		};
		if (entry.sequence >= from && !each(context, &entry))
			break;
	}
	return MTR_CLIENT_OK;
}

int mtr_client_outbox_summary(struct mtr_client *client, struct mtr_client_outbox_summary *ret_summary)
{
	*ret_summary = (struct mtr_client_outbox_summary){.entries = client->queued, .unanswered = client->queued};
	if (access("full-outbox", F_OK) == 0)
		ret_summary->entries += 20000;
	return MTR_CLIENT_OK;
}

/* What these tests don't call. */
int mtr_client_outbox_dismiss(struct mtr_client *client, const uint64_t *sequences, size_t count)
{
	(void)client;
	(void)sequences;
	return count ? MTR_CLIENT_NO_ENTRY : MTR_CLIENT_OK;
}

int mtr_client_outbox_export(struct mtr_client *client, const char *path, uint64_t *ret_count)
{
	(void)path;
	*ret_count = client->queued;
	return MTR_CLIENT_BUNDLE_FILE;
}

int mtr_client_outbox_import(struct mtr_client *client, const char *path, mtr_client_answer_fn report, void *context,
			     struct mtr_client_import *ret_import)
{
	(void)client;
	(void)path;
	(void)report;
	(void)context;
	(void)ret_import;
	return MTR_CLIENT_BUNDLE_FILE;
}

int mtr_client_bundle_apply(struct mtr_client *client, const char *path, const char *answers_path, uint64_t *ret_count)
{
	(void)client;
	(void)path;
	(void)answers_path;
	*ret_count = 0;
	return MTR_CLIENT_BUNDLE_FILE;
}

int mtr_client_mirror_state(struct mtr_client *client, struct mtr_client_mirror_state *ret_state)
{
	(void)client;
	(void)ret_state;
	return MTR_CLIENT_NO_MIRROR;
}

int mtr_client_query_mirror(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
			    size_t *ret_answer_size)
{
	(void)client;
	(void)query;
	(void)size;
	(void)ret_answer;
	(void)ret_answer_size;
	return MTR_CLIENT_NO_MIRROR;
}

int mtr_client_known_history(struct mtr_client *client, const char **ret_text, size_t *ret_size)
{
	(void)client;
	*ret_text = "";
	*ret_size = 0;
	return 0;
}

int mtr_client_trust_recovery_key(struct mtr_client *client, const uint8_t key[32], bool *ret_trusted)
{
	(void)client;
	(void)key;
	*ret_trusted = true;
	return 0;
}

int mtr_client_sync(struct mtr_client *client, const struct mtr_client_sync_options *options)
{
	(void)client;
	(void)options;
	return MTR_CLIENT_NO_LINK;
}
