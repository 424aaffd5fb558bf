/* Who answers for a register that was restored: the key for it, and its signature. Needs no register. */
#include "contract/incarnation.h"
#include "contract/incarnation_file.h"
#include "program/handlers.h"
#include "program/i18n.h"
#include "program/must.h"
#include "words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static const struct mtr_column key_columns[] = {
	{"public_key", N_("Public key"), MTR_CELL_TEXT, NULL},
	{"key_file", N_("Key file"), MTR_CELL_TEXT, NULL},
};

int mtr_do_recovery_keygen(struct mtr_call *call)
{
	const char *file = mtr_text_of(&call->arguments, "FILE");
	char key[MTR_KEY_TEXT];
	struct mtr_key_pair pair;

	if (!mtr_signing_pair_make(&pair))
		return mtr_fail(call, MTR_EXIT_LOCAL, "%s", _("The system gives no random numbers."));
	enum mtr_key_file_status written =
		mtr_key_file_write(file, &pair, "Signs the restores of a Matricula register. Keep it secret.");

	mtr_key_text(pair.public_key, key);
	mtr_key_pair_wipe(&pair);
	if (written == MTR_KEY_FILE_EXISTS)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("There is already a key file %s; it isn't overwritten."), file);
	if (written)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("The key file %s can't be written: %s"), file, strerror(errno));
	const struct mtr_cell cells[] = {mtr_cell_text(key), mtr_cell_text(file)};

	mtr_output_record(call->output, key_columns, 2, cells);
	mtr_remark(call,
		   _("Set the public key at the server with “matriculad recovery-key”; keep the key file in a safe "
		     "place, never on the server."));
	return MTR_EXIT_OK;
}

static int read_key(struct mtr_call *call, const char *file, struct mtr_key_pair *ret_pair)
{
	switch (mtr_signing_file_read(file, ret_pair)) {
	case MTR_KEY_FILE_OK:
		return MTR_EXIT_OK;
	case MTR_KEY_FILE_MISSING:
		return mtr_fail(call, MTR_EXIT_KEY, _("The key file %s can't be read: %s"), file, strerror(ENOENT));
	case MTR_KEY_FILE_EXPOSED:
		return mtr_fail(call, MTR_EXIT_KEY, _("The key file %s is open to others; close it with chmod 600."),
				file);
	case MTR_KEY_FILE_DAMAGED:
		return mtr_fail(call, MTR_EXIT_KEY,
				_("%s isn't a recovery key; give the file that “matricula recovery keygen” made."),
				file);
	case MTR_KEY_FILE_UNREADABLE:
	case MTR_KEY_FILE_EXISTS:
		break;
	}
	return mtr_fail(call, MTR_EXIT_KEY, _("The key file %s can't be read: %s"), file, strerror(errno));
}

static int read_request(struct mtr_call *call, const char *file, Mtr__Incarnation **ret_statement)
{
	char text[MTR_INCARNATION_FILE_MAX];
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text);
	const int error = errno;

	if (fd >= 0)
		close(fd);
	if (size < 0)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("%s can't be read: %s"), file, strerror(error));
	*ret_statement = mtr_incarnation_parse(call->arena, text, (size_t)size);
	if (*ret_statement)
		return MTR_EXIT_OK;
	return mtr_fail(call, MTR_EXIT_LOCAL,
			_("%s isn't the statement of a restore; take the file incarnation.request of the restored "
			  "register."),
			file);
}

/* Who signs should know what. */
static void tell(const struct mtr_call *call, const Mtr__Incarnation *statement)
{
	mtr_remark(call, _("Signed: the register goes on from revision %" PRIu64 ", restored on %s. Reason: %s"),
		   statement->fork_revision,
		   mtr_words_machine(call->arena, mtr_must_print(call->arena, "%" PRIu64, statement->at), true),
		   statement->reason);
	if (statement->old_head > statement->fork_revision)
		mtr_remark(call, _("It had reached revision %" PRIu64 " before; desks send again what lies between."),
			   statement->old_head);
}

int mtr_do_recovery_sign(struct mtr_call *call)
{
	uint8_t signature[MTR_SIGNATURE_BYTES];
	char text[MTR_INCARNATION_FILE_MAX];
	Mtr__Incarnation *statement;
	struct mtr_key_pair pair;
	int result = read_request(call, mtr_text_of(&call->arguments, "REQUEST"), &statement);

	if (!result)
		result = read_key(call, mtr_text_of(&call->arguments, "--key"), &pair);
	if (result)
		return result;
	mtr_incarnation_sign(statement, &pair, signature);
	statement->public_key = (ProtobufCBinaryData){MTR_KEY_BYTES, pair.public_key};
	statement->signature = (ProtobufCBinaryData){sizeof signature, signature};
	const size_t size = mtr_incarnation_print(statement, text);

	mtr_key_pair_wipe(&pair);
	if (fwrite(text, 1, size, call->streams.out) != size || fflush(call->streams.out) != 0)
		return mtr_fail(call, MTR_EXIT_LOCAL, _("The output can't be written: %s"), strerror(errno));
	tell(call, statement);
	return MTR_EXIT_OK;
}
