/* A desk whose link leads into the input: what it sends is answered by the world's register, or by what parcels say in
 * its place; time passes when it waits. The client library is the real one above its link. */
#ifndef MTR_FUZZ_DESK_H
#define MTR_FUZZ_DESK_H

#include "parcels.h"
#include "world.h"

struct mtr_client;

/* Kinds of parcels that are what comes over the link; those of a target begin with FUZZ_LINK_KINDS. */
enum fuzz_link_kind {
	FUZZ_LINK_HONEST, /* the register's answer to the oldest request */
	FUZZ_LINK_BENT,   /* the same with bytes changed: offset u16, byte; again and again */
	FUZZ_LINK_ANSWER, /* an Answer to the oldest request */
	FUZZ_LINK_REPLY,  /* a Reply as it is; odd `who`: to the oldest request */
	FUZZ_LINK_FRAME,  /* any bytes */
	FUZZ_LINK_GARBLED,
	FUZZ_LINK_LOST,
	FUZZ_LINK_QUIET,     /* nothing, as long as the desk will wait */
	FUZZ_LINK_ELSEWHERE, /* meanwhile the register gets this Command of principal `who` */
	FUZZ_LINK_KINDS,
};
const ProtobufCMessageDescriptor *fuzz_link_shape(enum fuzz_link_kind kind);

struct fuzz_desk_link {
	struct fuzz_world *world;
	uint32_t principal; /* as whom the register knows the desk */
	const struct fuzz_parcel *parcels;
	size_t count, at;  /* the next parcel */
	unsigned kinds;    /* of the target's parcels, in all */
	bool honest_hello; /* a hello is answered by the register, whatever parcels there are */
};

/* Takes the desk's place on the link, until the next call. A hello is answered by the register unless the parcel at
 * hand says otherwise. */
void fuzz_desk_begin(struct fuzz_desk_link *link);

/* A desk with an outbox of its own and nothing in it, in an empty directory `name`. */
struct mtr_client *fuzz_desk_open(const char *name);
/* The same once more, with what is there. */
struct mtr_client *fuzz_desk_reopen(const char *name);

#endif
