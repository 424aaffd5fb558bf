#include "census.h"

#define SEGMENTS "data/journal/journal-0"
#define DATABASE "data/register/"
#define META_SECTORS (2u * 4096u / SECTOR_BYTES)

static const struct {
	const char *name;
	uint32_t floor;
} kinds[KINDS] = {
	[KIND_MAKING] = {"while the register is made", 40},
	[KIND_FIRST_COMMIT] = {"of LMDB's first commit", 6},
	[KIND_CHECKPOINT] = {"of checkpoints", 3},
	[KIND_REDACTION] = {"of the journal's redaction", 60},
	[KIND_BACKUP] = {"of backups", 60},
	[KIND_ROTATION] = {"of a segment's naming", 5},
	[KIND_TORN_FRAME] = {"with a torn frame", 8},
	[KIND_TORN_COMMIT] = {"with a torn commit", 80},
	[KIND_TORN_META] = {"with torn meta pages", 1},
};

static void count(struct census *census, enum kind kind, bool is_one)
{
	census->counts[kind] += is_one;
}

void census_take(struct census *census, const struct platter *platter, const struct image *image, enum stage stage)
{
	count(census, KIND_MAKING, stage == STAGE_MAKING);
	count(census, KIND_FIRST_COMMIT, stage == STAGE_FIRST_COMMIT);
	count(census, KIND_CHECKPOINT, stage == STAGE_CHECKPOINT);
	count(census, KIND_REDACTION, stage == STAGE_REDACTION);
	count(census, KIND_BACKUP, stage == STAGE_BACKUP);
	count(census, KIND_ROTATION, platter_is_naming(platter, SEGMENTS));
	count(census, KIND_TORN_FRAME, image_is_torn(image, SEGMENTS, SIZE_MAX));
	count(census, KIND_TORN_COMMIT, image_is_torn(image, DATABASE, SIZE_MAX));
	count(census, KIND_TORN_META, image_is_torn(image, DATABASE, META_SECTORS));
}

void census_print(const struct census *census, FILE *report)
{
	for (size_t i = 0; i < KINDS; i++)
		fprintf(report, "%s%u %s", i ? ", " : "", census->counts[i], kinds[i].name);
	fputc('\n', report);
}

const char *census_lacking(const struct census *census)
{
	for (size_t i = 0; i < KINDS; i++)
		if (census->counts[i] < kinds[i].floor)
			return kinds[i].name;
	return NULL;
}
