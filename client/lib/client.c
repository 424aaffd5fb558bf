#include "client.h"
#include "known_file.h"
#include "mirror.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 10000u
#define TIMEOUT_MAX_MS 600000u

const char *mtr_client_error_name(int error)
{
	static const char *const names[] = {
		[MTR_CLIENT_OK] = "OK",
		[MTR_CLIENT_USAGE] = "USAGE",
		[MTR_CLIENT_MEMORY] = "MEMORY",
		[MTR_CLIENT_KEY_FILE] = "KEY_FILE",
		[MTR_CLIENT_STATE] = "STATE",
		[MTR_CLIENT_STATE_BUSY] = "STATE_BUSY",
		[MTR_CLIENT_STATE_FULL] = "STATE_FULL",
		[MTR_CLIENT_NO_LINK] = "NO_LINK",
		[MTR_CLIENT_KEY_REFUSED] = "KEY_REFUSED",
		[MTR_CLIENT_SERVER_KEY] = "SERVER_KEY",
		[MTR_CLIENT_VERSION] = "VERSION",
		[MTR_CLIENT_PROTOCOL] = "PROTOCOL",
		[MTR_CLIENT_HALTED] = "HALTED",
		[MTR_CLIENT_TOO_LARGE] = "TOO_LARGE",
		[MTR_CLIENT_EXISTS] = "EXISTS",
		[MTR_CLIENT_SERVER_BEHIND] = "SERVER_BEHIND",
		[MTR_CLIENT_STATE_KEY] = "STATE_KEY",
		[MTR_CLIENT_STATE_NEWER] = "STATE_NEWER",
		[MTR_CLIENT_BUSY] = "BUSY",
		[MTR_CLIENT_NO_MIRROR] = "NO_MIRROR",
		[MTR_CLIENT_MIRROR_DAMAGED] = "MIRROR_DAMAGED",
		[MTR_CLIENT_MIRROR_FOREIGN] = "MIRROR_FOREIGN",
		[MTR_CLIENT_MIRROR_DIFFERS] = "MIRROR_DIFFERS",
		[MTR_CLIENT_NO_ENTRY] = "NO_ENTRY",
		[MTR_CLIENT_BUNDLE_FILE] = "BUNDLE_FILE",
		[MTR_CLIENT_BUNDLE_EXISTS] = "BUNDLE_EXISTS",
		[MTR_CLIENT_BUNDLE_DAMAGED] = "BUNDLE_DAMAGED",
		[MTR_CLIENT_BUNDLE_KIND] = "BUNDLE_KIND",
		[MTR_CLIENT_BUNDLE_NEWER] = "BUNDLE_NEWER",
		[MTR_CLIENT_BUNDLE_SERVER] = "BUNDLE_SERVER",
		[MTR_CLIENT_BUNDLE_DESK] = "BUNDLE_DESK",
		[MTR_CLIENT_INTERRUPTED] = "INTERRUPTED",
		[MTR_CLIENT_AUDIT_KEY] = "AUDIT_KEY",
		[MTR_CLIENT_HISTORY] = "HISTORY",
		[MTR_CLIENT_UNSIGNED] = "UNSIGNED",
		[MTR_CLIENT_CLASS_DIFFERS] = "CLASS_DIFFERS",
	};

	if (error < 0 || (size_t)error >= sizeof names / sizeof *names)
		return "UNKNOWN";
	return names[error];
}

static int key_file_error(enum mtr_key_file_status status)
{
	switch (status) {
	case MTR_KEY_FILE_OK:
		return 0;
	case MTR_KEY_FILE_EXISTS:
		return MTR_CLIENT_EXISTS;
	case MTR_KEY_FILE_MISSING:
	case MTR_KEY_FILE_UNREADABLE:
	case MTR_KEY_FILE_EXPOSED:
	case MTR_KEY_FILE_DAMAGED:
		break;
	}
	return MTR_CLIENT_KEY_FILE;
}

int mtr_client_keygen(const char *path, char ret_public_key[MTR_CLIENT_KEY_TEXT])
{
	struct mtr_key_pair pair;
	int error;

	_Static_assert(MTR_CLIENT_KEY_TEXT == MTR_KEY_TEXT, "one length of a key in text");
	if (!path || !ret_public_key)
		return MTR_CLIENT_USAGE;
	if (!mtr_key_pair_make(&pair))
		return MTR_CLIENT_KEY_FILE;
	error = key_file_error(mtr_key_file_write(path, &pair, "Matricula key of this desk"));
	if (!error)
		mtr_key_text(pair.public_key, ret_public_key);
	mtr_key_pair_wipe(&pair);
	return error;
}

