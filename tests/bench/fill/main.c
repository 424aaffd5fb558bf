/* bench_fill DIRECTORY NOMINATIONS
 * bench_fill DIRECTORY classes COUNT
 * bench_fill keys
 *
 * Fills the register of a data directory, made by "matriculad init" with the operator's key of "bench_fill keys": a
 * province of 200 units, its people, and so many nominations; or as many classes with a roster of 80 each. */
#include "common/fail.h"
#include "fill/fill.h"

#include <sodium.h>
#include <string.h>

static void print_operator_key(void)
{
	struct mtr_key_pair pair;
	char text[MTR_KEY_TEXT];

	world_key_pair(WORLD_KEY_OPERATOR, &pair);
	mtr_key_text(pair.public_key, text);
	puts(text);
}

static void fill(const char *directory, const struct world *world)
{
	struct pipe *pipe = pipe_open(directory);

	fill_province(pipe, world);
	fill_people(pipe, world);
	fill_nominations(pipe, world);
	if (world->classes)
		fill_classes(pipe, world);
	pipe_close(pipe);
	if (!world_write(world, directory))
		bench_fail(directory, "the file of the world can't be written");
}

int main(int argc, char **argv)
{
	struct world world;

	if (sodium_init() < 0)
		bench_fail("libsodium", "no random numbers");
	if (argc == 2 && strcmp(argv[1], "keys") == 0) {
		print_operator_key();
		return 0;
	}
	if (argc == 4 && strcmp(argv[2], "classes") == 0)
		world = world_of_classes((uint32_t)strtoul(argv[3], NULL, 10));
	else if (argc == 3)
		world = world_of(strtoull(argv[2], NULL, 10));
	else
		return 2;
	fill(argv[1], &world);
	return 0;
}
