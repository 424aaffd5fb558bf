#include "generate_internal.h"

#include <stdarg.h>
#include <stdio.h>

#define MINUTE 60000u
#define HOUR (60u * MINUTE)
#define WORLD_COMPLETE UINT32_MAX

void generator_init(struct generator *g, uint64_t seed, struct model *m, uint64_t now)
{
	*g = (struct generator){.random = {seed}, .m = m, .now = now, .next_number = 2};
}

void generator_key(uint32_t number, uint8_t ret_key[MTR_KEY_BYTES])
{
	memset(ret_key, 0x5A, MTR_KEY_BYTES);
	for (size_t i = 0; i < 4; i++)
		ret_key[i] = (uint8_t)(number >> (8 * i));
}

void *new_message(struct generator *g, const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = mtr_arena_alloc(g->arena, descriptor->sizeof_message);

	descriptor->message_init(message);
	return message;
}

void *copy(struct generator *g, const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = mtr_arena_alloc(g->arena, size);

	protobuf_c_message_pack(message, bytes);
	return protobuf_c_message_unpack(message->descriptor, mtr_arena_allocator(g->arena), size, bytes);
}

char *text(struct generator *g, const char *text)
{
	return mtr_arena_text(g->arena, text);
}

char *format(struct generator *g, const char *format, ...)
{
	char buffer[128];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(buffer, sizeof buffer, format, arguments);
	va_end(arguments);
	return mtr_arena_text(g->arena, buffer);
}

uint32_t below(struct generator *g, uint64_t bound)
{
	return random_below(&g->random, bound);
}

uint32_t between(struct generator *g, uint32_t least, uint32_t most)
{
	return random_between(&g->random, least, most);
}

bool chance(struct generator *g, uint32_t percent)
{
	return random_percent(&g->random, percent);
}

bool spoil(struct generator *g, uint32_t percent)
{
	return g->set_up == WORLD_COMPLETE && chance(g, percent);
}

/* Longer than any text may be, or with a character that may not be in one. */
static char *bad_text(struct generator *g)
{
	char *bad = mtr_arena_alloc(g->arena, MTR_TEXT_MAX + 2);

	memset(bad, 'x', MTR_TEXT_MAX + 1);
	if (chance(g, 50))
		memcpy(bad, "\x1B\0", 2);
	return bad;
}

char *reason(struct generator *g, uint32_t percent)
{
	if (spoil(g, 1))
		return bad_text(g);
	return chance(g, percent) ? format(g, "lý do %u", below(g, 100)) : text(g, "");
}

char *document(struct generator *g, uint32_t percent)
{
	if (spoil(g, 1))
		return bad_text(g);
	return chance(g, percent) ? format(g, "%u-CV/BTCTU", below(g, 1000)) : text(g, "");
}

char *unit_code(struct generator *g, uint32_t unit_id)
{
	return spoil(g, 2) ? text(g, "KHONG-CO") : text(g, g->m->units[unit_id]->code);
}

char *programme_code(struct generator *g, uint32_t programme_id)
{
	return spoil(g, 2) ? text(g, "KHONG-CO") : text(g, g->m->programmes[programme_id]->code);
}

uint32_t pick(struct generator *g, uint32_t count, wanted_fn wanted, const void *context)
{
	uint32_t picked = 0, seen = 0;

	for (uint32_t id = 1; id <= count; id++)
		if (wanted(g, id, context) && below(g, ++seen) == 0)
			picked = id;
	return picked;
}

static bool unit_lives(struct generator *g, uint32_t id, const void *context)
{
	(void)context;
	return !g->m->units[id]->dissolved;
}

uint32_t pick_unit(struct generator *g)
{
	return pick(g, g->m->unit_count, unit_lives, NULL);
}

uint32_t pick_programme(struct generator *g)
{
	uint32_t busy = g->m->programme_count < 3 ? g->m->programme_count : 3;

	return 1 + (chance(g, 70) ? below(g, busy) : below(g, g->m->programme_count));
}

static bool in_state(struct generator *g, uint32_t id, const void *states)
{
	return (*(const uint32_t *)states >> g->m->nominations[id]->state & 1u) != 0;
}

uint32_t pick_nomination(struct generator *g, uint32_t states)
{
	return pick(g, g->m->nomination_count, in_state, &states);
}

static bool has_role(struct generator *g, uint32_t id, const void *role)
{
	const Mtr__Principal *principal = g->m->principals[id];

	return principal->role == *(const Mtr__Role *)role && !principal->revoked;
}

uint32_t pick_principal(struct generator *g, Mtr__Role role)
{
	return pick(g, g->m->principal_count, has_role, &role);
}

static bool nominates_for(struct generator *g, uint32_t id, const void *unit_id)
{
	Mtr__Role role = MTR__ROLE__ROLE_NOMINATOR;

	return has_role(g, id, &role) && model_within(g->m, *(const uint32_t *)unit_id, g->m->principals[id]->unit_id);
}

