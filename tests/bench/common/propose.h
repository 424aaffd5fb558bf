/* The command that puts forward whom a proposal names. */
#ifndef BENCH_PROPOSE_H
#define BENCH_PROPOSE_H

#include "common/world.h"
#include "matricula/v1/commands.pb-c.h"

/* `command` points at the rest: the whole stays where it was made. */
struct world_propose {
	Mtr__Command command;
	Mtr__Propose body;
	Mtr__PersonReference person;
	char programme[WORLD_CODE], unit[WORLD_CODE], citizen[16];
};

/* Without letter and time of writing, which the caller may add. */
void world_propose(const struct proposal *proposal, struct world_propose *ret_propose);

#endif
