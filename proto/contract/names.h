/* The Vietnamese alphabet (a ă â b c d đ e ê …; letters before tones) and the order of a roster. */
#ifndef MTR_CONTRACT_NAMES_H
#define MTR_CONTRACT_NAMES_H

#include <stddef.h>

enum mtr_name_order {
	MTR_NAMES_GIVEN_FAMILY_MIDDLE, /* given name (last word), family name (first word), what stands between */
	MTR_NAMES_AS_WRITTEN,
};

struct mtr_collator;

/* Opens ICU's collation for Vietnamese, whatever the process's locale. -ENOMEM, -ENOENT without its data. */
int mtr_collator_open(struct mtr_collator **ret_collator);
/* Frees and nulls; NULL is fine. */
void mtr_collator_close(struct mtr_collator **collator);

/* <0, 0, >0; 0 only for equal bytes. Text that isn't UTF-8 compares as if its bad bytes were U+FFFD. */
int mtr_collator_compare(const struct mtr_collator *collator, const char *x, const char *y);

/* The same for people's names, by their parts. */
int mtr_collator_compare_names(const struct mtr_collator *collator, const char *x, const char *y,
			       enum mtr_name_order order);

#endif
