/* Peers that mean harm. Each goes on until SIGTERM. */
#ifndef BENCH_HOSTILE_H
#define BENCH_HOSTILE_H

#include "contract/key_file.h"

#include <signal.h>
#include <stdbool.h>

struct target {
	const char *endpoint; /* tcp://ADDRESS:PORT */
	uint8_t server_key[MTR_KEY_BYTES];
	unsigned count;
};

extern volatile sig_atomic_t hostile_stop;

/* `count` connections that never get beyond TCP; one that is closed comes again. */
void hostile_half_open(const struct target *target);
/* `count` connections that send noise as fast as it is taken; one that is closed comes again. */
void hostile_garbage(const struct target *target);
/* A desk that asks for its whole feed again and again and never reads an answer. */
void hostile_never_read(const struct target *target);
/* One desk with `count` connections, each of which asks again as soon as it is answered. */
void hostile_one_key(const struct target *target);
/* A desk that sends messages of 1,000 frames. */
void hostile_multipart(const struct target *target);

#endif