uint32_t nominator_for(struct generator *g, uint32_t unit_id)
{
	return pick(g, g->m->principal_count, nominates_for, &unit_id);
}

static bool is_organiser_of(struct generator *g, uint32_t id, const void *programme_id)
{
	Mtr__Role role = MTR__ROLE__ROLE_ORGANISER;

	return has_role(g, id, &role) && organises(g->m, g->m->principals[id], *(const uint32_t *)programme_id);
}

uint32_t organiser_of(struct generator *g, uint32_t programme_id)
{
	return pick(g, g->m->principal_count, is_organiser_of, &programme_id);
}

struct holder {
	Mtr__Role role;
	uint32_t unit_id;
};

static bool is_holder(struct generator *g, uint32_t id, const void *context)
{
	const struct holder *holder = context;

	return has_role(g, id, &holder->role) && g->m->principals[id]->unit_id == holder->unit_id;
}

uint32_t holder_of(struct generator *g, Mtr__Role role, uint32_t unit_id)
{
	struct holder holder = {role, unit_id};

	return pick(g, g->m->principal_count, is_holder, &holder);
}

static bool same_role(struct generator *g, uint32_t id, const void *context)
{
	return g->m->principals[id]->role == g->m->principals[*(const uint32_t *)context]->role;
}

static bool is_revoked(struct generator *g, uint32_t id, const void *context)
{
	(void)context;
	return g->m->principals[id]->revoked;
}

/* Now and then somebody else asks: of the same role, of any, with a key that was revoked, or with none. */
static uint32_t mix_up(struct generator *g, uint32_t principal_id)
{
	uint32_t roll = below(g, 1000), other = 0;

	if (roll < 40)
		other = pick(g, g->m->principal_count, same_role, &principal_id);
	else if (roll < 60)
		other = 1 + below(g, g->m->principal_count);
	else if (roll < 66)
		other = pick(g, g->m->principal_count, is_revoked, NULL);
	else if (roll < 67)
		other = g->m->principal_count + 1;
	return other ? other : principal_id;
}

bool finish(struct generator *g, struct operation *op, uint32_t principal_id, Mtr__Command__BodyCase body_case,
	    void *body)
{
	if (!principal_id)
		return false;
	op->command = NEW(g, command);
	op->command->body_case = body_case;
	op->command->put_unit = body; /* all members are pointers in one place */
	op->command->written_at = g->now - below(g, 100000);
	op->principal_id = g->set_up == WORLD_COMPLETE ? mix_up(g, principal_id) : principal_id;
	return true;
}

static const struct {
	maker make;
	uint32_t weight;
} makers[] = {
	{make_propose, 250},      {make_withdraw, 50},   {make_substitute, 60},      {make_settle_late, 40},
	{make_vet, 110},          {make_freeze, 7},      {make_decide, 80},          {make_forward, 40},
	{make_open_class, 30},    {make_summon, 50},     {make_enrol, 40},           {make_close_class, 35},
	{make_allocate, 70},      {make_transfer, 30},   {make_return_seats, 30},    {make_register_demand, 14},
	{make_put_letter, 35},    {make_put_person, 80}, {make_put_unit, 10},        {make_dissolve_unit, 5},
	{make_put_principal, 8},  {make_put_title, 6},   {make_revoke_principal, 4}, {make_put_plan, 4},
	{make_put_programme, 18}, {make_redact, 8},
};

static maker choose(struct generator *g)
{
	uint32_t sum = 0, roll;
	size_t i = 0;

	for (i = 0; i < sizeof makers / sizeof *makers; i++)
		sum += makers[i].weight;
	roll = below(g, sum);
	for (i = 0; roll >= makers[i].weight; i++)
		roll -= makers[i].weight;
	return makers[i].make;
}

/* To the first or last moment of a window, or the one after, if that is near. */
static void go_to_bound(struct generator *g)
{
	const Mtr__Programme *p = g->m->programmes[pick_programme(g)];
	const Mtr__Window *window = chance(g, 80) ? p->nomination_window : p->demand_window;
	uint64_t bound = !window ? 0 : chance(g, 70) ? window->closes : window->opens;

	if (bound > g->now && bound - g->now < 72 * HOUR)
		g->now = bound - 1 + below(g, 3);
}

static void pass_time(struct generator *g)
{
	if (chance(g, 2))
		go_to_bound(g);
	else if (chance(g, 3))
		g->now += (uint64_t)between(g, 1, 40) * HOUR;
	else if (chance(g, 70)) /* else at the same moment */
		g->now += below(g, 3 * MINUTE);
}

void generate(struct generator *g, struct mtr_arena *arena, struct operation *ret_operation)
{
	g->arena = arena;
	if (g->set_up != WORLD_COMPLETE) {
		g->now += below(g, MINUTE);
		if (make_world(g, g->set_up, ret_operation)) {
			g->set_up++;
			ret_operation->now = g->now;
			return;
		}
		g->set_up = WORLD_COMPLETE;
	}
	pass_time(g);
	while (!choose(g)(g, ret_operation))
		;
	ret_operation->now = g->now;
}
