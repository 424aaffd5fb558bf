/* Commands into a register that nobody serves, through its own writer: what comes out is what the daemon would have
 * made of the same commands. */
#ifndef BENCH_PIPE_H
#define BENCH_PIPE_H

#include "matricula/v1/commands.pb-c.h"

#include <stdint.h>

struct pipe;

/* Opens the register in this data directory. Ends the process when that fails, as everything here does. */
struct pipe *pipe_open(const char *directory);

/* Hands a command of this principal (1 to 8) in; the answers come later, and each must be one of success. */
void pipe_put(struct pipe *pipe, uint32_t principal, const Mtr__Command *command);

/* Waits for all answers, commits and closes. */
void pipe_close(struct pipe *pipe);

#endif
