#include "program.h"

#include "program/call.h"
#include "program/exit.h"
#include "scratch.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 32

static char *settings_file(void)
{
	static char path[FUZZ_PATH_MAX];
	static const char text[] =
		"[server]\nendpoint = tcp://127.0.0.1:1\nkey = kkkk\n[client]\nkey_file = client.key\n"
		"state_directory = state\n";

	if (!*path) {
		fuzz_path("client.ini", path);
		fuzz_write_file(path, (struct mtr_bytes){(const uint8_t *)text, sizeof text - 1});
	}
	return path;
}

int fuzz_program_run(const char *const *words, struct mtr_bytes *ret_out)
{
	char program[] = "matricula", option[] = "--config", *all[WORDS_MAX] = {program, option, settings_file()};
	char *shown = NULL, *complaints = NULL;
	size_t shown_size, complaints_size;
	struct mtr_streams streams = {.in = stdin};
	int count = 3, result;

	for (; *words; words++) {
		FUZZ_REQUIRE(count < WORDS_MAX - 1);
		all[count++] = (char *)(uintptr_t)*words;
	}
	streams.out = open_memstream(&shown, &shown_size);
	streams.err = open_memstream(&complaints, &complaints_size);
	FUZZ_REQUIRE(streams.out && streams.err);
	result = mtr_cli_run(&streams, count, all);
	fclose(streams.out);
	fclose(streams.err);
	FUZZ_REQUIRE(result >= MTR_EXIT_OK && result <= MTR_EXIT_PROTOCOL);
	/* Whoever is refused is told why. */
	FUZZ_REQUIRE(result == MTR_EXIT_OK || complaints_size || shown_size);
	free(complaints);
	if (ret_out)
		*ret_out = (struct mtr_bytes){(uint8_t *)shown, shown_size};
	else
		free(shown);
	return result;
}
