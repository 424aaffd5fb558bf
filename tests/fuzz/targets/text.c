/* What people type, and what lists bring: names, texts, dates, codes, citizen numbers, keys. */
#include "contract/text.h"
#include "contract/citizen_number.h"
#include "contract/code.h"
#include "contract/date.h"
#include "contract/key_file.h"
#include "contract/names.h"
#include "contract/relay.h"
#include "contract/text_character.h"
#include "input.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NONE MTR__ERROR_CODE__ERROR_CODE_NONE

static struct mtr_arena *arena;

/* What is repaired stays as it is when it is repaired again, and may have nothing but characters that no repair mends.
 */
static void repair(const char *text, unsigned flags)
{
	const char *mended, *again;
	unsigned repairs, more;
	int error = mtr_text_repair(arena, text, flags, &mended, &repairs);

	FUZZ_REQUIRE(error == 0 || error == -EILSEQ || error == -E2BIG);
	if (error)
		return;
	FUZZ_REQUIRE(repairs || strcmp(text, mended) == 0);
	FUZZ_REQUIRE(mtr_text_repair(arena, mended, flags, &again, &more) == 0);
	FUZZ_REQUIRE(!more && strcmp(mended, again) == 0);
	Mtr__ErrorCode code = mtr_text_check(mended, MTR_TEXT_MAX, flags);

	FUZZ_REQUIRE(code == NONE || code == MTR__ERROR_CODE__ERROR_CODE_FIELD_MISSING ||
		     code == MTR__ERROR_CODE__ERROR_CODE_FIELD_TOO_LONG ||
		     code == MTR__ERROR_CODE__ERROR_CODE_FIELD_CHARACTER);
}

static void fold(const char *text)
{
	size_t room = MTR_FOLDED_MAX(strlen(text));
	char *folded = malloc(room), *twice = malloc(room);

	FUZZ_REQUIRE(folded && twice);
	if (mtr_text_fold(text, folded, room) && mtr_text_fold(folded, twice, room))
		FUZZ_REQUIRE(strcmp(folded, twice) == 0);
	free(folded);
	free(twice);
	FUZZ_REQUIRE(mtr_text_width(text) <= 2 * strlen(text));
}

static void characters(const char *text)
{
	size_t size = strlen(text), at = 0;

	while (at < size) {
		char bytes[MTR_UTF8_MAX];
		size_t before = at;
		UChar32 c = mtr_character_next(text, size, &at);

		FUZZ_REQUIRE(at > before && at <= size);
		if (c < 0)
			FUZZ_REQUIRE(at == before + 1);
		else
			FUZZ_REQUIRE(mtr_character_put(c, bytes) == at - before &&
				     memcmp(bytes, text + before, at - before) == 0);
	}
}

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

/* An order is one: of three texts, none before itself, none in a circle. */
static void order(const char *x, const char *y, const char *z)
{
	static struct mtr_collator *collator;

	if (!collator)
		FUZZ_REQUIRE(mtr_collator_open(&collator) == 0);
	for (enum mtr_name_order by = MTR_NAMES_GIVEN_FAMILY_MIDDLE; by <= MTR_NAMES_AS_WRITTEN; by++) {
		int xy = sign(mtr_collator_compare_names(collator, x, y, by));
		int yz = sign(mtr_collator_compare_names(collator, y, z, by));
		int xz = sign(mtr_collator_compare_names(collator, x, z, by));

		FUZZ_REQUIRE(mtr_collator_compare_names(collator, x, x, by) == 0);
		FUZZ_REQUIRE(xy == -sign(mtr_collator_compare_names(collator, y, x, by)));
		FUZZ_REQUIRE(xy != yz || xz == xy);
		FUZZ_REQUIRE((xy == 0) == (strcmp(x, y) == 0));
	}
	FUZZ_REQUIRE(sign(mtr_collator_compare(collator, x, z)) == -sign(mtr_collator_compare(collator, z, x)));
}

