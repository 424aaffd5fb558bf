/* Commands under construction. */
#ifndef SIM_PACK_H
#define SIM_PACK_H

#include "matricula/v1/commands.pb-c.h"
#include "support/text.h"

#include <stdint.h>
#include <stdlib.h>

static inline size_t pack(const Mtr__Command *command, uint8_t *ret_bytes, size_t room)
{
	if (mtr__command__get_packed_size(command) > room)
		abort();
	return mtr__command__pack(command, ret_bytes);
}

#endif
