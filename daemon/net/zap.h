/* The gate: answers libzmq's question (ZAP, RFC 27) whether a key may connect. A thread of its own, because libzmq's
 * I/O thread waits for the answer. Denies by default. */
#ifndef MTR_NET_ZAP_H
#define MTR_NET_ZAP_H

#include "net/principals.h"

#include <stdint.h>

/* Not empty: with an empty domain libzmq doesn't ask the gate at all and lets everybody in. */
#define MTR_ZAP_DOMAIN "matricula"

struct mtr_zap;

/* Binds the gate in `zmq_context` before any socket listens there, and starts its thread. 0 or -errno. */
int mtr_zap_start(struct mtr_zap **ret_zap, void *zmq_context, struct mtr_principals *principals);

/* Joins the thread, which ends when the context is shut down; frees and nulls. NULL is fine. */
void mtr_zap_join(struct mtr_zap **zap);

/* Lets this key in besides the principals', or no such key (NULL): for the self-test, which sends no message. */
void mtr_zap_set_probe(struct mtr_zap *zap, const uint8_t *key);

/* Connections turned away since the start. Thread-safe. */
uint64_t mtr_zap_refused(struct mtr_zap *zap);

#endif
