/* The network: connections between desks and the register. A connection delivers in order, as TCP does; it may lose and
 * double messages, which is worse than TCP. What was sent on a connection before it broke may still arrive, after what
 * is sent on the next. */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include "sim.h"

struct packet {
	struct packet *next;
	uint32_t connection;
	bool to_server;
	uint64_t due;
	size_t size;
	uint8_t bytes[];
};

struct wire *wire_new(struct sim *sim);
void wire_free(struct wire **wire);

/* A new connection of this desk to the register as it runs now; its number. */
uint32_t wire_connect(struct wire *wire, uint32_t desk);
/* The desk's end is closed, or broke. */
void wire_hang_up(struct wire *wire, uint32_t connection);
/* All ends at the register are gone; the desks notice later. */
void wire_server_gone(struct wire *wire);
/* Nothing that is under way arrives any more. */
void wire_forget(struct wire *wire);

/* Whose connection it is. */
uint32_t wire_desk(const struct wire *wire, uint32_t connection);
bool wire_open_at_desk(const struct wire *wire, uint32_t connection);
bool wire_open_at_server(const struct wire *wire, uint32_t connection);

void wire_send(struct wire *wire, uint32_t connection, bool to_server, const void *bytes, size_t size);

/* When the next packet arrives; SIM_NEVER. */
uint64_t wire_due(const struct wire *wire);
/* That packet, taken off the wire; to be freed. */
struct packet *wire_take(struct wire *wire);

#endif
