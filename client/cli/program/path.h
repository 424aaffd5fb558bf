/* What a command says at a path the register complains about. */
#ifndef MTR_CLI_PATH_H
#define MTR_CLI_PATH_H

#include "contract/arena.h"
#include "matricula/v1/commands.pb-c.h"

/* The text, number, date (ISO) or name of a value at a dotted path ("decide.approved_ids.3") in the arena; of a message
 * with a nomination_id that;
 * "" when the path leads to nothing that can be said in a few words. */
const char *mtr_path_value(struct mtr_arena *arena, const Mtr__Command *command, const char *path);

#endif
