/* The small text files of backups, restores and audits: a statement to be signed, what a desk remembers of history,
 * what is backed up, the list of a backup. */
#include "backup/list.h"
#include "backup/state.h"
#include "contract/incarnation_file.h"
#include "contract/known_history.h"
#include "contract/lines.h"
#include "input.h"
#include "scratch.h"
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With a sum line and its zero. */
#define TEXT_MAX (64u * 1024u)
#define AT 5u

enum kind { STATEMENT, HISTORY, STATE, LIST, KINDS };
/* Beside the kind in the first byte: the text gets a right sum. */
#define SEALED 0x80u

/* What is read is written and read as the same. */
static void statement(const char *text, size_t size)
{
	struct mtr_arena *arena = mtr_arena_new(1u << 16);
	char again[MTR_INCARNATION_FILE_MAX], third[MTR_INCARNATION_FILE_MAX];
	const Mtr__Incarnation *read = arena ? mtr_incarnation_parse(arena, text, size) : NULL;

	if (read) {
		size_t printed = mtr_incarnation_print(read, again);

		read = mtr_incarnation_parse(arena, again, printed);
		FUZZ_REQUIRE(read && mtr_incarnation_print(read, third) == printed);
		FUZZ_REQUIRE(memcmp(again, third, printed) == 0);
	}
	mtr_arena_free(&arena);
}

static void history(const char *text, size_t size)
{
	char again[MTR_KNOWN_HISTORY_MAX], third[MTR_KNOWN_HISTORY_MAX];
	struct mtr_known_history known;

	if (!mtr_known_history_parse(text, size, &known))
		return;
	size_t printed = mtr_known_history_print(&known, again);

	FUZZ_REQUIRE(mtr_known_history_parse(again, printed, &known));
	FUZZ_REQUIRE(mtr_known_history_print(&known, third) == printed && memcmp(again, third, printed) == 0);
}

static void state(const char *directory)
{
	struct mtr_backup_state read, again;
	struct mtr_problem problem;
	int error = mtr_backup_state_read(directory, &read);

	FUZZ_REQUIRE(error == 0 || error == -EBADMSG);
	if (error)
		return;
	FUZZ_REQUIRE(mtr_backup_state_write(directory, &read, &problem) == MTR_EXIT_OK);
	FUZZ_REQUIRE(mtr_backup_state_read(directory, &again) == 0);
	FUZZ_REQUIRE(read.incarnation == again.incarnation && read.revision == again.revision && read.at == again.at);
}

static void list(const char *directory)
{
	uint8_t mac[MTR_HASH_BYTES];
	struct mtr_backup_list read;
	struct mtr_problem problem = {.text = ""};
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	FUZZ_REQUIRE(fd >= 0);
	if (mtr_list_read(fd, directory, AT, &read, mac, &problem) == MTR_EXIT_OK) {
		for (size_t i = 0; i < read.count; i++) {
			FUZZ_REQUIRE(*read.files[i].file.name && !strchr(read.files[i].file.name, '/'));
			(void)mtr_list_head(&read, &read.files[i]);
		}
		mtr_list_free(&read);
	} else {
		FUZZ_REQUIRE(*problem.text);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = fuzz_input_of((struct mtr_bytes){data, size});
	uint8_t first = fuzz_u8(&input);
	enum kind kind = (enum kind)(first % KINDS);
	struct mtr_bytes rest = fuzz_take(&input, TEXT_MAX / 2);
	char directory[FUZZ_PATH_MAX], path[2 * FUZZ_PATH_MAX], name[MTR_LIST_NAME_BYTES];
	char *text = malloc(TEXT_MAX);

	FUZZ_REQUIRE(text);
	memcpy(text, rest.data, rest.size);
	text[rest.size] = '\0';
	if (first & SEALED)
		(void)mtr_lines_seal(text, TEXT_MAX);
	size_t length = first & SEALED ? strlen(text) : rest.size;

	fuzz_path("papers", directory);
	fuzz_make_directory(directory);
	mtr_list_name(AT, name);
	snprintf(path, sizeof path, "%s/%s", directory, kind == LIST ? name : MTR_BACKUP_STATE_NAME);
	switch (kind) {
	case STATEMENT:
		statement(text, length);
		break;
	case HISTORY:
		history(text, length);
		break;
	case STATE:
		fuzz_write_file(path, (struct mtr_bytes){(const uint8_t *)text, length});
		state(directory);
		break;
	case LIST:
	case KINDS:
		fuzz_write_file(path, (struct mtr_bytes){(const uint8_t *)text, length});
		list(directory);
		break;
	}
	free(text);
	return 0;
}
