#include "pipeline.h"

static uint64_t *slot(struct mtr_pipeline *pipeline, uint64_t sequence)
{
	return &pipeline->requests[sequence % MTR_IN_FLIGHT_MAX];
}

void mtr_pipeline_rewind(struct mtr_pipeline *pipeline, uint64_t sequence)
{
	while (pipeline->send > sequence && pipeline->send > pipeline->base)
		*slot(pipeline, --pipeline->send) = 0;
}

void mtr_pipeline_sent(struct mtr_pipeline *pipeline, uint64_t request_id)
{
	*slot(pipeline, pipeline->send++) = request_id;
	if (pipeline->reached < pipeline->send)
		pipeline->reached = pipeline->send;
}

uint64_t mtr_pipeline_take(struct mtr_pipeline *pipeline, uint64_t request_id)
{
	for (uint64_t sequence = pipeline->base; sequence < pipeline->send; sequence++) {
		if (*slot(pipeline, sequence) == request_id) {
			*slot(pipeline, sequence) = 0;
			return sequence;
		}
	}
	return 0;
}

bool mtr_pipeline_waits(const struct mtr_pipeline *pipeline)
{
	return pipeline->base < pipeline->send && pipeline->requests[pipeline->base % MTR_IN_FLIGHT_MAX] != 0;
}

void mtr_pipeline_advance(struct mtr_pipeline *pipeline)
{
	*slot(pipeline, pipeline->base++) = 0;
	if (pipeline->send < pipeline->base)
		pipeline->send = pipeline->base;
}
