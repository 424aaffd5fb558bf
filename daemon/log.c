#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

struct mtr_log mtr_log_open(enum mtr_log_level level)
{
	return (struct mtr_log){level, getenv("JOURNAL_STREAM") || !isatty(STDERR_FILENO)};
}

/* As in sd-daemon(3). */
static int priority(enum mtr_log_level level)
{
	switch (level) {
	case MTR_LOG_ERROR:
		return 3;
	case MTR_LOG_WARNING:
		return 4;
	case MTR_LOG_NOTICE:
		return 5;
	case MTR_LOG_INFO:
		return 6;
	case MTR_LOG_DEBUG:
		return 7;
	}
	return 3;
}

void mtr_log(const struct mtr_log *log, enum mtr_log_level level, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list arguments;

	if (level > log->level)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (log->prefixed)
		dprintf(STDERR_FILENO, "<%d>%s\n", priority(level), line);
	else
		dprintf(STDERR_FILENO, "%s\n", line);
}
