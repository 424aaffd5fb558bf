/* sums DIRECTORY PLAN ROWS ENROLLED: reads what the demonstration's clients were answered, shows the plan's table, and
 * adds everything up again. A sum that is wrong is told and makes the program fail. */
#include "answer.h"
#include "checks.h"
#include "plan_table.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "Usage: %s DIRECTORY PLAN ROWS ENROLLED\n", argv[0]);
		return 2;
	}
	struct proof proof = {
		.directory = argv[1],
		.programmes = answer_read(argv[1], "proof/programmes.json"),
		.parts = answer_read(argv[1], "proof/parts.json"),
		.ledger = answer_read(argv[1], "proof/ledger.json"),
		.nominations = answer_read(argv[1], "proof/nominations.json"),
		.answers = answer_read(argv[1], "proof/answers.json"),
		.arrived = answer_read(argv[1], "proof/arrived.json"),
	};
	plan_table(proof.programmes);
	check_plan(&proof, argv[2]);
	check_seats(&proof);
	check_nominations(&proof, atoll(argv[3]));
	check_rosters(&proof, atoll(argv[4]));
	json_decref(proof.programmes);
	json_decref(proof.parts);
	json_decref(proof.ledger);
	json_decref(proof.nominations);
	json_decref(proof.answers);
	json_decref(proof.arrived);
	if (proof.wrong)
		printf("\n  %d of the sums are wrong.\n", proof.wrong);
	else
		printf("\n  All sums hold.\n");
	return proof.wrong ? 1 : 0;
}
