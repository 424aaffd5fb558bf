#include "net/sessions.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A power of two near MTR_SESSIONS_MAX. */
#define BUCKETS 8192u

struct mtr_sessions {
	struct mtr_session *buckets[BUCKETS];
	struct mtr_session *newest, *oldest;
	uint32_t count, most;
	uint64_t last_number;
	uint8_t hash_key[crypto_shorthash_KEYBYTES]; /* peers choose their ids: they must not choose the bucket */
};

struct mtr_sessions *mtr_sessions_new(uint32_t most)
{
	struct mtr_sessions *sessions = sodium_init() >= 0 ? calloc(1, sizeof *sessions) : NULL;

	if (!sessions)
		return NULL;
	sessions->most = most;
	crypto_shorthash_keygen(sessions->hash_key);
	return sessions;
}

void mtr_sessions_free(struct mtr_sessions **sessions)
{
	if (!*sessions)
		return;
	while ((*sessions)->oldest)
		mtr_sessions_drop(*sessions, (*sessions)->oldest);
	free(*sessions);
	*sessions = NULL;
}

static struct mtr_session **bucket_of(struct mtr_sessions *sessions, const void *peer, size_t peer_size)
{
	uint8_t hash[crypto_shorthash_BYTES];
	uint32_t number;

	crypto_shorthash(hash, peer, peer_size, sessions->hash_key);
	memcpy(&number, hash, sizeof number);
	return &sessions->buckets[number % BUCKETS];
}

static bool is_of(const struct mtr_session *session, const void *peer, size_t peer_size)
{
	return session->peer_size == peer_size && memcmp(session->peer, peer, peer_size) == 0;
}

struct mtr_session *mtr_sessions_find(struct mtr_sessions *sessions, const void *peer, size_t peer_size)
{
	struct mtr_session *session = *bucket_of(sessions, peer, peer_size);

	while (session && !is_of(session, peer, peer_size))
		session = session->next_in_bucket;
	return session;
}

static void unlink_age(struct mtr_sessions *sessions, struct mtr_session *session)
{
	*(session->newer ? &session->newer->older : &sessions->newest) = session->older;
	*(session->older ? &session->older->newer : &sessions->oldest) = session->newer;
}

static void link_newest(struct mtr_sessions *sessions, struct mtr_session *session)
{
	session->newer = NULL;
	session->older = sessions->newest;
	*(sessions->newest ? &sessions->newest->newer : &sessions->oldest) = session;
	sessions->newest = session;
}

void mtr_sessions_touch(struct mtr_sessions *sessions, struct mtr_session *session, struct mtr_monotime now)
{
	unlink_age(sessions, session);
	link_newest(sessions, session);
	session->used = now;
}

void mtr_sessions_drop(struct mtr_sessions *sessions, struct mtr_session *session)
{
	struct mtr_session **at = bucket_of(sessions, session->peer, session->peer_size);

	while (*at != session)
		at = &(*at)->next_in_bucket;
	*at = session->next_in_bucket;
	unlink_age(sessions, session);
	sessions->count--;
	free(session);
}

/* Drops the one silent longest that waits for no answer, of this principal or (0) of any. */
static bool drop_idle(struct mtr_sessions *sessions, uint32_t principal_id)
{
	for (struct mtr_session *session = sessions->oldest; session; session = session->newer) {
		if (!session->in_flight && (!principal_id || session->principal.id == principal_id)) {
			mtr_sessions_drop(sessions, session);
			return true;
		}
	}
	return false;
}

void mtr_sessions_limit(struct mtr_sessions *sessions, uint32_t most)
{
	sessions->most = most;
	while (sessions->count > most && drop_idle(sessions, 0)) {
	}
}

/* One key must not push everybody else out. */
static bool make_room_for(struct mtr_sessions *sessions, uint32_t principal_id)
{
	const uint32_t share = (sessions->most + 3) / 4;
	uint32_t own = 0;

	if (sessions->count < share)
		return true;
	for (const struct mtr_session *session = sessions->newest; session; session = session->older)
		own += session->principal.id == principal_id;
	if (own >= share && !drop_idle(sessions, principal_id))
		return false;
	while (sessions->count >= sessions->most) {
		if (!drop_idle(sessions, 0))
			return false;
	}
	return true;
}

struct mtr_session *mtr_sessions_open(struct mtr_sessions *sessions, const void *peer, size_t peer_size,
				      const struct mtr_principal *principal, struct mtr_monotime now)
{
	if (peer_size > MTR_PEER_MAX || !make_room_for(sessions, principal->id))
		return NULL;
	struct mtr_session *session = calloc(1, sizeof *session);

	if (!session)
		return NULL;
	memcpy(session->peer, peer, peer_size);
	session->peer_size = (uint8_t)peer_size;
	session->number = ++sessions->last_number;
	session->principal = *principal;
	session->used = now;

	struct mtr_session **bucket = bucket_of(sessions, peer, peer_size);

	session->next_in_bucket = *bucket;
	*bucket = session;
	link_newest(sessions, session);
	sessions->count++;
	return session;
}

void mtr_sessions_expire(struct mtr_sessions *sessions, uint64_t idle_ms, struct mtr_monotime now)
{
	struct mtr_session *session = sessions->oldest;

	while (session && mtr_monotime_since(session->used, now) >= idle_ms) {
		struct mtr_session *newer = session->newer;

		if (!session->in_flight)
			mtr_sessions_drop(sessions, session);
		session = newer;
	}
}

uint32_t mtr_sessions_count(const struct mtr_sessions *sessions)
{
	return sessions->count;
}
