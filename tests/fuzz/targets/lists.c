/* Lists as offices send them: a CSV file of any bytes, imported as people, nominations, seats or programmes. */
#include "input.h"
#include "program.h"
#include "program/exit.h"
#include "scratch.h"
#include "target.h"

#include <unistd.h>

enum option { DRY_RUN = 1, IGNORE_UNKNOWN = 2, UNIT = 4, VIETNAMESE = 8, JSON = 16, CSV = 32 };

static int import(unsigned list, unsigned options, const char *path)
{
	static const char *const commands[][3] = {
		{"person", "put", NULL},
		{"propose", "QN21-CC", NULL},
		{"quota", "allocate", NULL},
		{"programme", "put", NULL},
	};
	const char *words[20], *const *command = commands[list % 4];
	size_t count = 0;

	words[count++] = command[0];
	words[count++] = command[1];
	words[count++] = "--csv";
	words[count++] = path;
	if (options & DRY_RUN)
		words[count++] = "--dry-run";
	if (options & IGNORE_UNKNOWN)
		words[count++] = "--ignore-unknown";
	if (options & UNIT && list % 4 < 2) {
		words[count++] = "--unit";
		words[count++] = "HU-TN";
	}
	if (options & VIETNAMESE) {
		words[count++] = "--lang";
		words[count++] = "vi";
	}
	if (options & (JSON | CSV)) {
		words[count++] = "--output";
		words[count++] = options & JSON ? "json" : "csv";
	}
	words[count] = NULL;
	return fuzz_program_run(words, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = fuzz_input_of((struct mtr_bytes){data, size});
	unsigned list = fuzz_u8(&input), options = fuzz_u8(&input);
	char path[FUZZ_PATH_MAX], failed[FUZZ_PATH_MAX], again[FUZZ_PATH_MAX];

	fuzz_path("list.csv", path);
	fuzz_path("list.failed.csv", failed);
	fuzz_path("list.failed.failed.csv", again);
	fuzz_write_file(path, fuzz_rest(&input));
	(void)import(list, options, path);
	/* What is given back to be corrected is a list that can be read. */
	if (access(failed, F_OK) == 0) {
		FUZZ_REQUIRE(import(list, options, failed) != MTR_EXIT_USAGE);
		fuzz_remove(again);
	}
	fuzz_remove(failed);
	return 0;
}
