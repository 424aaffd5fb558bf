/* What of the outbox is under way: a window of sequences from the first unanswered one, sent ahead of their answers
 * and sent again from any place on (go-back-N). Holds no commands, only who was asked what. */
#ifndef MTR_CLIENT_PIPELINE_H
#define MTR_CLIENT_PIPELINE_H

#include "contract/limits.h"

#include <stdbool.h>
#include <stdint.h>

struct mtr_pipeline {
	uint64_t base;                        /* first sequence without a final answer */
	uint64_t reached;                     /* one above the highest that was ever sent; 0: none was */
	uint64_t send;                        /* next to be sent; base <= send <= base + window */
	uint64_t requests[MTR_IN_FLIGHT_MAX]; /* of sequence s at s % MTR_IN_FLIGHT_MAX: its request id; 0: not asked */
};

/* Nothing is under way any more from `sequence` on; its late replies will count as stale. */
void mtr_pipeline_rewind(struct mtr_pipeline *pipeline, uint64_t sequence);

/* `send` has been sent with this request id. */
void mtr_pipeline_sent(struct mtr_pipeline *pipeline, uint64_t request_id);

/* The sequence asked for with this id, which then no longer is under way; 0 if the reply is stale. */
uint64_t mtr_pipeline_take(struct mtr_pipeline *pipeline, uint64_t request_id);

/* True if base has been sent and its reply is still to come. */
bool mtr_pipeline_waits(const struct mtr_pipeline *pipeline);

/* Base has its final answer. */
void mtr_pipeline_advance(struct mtr_pipeline *pipeline);

#endif
