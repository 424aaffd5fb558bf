/* Text as the register takes it (strict), as people send it (to be repaired), and as it is matched and shown.
 * Strings end with a zero byte. Nothing depends on the process's locale. */
#ifndef MTR_CONTRACT_TEXT_H
#define MTR_CONTRACT_TEXT_H

#include "contract/arena.h"
#include "contract/limits.h"
#include "matricula/v1/errors.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

enum mtr_text_flag {
	MTR_TEXT_REQUIRED = 1, /* neither empty nor blank */
	MTR_TEXT_LINES = 2,    /* line feeds are allowed */
};

/* Whether `text` may stand in a field of at most `most` bytes (no more than MTR_TEXT_MAX); `flags` of enum
 * mtr_text_flag. ERROR_CODE_NONE, or in this order:
 * - FIELD_MISSING: required, and empty or blank
 * - FIELD_TOO_LONG: more than `most` bytes
 * - FIELD_NOT_UTF8: not strict UTF-8 (overlong, surrogates, beyond U+10FFFF, cut short)
 * - FIELD_CHARACTER: control, format (zero width, direction, byte order mark), private-use or non-character, line and
 *   paragraph separators
 * - FIELD_LOOKALIKE: Ð U+00D0 or ð U+00F0 where Đ or đ is meant
 * - FIELD_NOT_NFC: not in normal form C */
Mtr__ErrorCode mtr_text_check(const char *text, size_t most, unsigned flags);

enum mtr_text_repair {
	MTR_REPAIR_BYTE_ORDER_MARK = 1,
	MTR_REPAIR_COMPOSED = 2,   /* into normal form C */
	MTR_REPAIR_LOOKALIKE = 4,  /* Ð to Đ, ð to đ */
	MTR_REPAIR_SPACES = 8,     /* trimmed, runs and other kinds of space made one space */
	MTR_REPAIR_INVISIBLE = 16, /* zero width and direction characters dropped */
};

/* Mends what lists usually bring along: one copy in the arena, and a mask of enum mtr_text_repair. With
 * MTR_TEXT_LINES line feeds stay, otherwise they count as space. The result still has to pass mtr_text_check.
 * 0, -EILSEQ when it isn't UTF-8 (TCVN3, VNI and other encodings can't be mended), -ENOMEM, -E2BIG over 64 KiB. */
int mtr_text_repair(struct mtr_arena *arena, const char *text, unsigned flags, const char **ret_text,
		    unsigned *ret_repairs);

/* Room for the folded form of `size` bytes, with its terminating zero. */
#define MTR_FOLDED_MAX(size) (2 * (size) + 1)

/* Case folded for matching (simple folding, which Unicode keeps stable), otherwise unchanged. False, and the output
 * untouched, when `text` isn't UTF-8 or needs more than `size` bytes. */
bool mtr_text_fold(const char *text, char *ret_text, size_t size);

/* Columns on a terminal: combining and format characters 0, East Asian wide 2, others 1, as does what isn't UTF-8. */
size_t mtr_text_width(const char *text);

#endif
