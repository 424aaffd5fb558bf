/* Who has which key: the same in every seed. */
#ifndef SIM_KEYS_H
#define SIM_KEYS_H

#include "contract/key_file.h"

#define SIM_PRINCIPALS_MAX 16u
/* In the place of a principal: the register's own. */
#define SIM_REGISTER 0u

/* The pair of a principal, by the number it has in the register. */
const struct mtr_key_pair *key_pair(uint32_t principal);

#endif
