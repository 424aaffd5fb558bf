#include "program/i18n.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* True when the catalogue is there; writes its directory. */
static bool beside_program(char *ret_directory, size_t size, const char *relative)
{
	char path[PATH_MAX];
	char probe[PATH_MAX + 64];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

	if (length < 0)
		return false;
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	if (!slash)
		return false;
	slash[1] = '\0';
	if ((size_t)snprintf(ret_directory, size, "%s%s", path, relative) >= size)
		return false;
	if ((size_t)snprintf(probe, sizeof probe, "%s/vi/LC_MESSAGES/" MTR_TEXT_DOMAIN ".mo", ret_directory) >=
	    sizeof probe)
		return false;
	return access(probe, R_OK) == 0;
}

static void bind_catalogues(const char *catalogues)
{
	/* Installed: bin/ beside share/. In the build tree the program and the tests lie two or three levels deep. */
	static const char *const places[] = {"../share/locale", "../../share/locale", "../../../share/locale"};
	char directory[PATH_MAX];
	bool found = false;

	if (!catalogues) {
		for (size_t i = 0; i < sizeof places / sizeof *places && !found; i++)
			found = beside_program(directory, sizeof directory, places[i]);
		catalogues = found ? directory : MTR_LOCALE_DIRECTORY;
	}
	bindtextdomain(MTR_TEXT_DOMAIN, catalogues);
	/* The C library's own words (strerror) too: the character set of the locale may be ASCII. */
	bind_textdomain_codeset(MTR_TEXT_DOMAIN, "UTF-8");
	bind_textdomain_codeset("libc", "UTF-8");
}

void mtr_language_use(enum mtr_language language, const char *catalogues)
{
	bind_catalogues(catalogues);
	if (language == MTR_LANGUAGE_ENGLISH) {
		/* In the C locale gettext gives back the sources' own text. */
		setlocale(LC_MESSAGES, "C");
		return;
	}
	/* In any locale but C it follows LANGUAGE, so that no Vietnamese locale has to be installed. */
	setenv("LANGUAGE", "vi", 1);
	if (!setlocale(LC_MESSAGES, "C.UTF-8") && !setlocale(LC_MESSAGES, "C.utf8") && !setlocale(LC_MESSAGES, "vi_VN"))
		setlocale(LC_MESSAGES, "");
}

int mtr_language_parse(const char *text, enum mtr_language *ret_language)
{
	static const struct {
		const char *name;
		enum mtr_language language;
	} languages[] = {{"en", MTR_LANGUAGE_ENGLISH}, {"vi", MTR_LANGUAGE_VIETNAMESE}};

	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
		size_t length = strlen(languages[i].name);
		if (strncmp(text, languages[i].name, length) == 0 && strchr("_.@", text[length])) {
			*ret_language = languages[i].language;
			return 0;
		}
	}
	return -EINVAL;
}

enum mtr_language mtr_language_of_environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	enum mtr_language language = MTR_LANGUAGE_ENGLISH;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value && *value) {
			(void)mtr_language_parse(value, &language);
			break;
		}
	}
	return language;
}
