/* Peers that have said hello. Bounded; a peer that was dropped says hello again. Network thread only. */
#ifndef MTR_NET_SESSIONS_H
#define MTR_NET_SESSIONS_H

#include "net/principals.h"
#include "work/monotime.h"
#include "work/work.h"

struct mtr_session {
	struct mtr_session *next_in_bucket;
	struct mtr_session *newer, *older; /* by last use */
	uint8_t peer[MTR_PEER_MAX];
	uint8_t peer_size;
	uint64_t number;                /* never used again */
	struct mtr_principal principal; /* as at the hello; `revoked` is not kept up to date */
	uint32_t in_flight;
	struct mtr_monotime used;
};

struct mtr_sessions;

/* NULL without memory or random numbers. */
struct mtr_sessions *mtr_sessions_new(uint32_t most);
/* Frees and nulls; NULL is fine. */
void mtr_sessions_free(struct mtr_sessions **sessions);

/* NULL when there is none. */
struct mtr_session *mtr_sessions_find(struct mtr_sessions *sessions, const void *peer, size_t peer_size);

/* A new session of a peer that has none. When there are as many as may be, drops one that was silent longest and waits
 * for no answer; one of the same principal when that one alone holds a quarter of what may be. NULL when none can be
 * dropped, or without memory. */
struct mtr_session *mtr_sessions_open(struct mtr_sessions *sessions, const void *peer, size_t peer_size,
				      const struct mtr_principal *principal, struct mtr_monotime now);

/* Makes it the one used last. */
void mtr_sessions_touch(struct mtr_sessions *sessions, struct mtr_session *session, struct mtr_monotime now);
void mtr_sessions_drop(struct mtr_sessions *sessions, struct mtr_session *session);
/* Drops those silent for `idle_ms` that wait for no answer. */
void mtr_sessions_expire(struct mtr_sessions *sessions, uint64_t idle_ms, struct mtr_monotime now);
/* From now on at most so many; drops those silent longest that wait for no answer. */
void mtr_sessions_limit(struct mtr_sessions *sessions, uint32_t most);
uint32_t mtr_sessions_count(const struct mtr_sessions *sessions);

#endif
