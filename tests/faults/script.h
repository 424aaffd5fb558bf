/* What desks send: a province is set up, then worked with, in one order. Entry i is the same whatever happens, so that
 * it can be sent again. */
#ifndef FAULTS_SCRIPT_H
#define FAULTS_SCRIPT_H

#include "contract/limits.h"
#include "work/work.h"

#define SCRIPT_SET_UP 51u /* the entries that set the province up */
#define SCRIPT_MAX 512u

struct entry {
	uint32_t principal_id;
	uint64_t sequence;
	uint8_t previous_hash[MTR_HASH_BYTES];
	uint8_t *body;
	size_t size;
};

struct script {
	struct entry entries[SCRIPT_MAX];
	size_t count;
	struct {
		uint64_t sequence;
		uint8_t hash[MTR_HASH_BYTES];
	} outboxes[16]; /* by principal */
};

/* `count` entries, at least SCRIPT_SET_UP, that follow from the seed. */
void script_write(struct script *script, uint64_t seed, size_t count);
void script_free(struct script *script);

/* The entry as it comes to the writer. */
struct mtr_work *script_work(const struct script *script, size_t index);

/* The first operator's public key, Z85. */
const char *script_operator_key(void);

#endif
