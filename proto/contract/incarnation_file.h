/* The file in which a statement goes from the restored server to whoever signs it, and back.
 *
 *	matricula-incarnation 1
 *	former NUMBER
 *	incarnation NUMBER
 *	fork-revision NUMBER
 *	fork-chain 64 hexadecimal digits
 *	old-head NUMBER
 *	at NUMBER
 *	reason TEXT
 *	public-key 40 characters of Z85            these two once it is signed
 *	signature 128 hexadecimal digits */
#ifndef MTR_CONTRACT_INCARNATION_FILE_H
#define MTR_CONTRACT_INCARNATION_FILE_H

#include "contract/arena.h"
#include "matricula/v1/audit.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

/* Any such file is smaller, its zero included. */
#define MTR_INCARNATION_FILE_MAX 4096u

/* The file's text for a complete statement, with a zero after it; returns its size. Signed when it has a signature. */
size_t mtr_incarnation_print(const Mtr__Incarnation *statement, char ret_text[MTR_INCARNATION_FILE_MAX]);

/* The statement in a text, in the arena; NULL when it isn't exactly one, isn't complete, or without memory. The
 * signature isn't checked. */
Mtr__Incarnation *mtr_incarnation_parse(struct mtr_arena *arena, const char *text, size_t size);

#endif
