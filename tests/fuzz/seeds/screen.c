/* Answers of the register to what the client program asks, for its screen. */
#include "seeds.h"

#include "world.h"

#include <stdlib.h>

/* As in targets/screen.c. */
enum kind { RUN, ANSWER };
#define COMMANDS 24u

void seed_screen(void)
{
	struct fuzz_world *world = fuzz_world_open();
	struct seed_list list = {.count = 0};
	size_t count;
	const struct mtr_bytes *queries = seed_queries(&count);

	for (unsigned command = 0; command < COMMANDS; command++) {
		const uint8_t form = (uint8_t)command;

		seed_add(&list, RUN, command, seed_copy((struct mtr_bytes){&form, 1}));
		seed_write(&list, "screen", "command", command);
	}
	for (unsigned i = 0; i < count; i++) {
		struct mtr_bytes answer = fuzz_world_query(world, 2, queries[i]);
		const uint8_t form = (uint8_t)i;

		if (answer.size < 6000) {
			seed_add(&list, RUN, i, seed_copy((struct mtr_bytes){&form, 1}));
			seed_add(&list, ANSWER, 0, seed_copy(answer));
			seed_add(&list, RUN, i * 5, seed_copy((struct mtr_bytes){&form, 1}));
			seed_add(&list, ANSWER, 0, seed_copy(answer));
			seed_write(&list, "screen", "answer", i);
		}
		free((void *)(uintptr_t)answer.data);
	}
	fuzz_world_close(world);
}
