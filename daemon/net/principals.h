/* Who may talk to the register: the keys of its principals, kept in memory and consulted on every handshake and on
 * every message. Thread-safe.
 *
 * A revocation counts at once. Everything else is read again from the store once it is committed there; a revoked key
 * never comes back. */
#ifndef MTR_NET_PRINCIPALS_H
#define MTR_NET_PRINCIPALS_H

#include "contract/limits.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mtr_principal {
	uint8_t key[MTR_KEY_BYTES];
	uint32_t id;
	bool revoked;
};

struct mtr_principals;

/* An empty table: nobody. NULL without memory. */
struct mtr_principals *mtr_principals_new(void);
/* Frees and nulls; NULL is fine. */
void mtr_principals_free(struct mtr_principals **principals);

/* Reads all principals as last committed and swaps them in. On an error the table stays as it is. */
enum mtr_store_error mtr_principals_load(struct mtr_principals *principals, struct mtr_store *store);

/* A principal's row changed at `revision`, which may not be committed yet. */
void mtr_principals_changed(struct mtr_principals *principals, uint64_t revision, uint32_t id, bool revoked);

/* The revision up to which the store must be committed before the table is read again; 0: the table is up to date. */
uint64_t mtr_principals_awaits(struct mtr_principals *principals);

/* False when the key is nobody's; whoever is found may be revoked. */
bool mtr_principals_find(struct mtr_principals *principals, const uint8_t key[MTR_KEY_BYTES],
			 struct mtr_principal *ret_principal);

/* The same, but while the table awaits a commit, waits up to `timeout_ms` for it before saying false: a key is let in
 * from the moment on at which its registration was acknowledged. */
bool mtr_principals_find_settled(struct mtr_principals *principals, const uint8_t key[MTR_KEY_BYTES],
				 uint32_t timeout_ms, struct mtr_principal *ret_principal);

#endif
