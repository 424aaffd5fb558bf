#include "wire.h"

#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MAX 4096u

struct connection {
	uint32_t desk;
	bool at_desk, at_server; /* open there */
	uint64_t last_due[2];    /* of a packet to the desk, to the register */
};

struct wire {
	struct sim *sim;
	struct packet *first;                           /* in order of arrival */
	struct connection connections[CONNECTIONS_MAX]; /* by number, from 1 */
	uint32_t count;
};

struct wire *wire_new(struct sim *sim)
{
	struct wire *wire = calloc(1, sizeof *wire);

	if (wire)
		wire->sim = sim;
	return wire;
}

void wire_free(struct wire **wire)
{
	if (!*wire)
		return;
	while ((*wire)->first)
		free(wire_take(*wire));
	free(*wire);
	*wire = NULL;
}

uint32_t wire_connect(struct wire *wire, uint32_t desk)
{
	if (wire->count + 1 == CONNECTIONS_MAX)
		abort();
	wire->connections[++wire->count] = (struct connection){.desk = desk, .at_desk = true, .at_server = true};
	wire->sim->tally->events[EVENT_CONNECTIONS]++;
	return wire->count;
}

void wire_hang_up(struct wire *wire, uint32_t connection)
{
	wire->connections[connection].at_desk = false;
	/* The register may take its time to notice. */
	if (random_percent(&wire->sim->random, 40))
		wire->connections[connection].at_server = false;
}

void wire_server_gone(struct wire *wire)
{
	for (uint32_t i = 1; i <= wire->count; i++)
		wire->connections[i].at_server = false;
}

void wire_forget(struct wire *wire)
{
	while (wire->first)
		free(wire_take(wire));
}

uint32_t wire_desk(const struct wire *wire, uint32_t connection)
{
	return wire->connections[connection].desk;
}

bool wire_open_at_desk(const struct wire *wire, uint32_t connection)
{
	return connection && wire->connections[connection].at_desk;
}

bool wire_open_at_server(const struct wire *wire, uint32_t connection)
{
	return connection && wire->connections[connection].at_server;
}

/* Mostly a link's ordinary delay; sometimes it crawls, rarely it holds things back for long. */
static uint64_t delay(struct sim *sim)
{
	if (sim_mishap(sim, 3))
		return random_below(&sim->random, 10 * SIM_MINUTE);
	if (sim_mishap(sim, 15))
		return random_below(&sim->random, 8 * SIM_SECOND);
	return 1 + random_below(&sim->random, 80);
}

static void put(struct wire *wire, uint32_t connection, bool to_server, const void *bytes, size_t size)
{
	struct connection *at = &wire->connections[connection];
	struct packet *packet = malloc(sizeof *packet + size), **place = &wire->first;
	uint64_t due = wire->sim->now + delay(wire->sim);

	if (!packet)
		abort();
	if (due < at->last_due[to_server])
		due = at->last_due[to_server];
	at->last_due[to_server] = due;
	*packet = (struct packet){.connection = connection, .to_server = to_server, .due = due, .size = size};
	memcpy(packet->bytes, bytes, size);
	while (*place && (*place)->due <= due)
		place = &(*place)->next;
	packet->next = *place;
	*place = packet;
}

void wire_send(struct wire *wire, uint32_t connection, bool to_server, const void *bytes, size_t size)
{
	struct sim *sim = wire->sim;

	sim->tally->events[EVENT_MESSAGES]++;
	if (sim_mishap(sim, 4)) {
		sim->tally->events[EVENT_LOST]++;
		sim_note(sim, "connection %u: lost on the way to the %s", connection, to_server ? "register" : "desk");
		return;
	}
	put(wire, connection, to_server, bytes, size);
	if (sim_mishap(sim, 4)) {
		sim->tally->events[EVENT_DOUBLED]++;
		put(wire, connection, to_server, bytes, size);
	}
}

uint64_t wire_due(const struct wire *wire)
{
	return wire->first ? wire->first->due : SIM_NEVER;
}

struct packet *wire_take(struct wire *wire)
{
	struct packet *packet = wire->first;

	wire->first = packet->next;
	packet->next = NULL;
	return packet;
}
