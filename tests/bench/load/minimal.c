#include "common/fail.h"
#include "load/talks.h"
#include "minimal/wire.h"
#include "model/random.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

struct minimal {
	struct random random;
	uint32_t units;
	uint64_t *asked, *answered;
};

static void put(uint8_t *bytes, size_t size, uint64_t value)
{
	for (size_t i = size; i-- > 0; value >>= 8)
		bytes[i] = (uint8_t)value;
}

static size_t ask(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	struct minimal *m = context;
	struct minimal_request request = {{0}, {0}, {0}, {0}};

	put(request.tag, sizeof request.tag, ++m->asked[client]);
	put(request.person, 8, random_next(&m->random));
	put(request.person + 8, 8, random_next(&m->random));
	put(request.unit, sizeof request.unit, random_below(&m->random, m->units));
	memcpy(ret_frame, &request, sizeof request);
	return sizeof request;
}

static bool answered(void *context, uint32_t client, struct mtr_bytes frame)
{
	struct minimal *m = context;
	struct minimal_answer answer;
	uint8_t tag[8];

	if (frame.size != sizeof answer)
		bench_fail("answer", "of another size");
	memcpy(&answer, frame.data, sizeof answer);
	put(tag, sizeof tag, ++m->answered[client]);
	if (memcmp(tag, answer.tag, sizeof tag) != 0 || answer.result != MINIMAL_ACCEPTED)
		bench_fail("answer", "not accepted");
	return true;
}

struct talk talk_minimal(uint32_t clients, uint32_t units)
{
	struct minimal *m = calloc(1, sizeof *m);

	if (!m || !(m->asked = calloc(clients, sizeof *m->asked)) || !(m->answered = calloc(clients, sizeof *m->asked)))
		bench_fail("load", "no memory");
	m->units = units;
	randombytes_buf(&m->random, sizeof m->random);
	return (struct talk){.context = m, .ask = ask, .answered = answered};
}
