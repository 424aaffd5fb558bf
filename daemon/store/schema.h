/* clang-format off */
/* The bytes on disk, format version 4. Integers are big-endian so that bytewise order is numeric order.
 *
 * home   = kind u8 · a u32 · b u32                                                     (9 bytes)
 *
 * table   key                                              value
 * meta    "version"                                        u32
 *         "state"                                          revision u64 · chain 32 · at u64
 *         "next" · type u8                                 next free id u64
 *         "checkpoint"                                     revision u64 · at u64 of the newest record with one
 *         "incarnation" · number u32 from 1                packed Incarnation: the register was set back to a backup
 *         "reconciling"                                    (empty): what a restore lost is being gathered
 *         "mirror" …                                       of a mirror only: mirror.h
 * entity  type u8 · id u64                                 home · revision u64 · ordinal u32
 * feed    home · revision u64 · ordinal u32                CRC-32C u32 of the key and of what follows ·
 *                                                          type u8 · id u64 · live u8 · (row | tombstone reason)
 * home    home                                             first revision u64 · head u64 · live rows u64 · digest 32
 * code    type u8 · code                                   id u64: units, titles, plans, programmes, classes
 *         'c' · citizen number                             id u64: people
 *         'k' · public key 32                              id u64: principals
 * link    kind u8 · a u64 · b u64                          (empty): see enum mtr_link_kind
 * once    programme u32 · person u32                       nomination u64: the one that stands in the way of another
 * order   programme u32 · unit u32 · bucket u8 · rank key  nomination u64: seated and waiting, best first
 * tally   programme u32 · unit u32                         struct mtr_tally, each field u32
 * outbox  outbox 16                                        principal u32 · last sequence u64 ·
 *                                                          first unacknowledged u64, all ones: closed · entry hash 32
 * dedup   outbox 16 · sequence u64                         revision u64 · entry hash 32
 *
 * entity, feed and home hold the rows. An entity that moves home leaves a tombstone "MOVED" in the old one; its entity
 * row points to where it is now, or to its tombstone. outbox, dedup and state follow from the records' headers, all
 * else from the rows by index.c, which holds no policy beyond the columns of the table of states.
 *
 * A row's digest is BLAKE2b-256(home · type u8 · id u64 · revision u64 · row); a home's digest is the sum of its live
 * rows' digests as big-endian numbers mod 2^256. */
/* clang-format on */
#ifndef MTR_STORE_SCHEMA_H
#define MTR_STORE_SCHEMA_H

#include "contract/limits.h"
#include "matricula/v1/entities.pb-c.h"
#include "store/store.h"

#include <stdint.h>
#include <string.h>

#define MTR_FORMAT_VERSION 4u
#define MTR_HOME_BYTES 9u
/* A rank key begins with the priority group as one byte; smaller is better, bytewise. No two of a part are equal. */
#define MTR_RANK_KEY_MAX 64u
/* Why a row is no longer in this home: it is in another now. */
#define MTR_TOMBSTONE_MOVED "MOVED"

struct mtr_home {
	uint8_t kind; /* Mtr__HomeKind */
	uint32_t a, b;
};

enum mtr_link_kind {
	MTR_LINK_CHILD = 1,               /* parent unit, child unit: the state line */
	MTR_LINK_PARTY_CHILD = 2,         /* parent unit, child unit: the second route */
	MTR_LINK_UNIT_PROGRAMME = 3,      /* unit, programme: it has a part there */
	MTR_LINK_PLAN_PROGRAMME = 4,      /* plan, programme */
	MTR_LINK_PROGRAMME_CLASS = 5,     /* programme, class */
	MTR_LINK_PERSON_NOMINATION = 6,   /* block << 32 | person, nomination: all there ever were; see below */
	MTR_LINK_ORGANISER_PROGRAMME = 7, /* organising unit, programme */
	MTR_LINK_SCHOOL_CLASS = 8,        /* provider or student manager unit, class */
	MTR_LINK_NAME = 9,        /* first 8 bytes of BLAKE2b(name, NFC, lower case · birth u32 · unit u32), person */
	MTR_LINK_SUCCESSION = 10, /* successor unit, dissolved unit */
	MTR_LINK_REDACTED = 11,   /* 1, person of whom nothing is known any more */
};