int mtr_client_public_key(const char *path, char ret_public_key[MTR_CLIENT_KEY_TEXT])
{
	struct mtr_key_pair pair;
	int error;

	if (!path || !ret_public_key)
		return MTR_CLIENT_USAGE;
	error = key_file_error(mtr_key_file_read(path, &pair));
	if (error)
		return error;
	mtr_key_text(pair.public_key, ret_public_key);
	mtr_key_pair_wipe(&pair);
	return 0;
}

static int check(const struct mtr_client_options *options)
{
	uint8_t key[MTR_KEY_BYTES];

	if (!options || !options->endpoint || !options->server_key || !options->key_file)
		return MTR_CLIENT_USAGE;
	if (strncmp(options->endpoint, "tcp://", 6) != 0 || options->timeout_ms > TIMEOUT_MAX_MS)
		return MTR_CLIENT_USAGE;
	if (!mtr_key_parse(options->server_key, key))
		return MTR_CLIENT_USAGE;
	if (options->software && strlen(options->software) > MTR_NAME_MAX)
		return MTR_CLIENT_USAGE;
	return 0;
}

static int fill(struct mtr_client *client, const struct mtr_client_options *options)
{
	client->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_MS;
	client->endpoint = strdup(options->endpoint);
	client->software = strdup(options->software ? options->software : "libmatricula " MTR_VERSION);
	client->frame = malloc(MTR_REQUEST_MAX);
	client->arena = mtr_arena_new(MTR_ANSWER_ARENA);
	client->keys = sodium_malloc(sizeof *client->keys);
	if (!client->endpoint || !client->software || !client->frame || !client->arena || !client->keys)
		return MTR_CLIENT_MEMORY;
	mtr_key_parse(options->server_key, client->server_key);

	int error = key_file_error(mtr_key_file_read(options->key_file, client->keys));

	if (!error && options->state_directory)
		error = mtr_outbox_open(&client->outbox, options->state_directory, client->keys->public_key);
	if (!error && options->state_directory)
		error = mtr_mirror_file_new(&client->mirror, options->state_directory);
	if (!error && options->state_directory)
		client->known_file = mtr_known_file_path(options->state_directory);
	return !error && options->state_directory && !client->known_file ? MTR_CLIENT_MEMORY : error;
}

int mtr_client_open(struct mtr_client **ret_client, const struct mtr_client_options *options)
{
	struct mtr_client *client;
	int error = ret_client ? check(options) : MTR_CLIENT_USAGE;

	if (error)
		return error;
	if (sodium_init() < 0)
		return MTR_CLIENT_MEMORY;
	client = calloc(1, sizeof *client);
	if (!client)
		return MTR_CLIENT_MEMORY;
	client->stop = -1;
	error = fill(client, options);
	if (error) {
		int why = errno;

		mtr_client_close(&client);
		errno = why;
		return error;
	}
	*ret_client = client;
	return 0;
}

void mtr_client_close(struct mtr_client **client)
{
	if (!client || !*client)
		return;
	mtr_session_drop(*client, 0);
	mtr_mirror_file_free(&(*client)->mirror);
	mtr_outbox_close(&(*client)->outbox);
	sodium_free((*client)->keys);
	mtr_arena_free(&(*client)->arena);
	free((*client)->frame);
	free((*client)->known_file);
	free((*client)->software);
	free((*client)->endpoint);
	free(*client);
	*client = NULL;
}

void mtr_client_stop_at(struct mtr_client *client, int descriptor)
{
	client->stop = descriptor;
}

int mtr_client_queued(struct mtr_client *client, uint64_t *ret_count)
{
	struct mtr_outbox_state state;
	int error = client->outbox ? mtr_outbox_state(client->outbox, &state) : MTR_CLIENT_USAGE;

	if (!error)
		*ret_count = state.next - state.first_unanswered;
	return error;
}

void mtr_client_halt_answer(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size)
{
	struct mtr_bytes answer = {0};

	mtr_arena_reset(client->arena);
	if (client->outbox && mtr_outbox_halt_answer(client->outbox, client->arena, &answer))
		answer = (struct mtr_bytes){0};
	*ret_answer = answer.data;
	*ret_size = answer.size;
}
