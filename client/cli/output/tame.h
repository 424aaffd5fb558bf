/* Text that others wrote, as it may go to a terminal: a register takes controls, characters that don't show and what
 * isn't UTF-8 in no field, but a desk shows what a server sends, whatever that is. */
#ifndef MTR_CLI_TAME_H
#define MTR_CLI_TAME_H

#include "program/must.h"

#include <stdbool.h>

/* Adds `text`; U+FFFD stands for each character that no field may have and for each byte that isn't UTF-8, a space for
 * tabs and line ends. With `lines` line feeds stay. */
void mtr_tame_add(struct mtr_growing *line, const char *text, bool lines);

#endif