static void date(const char *text)
{
	char shown[MTR_DATE_TEXT];
	uint32_t day = 0, again = 0;

	if (!mtr_date_parse(text, &day)) {
		FUZZ_REQUIRE(day == 0);
		return;
	}
	FUZZ_REQUIRE(mtr_date_valid(day, true));
	FUZZ_REQUIRE(mtr_date_parse(mtr_date_format(day, shown), &again) && again == day);
	FUZZ_REQUIRE(mtr_date_parse(mtr_date_format_iso(day, shown), &again) && again == day);
}

static void days(struct fuzz_input input)
{
	uint32_t x = fuzz_u32(&input), y = fuzz_u32(&input);
	int32_t by = (int32_t)fuzz_u32(&input);
	uint64_t start, end;

	if (mtr_date_valid(x, true) && mtr_date_valid(y, false)) {
		FUZZ_REQUIRE(mtr_age_at(x, y) <= mtr_age_by_year(x, y));
		FUZZ_REQUIRE(!mtr_date_is_after(x, y) || !mtr_date_is_after(y, x));
	}
	if (mtr_date_start_ms(x, &start)) {
		FUZZ_REQUIRE(mtr_date_end_ms(x, &end) && start < end);
		FUZZ_REQUIRE(mtr_date_of_ms(start) == x && mtr_date_of_ms(end) == x);
		FUZZ_REQUIRE(mtr_date_overlap(x, x, x, x));
	}
	if (mtr_date_valid(x, false)) {
		uint32_t later = mtr_date_add_days(x, by);

		FUZZ_REQUIRE(!later || mtr_date_day_number(later) == mtr_date_day_number(x) + by);
	}
	FUZZ_REQUIRE(mtr_date_valid(mtr_date_of_ms((uint64_t)x << 32 | y), false));
}

static void number(const char *text)
{
	Mtr__Sex sex;

	(void)mtr_code_check(text);
	if (mtr_citizen_number_check(text, MTR__SEX__SEX_UNSPECIFIED, 0) != NONE)
		return;
	sex = mtr_citizen_number_sex(text);
	FUZZ_REQUIRE(sex == MTR__SEX__SEX_MALE || sex == MTR__SEX__SEX_FEMALE);
	FUZZ_REQUIRE(mtr_citizen_number_check(text, sex, mtr_citizen_number_birth_year(text) * 10000u) == NONE);
}

static void key(const char *text)
{
	uint8_t bytes[MTR_KEY_BYTES];
	char again[MTR_KEY_TEXT];

	if (!mtr_key_parse(text, bytes))
		return;
	mtr_key_text(bytes, again);
	FUZZ_REQUIRE(strcmp(text, again) == 0);
}

/* What nobody sealed opens for nobody. */
static void box(struct mtr_bytes bytes)
{
	struct mtr_key_pair own = {.public_key = {9}, .secret_key = {8}};
	const struct mtr_bytes nonce = {bytes.data, bytes.size < MTR_RELAY_NONCE_BYTES ? bytes.size : 16};
	uint8_t *plain = malloc(bytes.size + 1);

	FUZZ_REQUIRE(plain);
	FUZZ_REQUIRE(!mtr_relay_open(MTR_RELAY_TO_SERVER, &own, own.public_key, nonce, bytes, plain));
	free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = fuzz_input_of((struct mtr_bytes){data, size});
	unsigned flags = fuzz_u8(&input) & (MTR_TEXT_REQUIRED | MTR_TEXT_LINES);
	struct mtr_bytes rest = fuzz_rest(&input);
	/* Exactly as large as the text, and its parts as three texts. */
	char *text = malloc(rest.size + 1), *parts, *y, *z;

	if (!arena)
		arena = mtr_arena_new(1u << 20);
	FUZZ_REQUIRE(arena && text);
	mtr_arena_reset(arena);
	memcpy(text, rest.data, rest.size);
	text[rest.size] = '\0';
	(void)mtr_text_check(text, MTR_TEXT_MAX, flags);
	repair(text, flags);
	fold(text);
	characters(text);
	date(text);
	number(text);
	key(text);
	days(fuzz_input_of(rest));
	box(rest);
	parts = mtr_arena_text(arena, text);
	y = parts + strcspn(parts, "|");
	y += *y ? (*y = '\0', 1) : 0;
	z = y + strcspn(y, "|");
	z += *z ? (*z = '\0', 1) : 0;
	order(parts, y, z);
	free(text);
	return 0;
}
