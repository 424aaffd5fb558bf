/* Redacted leaves that no redaction has been met for yet. */
#ifndef MTR_AUDIT_UNEXPLAINED_H
#define MTR_AUDIT_UNEXPLAINED_H

#include "engine/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one record that lost something: what it is about. */
struct mtr_unexplained_record {
	uint64_t revision;
	bool refused;       /* it changed nothing: any later redaction explains it */
	uint64_t *subjects; /* entity type in the upper 8 bits, id below; each leaf of a row must be among a redaction's
			     */
	size_t rows;        /* how many of them are of rows, the first ones; the others are the header's */
	size_t count;
	bool command; /* command or answer are gone: one of the subjects must be a redaction's */
};

struct mtr_unexplained {
	struct mtr_unexplained_record *records;
	size_t count, room;
};

/* Records after which mtr_unexplained_add gives up: far more than people in a province. */
#define MTR_UNEXPLAINED_MAX (1u << 20)

/* Takes note of a record with redacted leaves. 0, -ENOMEM, -E2BIG. */
int mtr_unexplained_add(struct mtr_unexplained *set, uint64_t revision, const Mtr__RecordHeader *header,
			const struct mtr_record_view *view);

/* A redaction of these rows explains what was taken out of them before. */
void mtr_unexplained_take(struct mtr_unexplained *set, const uint64_t *rows, size_t count);

uint64_t mtr_unexplained_subject(uint32_t type, uint64_t id);
void mtr_unexplained_free(struct mtr_unexplained *set);

#endif
