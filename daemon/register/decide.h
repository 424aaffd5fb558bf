/* What the register answers to a command, and which rows change. Writes nothing: apply (store/apply.h) does. */
#ifndef MTR_REGISTER_DECIDE_H
#define MTR_REGISTER_DECIDE_H

#include "contract/arena.h"
#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"
#include "store/apply.h"
#include "store/store.h"

/* Raised whenever a change of code could make a decision come out differently. */
#define MTR_RULES_VERSION 1u

/* What a decision starts from. */
struct mtr_decision_input {
	struct mtr_txn *txn;     /* a read is enough; a write transaction shows what the batch applied before */
	struct mtr_arena *arena; /* everything returned lives here */
	uint32_t principal_id; /* whose key sent it; read again from the store, because the batch may have revoked it */
	uint64_t now;          /* ms; already max(previous, now) */
	uint64_t revision;     /* the record's, if this is consumed */
	bool command_unknown;  /* the command's body isn't one this version knows */
	/* What it was answered before the register was restored; NULL: it wasn't. It counts as arrived when it did
	 * then, what it created gets the id it had if that is free, and an outcome that differs is put on record. */
	const Mtr__FormerAnswer *former;
};

#define MTR_SUBJECTS_MAX 1024u

struct mtr_outcome {
	Mtr__Answer *answer; /* Error, Acknowledgement or Done; never NULL on success */
	struct mtr_effect *effects;
	size_t effect_count;      /* with an error none, or a divergence */
	uint64_t *nomination_ids; /* subjects, for the record's header */
	size_t nomination_count;
	uint32_t *person_ids;
	size_t person_count;
	const uint8_t *closed_outbox; /* MTR_OUTBOX_BYTES, that the record closes; NULL: none */
	bool consumes;                /* false with a retry or halt error: nothing is journaled */
};

enum mtr_decide_status {
	MTR_DECIDE_OK,
	MTR_DECIDE_STORE_ERROR, /* input->txn->error says which */
	MTR_DECIDE_MEMORY,      /* the arena is exhausted */
};

/* Checks who may, checks the fields, applies the rules of the command. Pure but for reads of the transaction. */
enum mtr_decide_status mtr_decide(const struct mtr_decision_input *input, const Mtr__Command *command,
				  struct mtr_outcome *ret_outcome);

/* The acknowledgement of a nomination as of now; NULL with txn->error or an exhausted arena. */
Mtr__Acknowledgement *mtr_acknowledge(struct mtr_txn *txn, struct mtr_arena *arena, const Mtr__Nomination *nomination);

#endif
