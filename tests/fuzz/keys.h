/* Key pairs that are the same in every process. */
#ifndef MTR_FUZZ_KEYS_H
#define MTR_FUZZ_KEYS_H

#include "contract/key_file.h"

const struct mtr_key_pair *fuzz_server_keys(void);
/* Of a desk that the world doesn't know yet. */
const struct mtr_key_pair *fuzz_desk_keys(void);

#endif
