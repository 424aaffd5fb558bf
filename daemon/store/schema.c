#include "store/schema.h"

#include <string.h>

#define OVERFLOWN (sizeof(((struct mtr_key *)0)->data) + 1)

struct mtr_key mtr_key_start(void)
{
	return (struct mtr_key){.size = 0};
}

void mtr_key_bytes(struct mtr_key *key, const void *bytes, size_t size)
{
	if (key->size > sizeof key->data || size > sizeof key->data - key->size) {
		key->size = OVERFLOWN;
		return;
	}
	if (size)
		memcpy(key->data + key->size, bytes, size);
	key->size += size;
}

void mtr_key_u8(struct mtr_key *key, uint8_t value)
{
	mtr_key_bytes(key, &value, 1);
}

void mtr_key_u32(struct mtr_key *key, uint32_t value)
{
	const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
				  (uint8_t)value};

	mtr_key_bytes(key, bytes, sizeof bytes);
}

void mtr_key_u64(struct mtr_key *key, uint64_t value)
{
	mtr_key_u32(key, (uint32_t)(value >> 32));
	mtr_key_u32(key, (uint32_t)value);
}

void mtr_key_home(struct mtr_key *key, struct mtr_home home)
{
	mtr_key_u8(key, home.kind);
	mtr_key_u32(key, home.a);
	mtr_key_u32(key, home.b);
}

struct mtr_bytes mtr_key_as_bytes(const struct mtr_key *key)
{
	if (key->size > sizeof key->data)
		return (struct mtr_bytes){.data = NULL, .size = 0};
	return (struct mtr_bytes){.data = key->data, .size = key->size};
}

static struct mtr_home home_of(Mtr__HomeKind kind, uint32_t a, uint32_t b)
{
	return (struct mtr_home){.kind = (uint8_t)kind, .a = a, .b = b};
}

struct mtr_home mtr_home_public(void)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PUBLIC, 0, 0);
}

struct mtr_home mtr_home_principals(void)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PRINCIPALS, 0, 0);
}

struct mtr_home mtr_home_people(uint32_t unit_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PEOPLE, unit_id, 0);
}

struct mtr_home mtr_home_part(uint32_t programme_id, uint32_t unit_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PART, programme_id, unit_id);
}

struct mtr_home mtr_home_programme(uint32_t programme_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_PROGRAMME, programme_id, 0);
}

struct mtr_home mtr_home_class(uint32_t class_id)
{
	return home_of(MTR__HOME_KIND__HOME_KIND_CLASS, class_id, 0);
}

int mtr_home_compare(struct mtr_home x, struct mtr_home y)
{
	if (x.kind != y.kind)
		return x.kind < y.kind ? -1 : 1;
	if (x.a != y.a)
		return x.a < y.a ? -1 : 1;
	if (x.b != y.b)
		return x.b < y.b ? -1 : 1;
	return 0;
}
