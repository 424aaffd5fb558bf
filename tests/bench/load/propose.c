#include "common/propose.h"
#include "common/fail.h"
#include "contract/entry_hash.h"
#include "load/session.h"
#include "load/talks.h"

#include <sodium.h>
#include <string.h>

#define COMMAND_MAX 512u
#define RESERVE 20000u

struct desk {
	uint8_t outbox[MTR_OUTBOX_BYTES], hash[MTR_HASH_BYTES];
	uint64_t sequence, answered; /* of the newest sent and answered */
	uint64_t revision;           /* of the newest answer */
	uint32_t *units;             /* asked for: a ring */
};

struct proposing {
	const struct world *world;
	const char *data;
	struct mtr_arena *arena;
	struct desk *desks;
	uint32_t window;
	bool hot;
	uint64_t next, reserved; /* proposals; the latter stands in the file, should this process be killed */
};

/* Request ids are the sequences, after the hello's. */
static uint64_t id_of(uint64_t sequence)
{
	return sequence + 1;
}

static size_t greet(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	struct proposing *p = context;
	struct desk *desk = &p->desks[client];

	randombytes_buf(desk->outbox, sizeof desk->outbox);
	desk->units = calloc(p->window, sizeof *desk->units);
	if (!desk->units)
		bench_fail("load", "no memory");
	return session_hello(desk->outbox, ret_frame);
}

static void greeted(void *context, uint32_t client, struct mtr_bytes frame)
{
	struct proposing *p = context;
	const Mtr__Answer *answer = session_answer(p->arena, frame, 0);

	(void)client;
	if (answer->body_case != MTR__ANSWER__BODY_HELLO || answer->hello->outbox_next_sequence != 1)
		bench_fail("hello", "answered with something else");
	if (!p->next)
		p->next = world_next_read(p->data, answer->hello->head_revision);
}

static size_t pack_command(const struct proposal *proposal, uint8_t ret_command[COMMAND_MAX])
{
	struct world_propose propose;

	world_propose(proposal, &propose);
	propose.command.written_at = UINT64_C(1767225600000);
	return mtr__command__pack(&propose.command, ret_command);
}

static void reserve(struct proposing *p)
{
	p->reserved = p->next + RESERVE;
	world_next_write(p->data, p->reserved + 1);
}

static void end(void *context)
{
	const struct proposing *p = context;

	world_next_write(p->data, p->next);
}

static size_t ask(void *context, uint32_t client, uint8_t ret_frame[LOOP_FRAME_MAX])
{
	struct proposing *p = context;
	struct desk *desk = &p->desks[client];
	const struct proposal proposal = p->hot ? world_hot(p->world, p->next) : world_spread(p->world, p->next);
	uint8_t command[COMMAND_MAX];
	Mtr__Sequencing sequencing = MTR__SEQUENCING__INIT;
	Mtr__Request request = MTR__REQUEST__INIT;
	size_t size = pack_command(&proposal, command);

	if (p->next++ == p->reserved || !p->reserved)
		reserve(p);
	desk->units[desk->sequence % p->window] = proposal.unit;
	desk->sequence++;
	sequencing.outbox = (ProtobufCBinaryData){MTR_OUTBOX_BYTES, desk->outbox};
	sequencing.sequence = desk->sequence;
	sequencing.first_unacknowledged = desk->answered + 1;
	sequencing.previous_hash = (ProtobufCBinaryData){MTR_HASH_BYTES, desk->hash};
	request.request_id = id_of(desk->sequence);
	request.body_case = MTR__REQUEST__BODY_COMMAND;
	request.command = (ProtobufCBinaryData){size, command};
	request.sequencing = &sequencing;
	size_t packed = session_pack(&request, ret_frame);

	mtr_entry_hash(desk->hash, desk->sequence, (struct mtr_bytes){command, size}, desk->hash);
	return packed;
}

static bool answered(void *context, uint32_t client, struct mtr_bytes frame)
{
	struct proposing *p = context;
	struct desk *desk = &p->desks[client];
	const Mtr__Answer *answer = session_answer(p->arena, frame, id_of(desk->answered + 1));
	const Mtr__Acknowledgement *ack = answer->acknowledgement;
	char unit[WORLD_CODE];

	world_unit_code(desk->units[desk->answered % p->window], unit);
	if (answer->body_case != MTR__ANSWER__BODY_ACKNOWLEDGEMENT || answer->revision <= desk->revision)
		bench_fail("propose", "not acknowledged");
	if ((ack->state != MTR__STATE__STATE_SEATED && ack->state != MTR__STATE__STATE_WAITING) || ack->rank < 1 ||
	    ack->rank > ack->of || strcmp(ack->unit_code, unit) != 0)
		bench_fail("propose", "acknowledged for something else");
	desk->revision = answer->revision;
	desk->answered++;
	return true;
}

struct talk talk_propose(const struct world *world, const char *data, const struct loop_options *options, bool hot)
{
	struct proposing *p = calloc(1, sizeof *p);
	struct desk *desks = calloc(options->clients, sizeof *desks);

	if (!p || !desks)
		bench_fail("load", "no memory");
	*p = (struct proposing){
		.world = world,
		.data = data,
		.arena = session_arena(),
		.desks = desks,
		.window = options->window,
		.hot = hot,
	};
	return (struct talk){
		.context = p, .greet = greet, .greeted = greeted, .ask = ask, .answered = answered, .end = end};
}
