/* What the library couldn't do, in words, and the exit code for it. */
#include "contract/key_file.h"
#include "matricula/matricula.h"
#include "program/i18n.h"
#include "program/session.h"
#include "words/words.h"

#include <errno.h>
#include <string.h>

/* The library says that the key file can't be used; this says why. */
static int key_file_failed(const struct mtr_call *call)
{
	const char *file = call->settings.key_file;
	struct mtr_key_pair pair;
	const enum mtr_key_file_status status = mtr_key_file_read(file, &pair);
	const int error = errno;

	mtr_key_pair_wipe(&pair);
	switch (status) {
	case MTR_KEY_FILE_MISSING:
		return mtr_fail(call, MTR_EXIT_KEY,
				_("There is no key file %s; “matricula keygen” makes this desk's key."), file);
	case MTR_KEY_FILE_UNREADABLE:
		return mtr_fail(call, MTR_EXIT_KEY, _("The key file %s can't be read: %s"), file, strerror(error));
	case MTR_KEY_FILE_EXPOSED:
		return mtr_fail(call, MTR_EXIT_KEY, _("The key file %s is open to others; close it with chmod 600."),
				file);
	case MTR_KEY_FILE_DAMAGED:
		return mtr_fail(call, MTR_EXIT_KEY,
				_("%s isn't the key file of a desk, or is damaged; put back the copy that was kept."),
				file);
	case MTR_KEY_FILE_OK:
	case MTR_KEY_FILE_EXISTS:
		break;
	}
	return mtr_fail(call, MTR_EXIT_KEY, "%s", mtr_words_client_error(MTR_CLIENT_KEY_FILE));
}

int mtr_session_failed(struct mtr_call *call, int error)
{
	static const int exits[] = {
		[MTR_CLIENT_USAGE] = MTR_EXIT_USAGE,       [MTR_CLIENT_NO_LINK] = MTR_EXIT_NO_LINK,
		[MTR_CLIENT_BUSY] = MTR_EXIT_NO_LINK,      [MTR_CLIENT_KEY_REFUSED] = MTR_EXIT_KEY,
		[MTR_CLIENT_SERVER_KEY] = MTR_EXIT_KEY,    [MTR_CLIENT_UNSIGNED] = MTR_EXIT_KEY,
		[MTR_CLIENT_VERSION] = MTR_EXIT_PROTOCOL,  [MTR_CLIENT_PROTOCOL] = MTR_EXIT_PROTOCOL,
		[MTR_CLIENT_TOO_LARGE] = MTR_EXIT_REFUSED,
	};
	const uint8_t *halted = NULL;
	size_t size = 0;

	if (error == MTR_CLIENT_KEY_FILE)
		return key_file_failed(call);
	mtr_fail(call, 0, "%s", mtr_words_client_error(error));
	if (error == MTR_CLIENT_HALTED && call->client)
		mtr_client_halt_answer(call->client, &halted, &size);
	if (size > 0) {
		Mtr__Answer *answer = mtr__answer__unpack(mtr_arena_allocator(call->arena), size, halted);
		if (answer && answer->body_case == MTR__ANSWER__BODY_ERROR)
			mtr_fail(call, 0, "%s", mtr_words_error(call->arena, answer->error));
	}
	if (error == MTR_CLIENT_USAGE)
		mtr_remark(call, "%s", call->settings.file);
	if (error < 0 || (size_t)error >= sizeof exits / sizeof *exits || !exits[error])
		return MTR_EXIT_LOCAL;
	return exits[error];
}
