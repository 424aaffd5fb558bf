/* Values as people write them. */
#include "config/table.h"

#include "contract/key_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const levels[] = {"error", "warning", "notice", "info", "debug"};

static void *field_of(struct mtr_config *config, const struct mtr_config_row *row)
{
	return (char *)config + row->offset;
}

/* Digits only: no sign, no blank, no other base. */
static bool read_digits(const char *text, const char **ret_end, uint64_t *ret_number)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0)
		return false;
	errno = 0;
	uintmax_t number = strtoumax(text, NULL, 10);

	if (errno || number > UINT64_MAX)
		return false;
	*ret_end = text + digits;
	*ret_number = number;
	return true;
}

static bool read_number(const char *text, uint64_t *ret_number)
{
	const char *end;

	return read_digits(text, &end, ret_number) && *end == '\0';
}

static bool read_size(const char *text, uint64_t *ret_bytes)
{
	static const char suffixes[] = "KMG";
	const char *end, *suffix;
	uint64_t number;
	unsigned shift = 0;

	if (!read_digits(text, &end, &number))
		return false;
	if (*end) {
		suffix = strchr(suffixes, *end);
		if (!suffix || end[1])
			return false;
		shift = 10u * (unsigned)(suffix - suffixes + 1);
	}
	if (number > UINT64_MAX >> shift)
		return false;
	*ret_bytes = number << shift;
	return true;
}

static bool put_number(struct mtr_config *config, const struct mtr_config_row *row, const char *value, char *ret_wanted,
		       size_t wanted_size)
{
	bool size = row->kind == MTR_CONFIG_SIZE;
	uint64_t number;

	if ((size ? read_size(value, &number) : read_number(value, &number)) && number >= row->least &&
	    number <= row->most) {
		*(uint64_t *)field_of(config, row) = number;
		return true;
	}
	snprintf(ret_wanted, wanted_size, "write a whole number of %s from %" PRIu64 " to %" PRIu64 "%s", row->unit,
		 row->least, row->most, size ? ", with K, M or G for units of 1024, 1024^2 or 1024^3" : "");
	return false;
}

static bool put_text(struct mtr_config *config, const struct mtr_config_row *row, const char *value)
{
	size_t size = strlen(value) + 1;

	if (size > MTR_CONFIG_TEXT_MAX)
		return false;
	memcpy(field_of(config, row), value, size);
	return true;
}

static bool is_endpoint(const char *value)
{
	static const char scheme[] = "tcp://";
	const char *port = strrchr(value, ':');
	uint64_t number;

	if (strncmp(value, scheme, strlen(scheme)) != 0 || port <= value + strlen(scheme))
		return false;
	return strcmp(port + 1, "*") == 0 || (read_number(port + 1, &number) && number >= 1 && number <= 65535);
}

static bool put_level(struct mtr_config *config, const struct mtr_config_row *row, const char *value)
{
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (strcmp(value, levels[i]) == 0) {
			*(uint64_t *)field_of(config, row) = i;
			return true;
		}
	}
	return false;
}

bool mtr_config_put(struct mtr_config *config, const struct mtr_config_row *row, const char *value, char *ret_wanted,
		    size_t wanted_size)
{
	const char *wanted = NULL;
	uint8_t key[MTR_KEY_BYTES];

	if (!value[0] && row->text && !row->text[0])
		return put_text(config, row, value);
	switch (row->kind) {
	case MTR_CONFIG_NUMBER:
	case MTR_CONFIG_SIZE:
		return put_number(config, row, value, ret_wanted, wanted_size);
	case MTR_CONFIG_ENDPOINT:
		if (is_endpoint(value) && put_text(config, row, value))
			return true;
		wanted = "write tcp://ADDRESS:PORT with a port from 1 to 65535, or * for a free one";
		break;
	case MTR_CONFIG_PATH:
		if (value[0] == '/' && put_text(config, row, value))
			return true;
		wanted = "write an absolute path of at most 255 bytes";
		break;
	case MTR_CONFIG_KEY:
		if (mtr_key_parse(value, key) && put_text(config, row, value))
			return true;
		wanted = "write a public key, 40 characters of Z85, as \"matricula keygen --for-backups --file FILE\" "
			 "shows it";
		break;
	case MTR_CONFIG_LEVEL:
		if (put_level(config, row, value))
			return true;
		wanted = "write error, warning, notice, info or debug";
		break;
	}
	snprintf(ret_wanted, wanted_size, "%s", wanted);
	return false;
}
