/* Memory that is short on purpose: one request for it, of those the register and the client library make on this
 * thread, is refused. Arenas and their requests of the system count alike. */
#ifndef FAULTS_MEMORY_H
#define FAULTS_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* The `countdown`th request from now on gets nothing; from 1. */
void memory_arm(uint32_t countdown);
/* Requests to come are granted. True if one was refused since memory_arm. */
bool memory_disarm(void);

#endif
