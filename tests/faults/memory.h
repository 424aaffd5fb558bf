/* Memory that is short on purpose: one request for it, of those the register and the client library make on this
 * thread, is refused. Arenas and their requests of the system count alike; so do those that protobuf-c, libsodium and
 * the C library's files make for them. */
#ifndef FAULTS_MEMORY_H
#define FAULTS_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* The `countdown`th request from now on gets nothing; from 1. */
void memory_arm(uint32_t countdown);
/* Requests to come are granted. True if one was refused since memory_arm. */
bool memory_disarm(void);

/* Requests in between, the test's own, aren't counted and are granted. */
uint32_t memory_pause(void);
void memory_resume(uint32_t paused);

#endif
