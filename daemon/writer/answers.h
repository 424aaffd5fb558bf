/* Answers to what was consumed lately, by revision, for those who ask again: the record of a batch that isn't durable
 * yet can't be fetched, and fetching costs a whole frame. */
#ifndef MTR_WRITER_ANSWERS_H
#define MTR_WRITER_ANSWERS_H

#include "contract/bytes.h"
#include "engine/engine.h"

/* As many as can be waiting: whoever lost a link asks again for no more. */
#define MTR_ANSWERS_KEPT MTR_QUEUE_MAX

struct mtr_answers;

/* NULL without memory. */
struct mtr_answers *mtr_answers_new(void);
void mtr_answers_free(struct mtr_answers **answers);

/* Keeps a copy in place of the one MTR_ANSWERS_KEPT revisions before; without memory it is not kept. */
void mtr_answers_keep(struct mtr_answers *answers, uint64_t revision, struct mtr_bytes answer);

/* False when it isn't kept. The bytes last until the next call of keep. */
bool mtr_answers_find(const struct mtr_answers *answers, uint64_t revision, struct mtr_bytes *ret_answer);

/* The answer in the record of this revision, as keep does, from the engine. 0 or an error of mtr_engine_fetch. */
int mtr_answers_fetch(struct mtr_answers *answers, struct mtr_engine *engine, uint64_t revision);

#endif
