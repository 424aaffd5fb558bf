/* Words in the reader's language. The sources hold English; po/ holds the rest. */
#ifndef MTR_CLI_I18N_H
#define MTR_CLI_I18N_H

#include <libintl.h>

#define MTR_TEXT_DOMAIN "matricula"

/* The words for a text of the sources; for text chosen at run time. */
#define _(text) dgettext(MTR_TEXT_DOMAIN, text)
/* The words for a text that tells a count; languages have one form or several. */
#define _n(one, many, count) dngettext(MTR_TEXT_DOMAIN, one, many, count)
/* Marks a text of a table for translation. */
#define N_(text) text

enum mtr_language {
	MTR_LANGUAGE_ENGLISH,
	MTR_LANGUAGE_VIETNAMESE,
};

/* Chooses the language of what follows. `catalogues` is the directory of the .mo files; NULL looks beside the
 * program, then where it was installed. Needs no installed locale but C.UTF-8. Not while other threads run. */
void mtr_language_use(enum mtr_language language, const char *catalogues);

/* 0 with "en" or "vi", also as a locale's name ("vi_VN.UTF-8"); -EINVAL for others. */
int mtr_language_parse(const char *text, enum mtr_language *ret_language);

/* What LC_ALL, LC_MESSAGES or LANG ask for; English when they don't say. */
enum mtr_language mtr_language_of_environment(void);

#endif
