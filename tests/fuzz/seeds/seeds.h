/* Makes the inputs that fuzzing starts from, out of what a register and its desks really say to each other. */
#ifndef MTR_FUZZ_SEEDS_H
#define MTR_FUZZ_SEEDS_H

#include "parcels.h"

/* Packs a message into memory that lasts as long as the process. */
struct mtr_bytes seed_pack(const ProtobufCMessage *message);
struct mtr_bytes seed_copy(struct mtr_bytes bytes);

/* A list under way. */
struct seed_list {
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];
	size_t count;
};
/* `body` stays the caller's until the list is written; what doesn't fit is left out. */
void seed_add(struct seed_list *list, unsigned kind, unsigned who, struct mtr_bytes body);
/* The list as the input <target>/<name>-<number> below the directory, and begins anew. */
void seed_write(struct seed_list *list, const char *target, const char *name, unsigned number);

/* The queries of a desk: each kind of list, feed, tallies, log. *ret_count how many. */
const struct mtr_bytes *seed_queries(size_t *ret_count);

/* One function a group of targets. */
void seed_dispatch(void);
void seed_messages(void);
void seed_rows(void);
void seed_answers(void);
void seed_screen(void);
void seed_envelope(void);

#endif