/* Whose nominations come one after the other is as random as people are: were their links in the order of people alone,
 * each nomination would dirty a page of its own. They lie in blocks of consecutive nominations, of which one grows. */
#define MTR_NOMINATION_BLOCK_BITS 16u

/* A key under construction; big enough for every key of ours. What doesn't fit makes it a key that is never found and
 * can't be written. */
struct mtr_key {
	uint8_t data[128];
	size_t size;
};
static inline struct mtr_key mtr_key_start(void)
{
	return (struct mtr_key){.size = 0};
}

/* Where `size` more bytes go; NULL when they don't fit. */
static inline uint8_t *mtr_key_extend(struct mtr_key *key, size_t size)
{
	if (key->size > sizeof key->data || size > sizeof key->data - key->size) {
		key->size = sizeof key->data + 1;
		return NULL;
	}
	key->size += size;
	return key->data + key->size - size;
}

static inline void mtr_put_u32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

static inline void mtr_key_u8(struct mtr_key *key, uint8_t value)
{
	uint8_t *at = mtr_key_extend(key, 1);

	if (at)
		*at = value;
}

static inline void mtr_key_u32(struct mtr_key *key, uint32_t value)
{
	uint8_t *at = mtr_key_extend(key, 4);

	if (at)
		mtr_put_u32(at, value);
}

static inline void mtr_key_u64(struct mtr_key *key, uint64_t value)
{
	mtr_key_u32(key, (uint32_t)(value >> 32));
	mtr_key_u32(key, (uint32_t)value);
}

static inline void mtr_key_home(struct mtr_key *key, struct mtr_home home)
{
	mtr_key_u8(key, home.kind);
	mtr_key_u32(key, home.a);
	mtr_key_u32(key, home.b);
}

static inline void mtr_key_bytes(struct mtr_key *key, const void *bytes, size_t size)
{
	uint8_t *at = mtr_key_extend(key, size);

	if (at && size)
		memcpy(at, bytes, size);
}

static inline struct mtr_bytes mtr_key_as_bytes(const struct mtr_key *key)
{
	if (key->size > sizeof key->data)
		return (struct mtr_bytes){.data = NULL, .size = 0};
	return (struct mtr_bytes){.data = key->data, .size = key->size};
}

/* Read at the cursor and step on; the caller has checked the size. Each row of a page is read with a dozen of them. */
static inline uint8_t mtr_get_u8(const uint8_t **at)
{
	return *(*at)++;
}

static inline uint32_t mtr_get_u32(const uint8_t **at)
{
	const uint8_t *bytes = *at;

	*at += 4;
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static inline uint64_t mtr_get_u64(const uint8_t **at)
{
	const uint64_t high = mtr_get_u32(at);

	return high << 32 | mtr_get_u32(at);
}

static inline struct mtr_home mtr_get_home(const uint8_t **at)
{
	struct mtr_home home = {.kind = mtr_get_u8(at)};

	home.a = mtr_get_u32(at);
	home.b = mtr_get_u32(at);
	return home;
}

struct mtr_home mtr_home_public(void);
struct mtr_home mtr_home_principals(void);
struct mtr_home mtr_home_people(uint32_t unit_id);
struct mtr_home mtr_home_part(uint32_t programme_id, uint32_t unit_id);
struct mtr_home mtr_home_programme(uint32_t programme_id);
struct mtr_home mtr_home_class(uint32_t class_id);
/* <0, 0, >0 in the order of the keys. */
int mtr_home_compare(struct mtr_home x, struct mtr_home y);

static inline uint64_t mtr_allocation_id(uint32_t programme_id, uint32_t unit_id)
{
	return (uint64_t)programme_id << 32 | unit_id;
}

#endif
