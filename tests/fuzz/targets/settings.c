/* What people write into files and on command lines: the daemon's configuration, a desk's settings, key files, the
 * words of a command. */
#include "program/settings.h"
#include "config/config.h"
#include "contract/key_file.h"
#include "input.h"
#include "program/arguments.h"
#include "program/must.h"
#include "scratch.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 64

enum kind { CONFIGURATION, SETTINGS, KEY_FILE, COMMAND_LINE, KINDS };

static bool terminated(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static void read_configuration(const char *path)
{
	struct mtr_config config, before;
	struct mtr_config_problem problem = {.text = ""};
	struct mtr_config_key key;

	mtr_config_defaults(&config);
	before = config;
	if (!mtr_config_read(path, &config, &problem)) {
		FUZZ_REQUIRE(*problem.text && terminated(problem.text, sizeof problem.text));
		FUZZ_REQUIRE(memcmp(&config, &before, sizeof config) == 0);
		return;
	}
	FUZZ_REQUIRE(terminated(config.listen, sizeof config.listen));
	FUZZ_REQUIRE(terminated(config.data_directory, sizeof config.data_directory));
	FUZZ_REQUIRE(config.data_directory[0] == '/');
	mtr_config_reload(&before, &config);
	for (size_t i = 0; mtr_config_key(i, &key); i++)
		FUZZ_REQUIRE(!key.at_run_time || mtr_config_same(&before, &config, i));
}

static void read_settings(struct mtr_arena *arena, char *path)
{
	char program[] = "matricula", option[] = "--config", command[] = "status";
	char *words[] = {program, option, path, command, NULL};
	struct mtr_arguments arguments;
	struct mtr_settings settings;
	const char *problem = NULL;

	FUZZ_REQUIRE(mtr_arguments_parse(arena, 4, words, &arguments, &problem) == 0);
	if (mtr_settings_read(arena, &arguments, &settings, &problem) == 0)
		FUZZ_REQUIRE(settings.endpoint && settings.server_key && settings.key_file && settings.state_directory);
	else
		FUZZ_REQUIRE(problem && *problem);
}

/* What was read is written and read as the same. */
static void read_key_file(const char *path)
{
	struct mtr_key_pair pair, again;
	char copy[FUZZ_PATH_MAX];

	if (mtr_key_file_read(path, &pair) != MTR_KEY_FILE_OK)
		return;
	fuzz_path("copy", copy);
	(void)unlink(copy);
	FUZZ_REQUIRE(mtr_key_file_write(copy, &pair, "a comment") == MTR_KEY_FILE_OK);
	FUZZ_REQUIRE(mtr_key_file_read(copy, &again) == MTR_KEY_FILE_OK);
	FUZZ_REQUIRE(memcmp(&pair, &again, sizeof pair) == 0);
}

/* One word a line. */
static void read_words(struct mtr_arena *arena, struct mtr_bytes bytes)
{
	char *text = mtr_must_alloc(arena, bytes.size + 1), *words[WORDS_MAX + 1], program[] = "matricula";
	struct mtr_arguments arguments;
	const char *problem = NULL;
	int count = 1;

	memcpy(text, bytes.data, bytes.size);
	words[0] = program;
	for (char *rest = text; rest && count < WORDS_MAX;)
		words[count++] = strsep(&rest, "\n");
	words[count] = NULL;
	(void)mtr_settings_language(count, words);
	if (mtr_arguments_parse(arena, count, words, &arguments, &problem) != 0) {
		FUZZ_REQUIRE(problem && *problem);
		return;
	}
	for (size_t i = 0; i < arguments.count; i++)
		FUZZ_REQUIRE(arguments.values[i].argument && arguments.values[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = fuzz_input_of((struct mtr_bytes){data, size});
	enum kind kind = (enum kind)(fuzz_u8(&input) % KINDS);
	struct mtr_arena *arena = mtr_arena_new(8u << 20);
	struct mtr_bytes rest = fuzz_rest(&input);
	char path[FUZZ_PATH_MAX];

	FUZZ_REQUIRE(arena);
	fuzz_path("file", path);
	if (kind != COMMAND_LINE)
		fuzz_write_file(path, rest);
	switch (kind) {
	case CONFIGURATION:
		read_configuration(path);
		break;
	case SETTINGS:
		read_settings(arena, path);
		break;
	case KEY_FILE:
		read_key_file(path);
		break;
	case COMMAND_LINE:
	case KINDS:
		read_words(arena, rest);
		break;
	}
	mtr_arena_free(&arena);
	return 0;
}
