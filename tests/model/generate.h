/* Random operations. The generator looks at the model to make what it wants happen happen often, and to make each
 * refusal happen on purpose. */
#ifndef MODEL_GENERATE_H
#define MODEL_GENERATE_H

#include "model.h"
#include "random.h"

struct operation {
	uint32_t principal_id;
	uint64_t now;
	Mtr__Command *command;
};

struct generator {
	struct random random;
	struct model *m;
	struct mtr_arena *arena; /* of one operation */
	uint64_t now;
	uint32_t set_up;      /* steps of the first world done */
	uint32_t next_number; /* makes codes, keys and citizen numbers unique */
};

void generator_init(struct generator *generator, uint64_t seed, struct model *model, uint64_t now);

/* The next operation: first those that make a world to work in, then random ones. Lives in `arena`. */
void generate(struct generator *generator, struct mtr_arena *arena, struct operation *ret_operation);

/* The key of the n-th principal made. */
void generator_key(uint32_t number, uint8_t ret_key[MTR_KEY_BYTES]);

#endif
