#include "forgotten.h"

#include "must.h"
#include "script.h"
#include "sim/commands.h"
#include "sim/pack.h"
#include "sim/province.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The next after those of the set-up; so is the nomination, which is the first of all. */
#define PERSON_ID (PROVINCE_PEOPLE + 1u)
#define NOMINATION_ID 1u

static size_t put_person(Mtr__Command *command, uint8_t *ret_bytes, size_t room)
{
	Mtr__Person person = MTR__PERSON__INIT;
	Mtr__PutPerson put = MTR__PUT_PERSON__INIT;

	person.full_name = text(FORGOTTEN_NAME);
	person.birth = 19750000;
	person.sex = MTR__SEX__SEX_FEMALE;
	put.person = &person;
	put.unit_code = text(province_nominating[0]);
	command->body_case = MTR__COMMAND__BODY_PUT_PERSON;
	command->put_person = &put;
	return pack(command, ret_bytes, room);
}

static size_t propose(Mtr__Command *command, uint8_t *ret_bytes, size_t room)
{
	Mtr__PersonReference person = MTR__PERSON_REFERENCE__INIT;
	Mtr__Propose propose = MTR__PROPOSE__INIT;

	person.person_id = PERSON_ID;
	propose.programme_code = text(province_programmes[0]);
	propose.unit_code = text(province_nominating[0]);
	propose.person = &person;
	command->body_case = MTR__COMMAND__BODY_PROPOSE;
	command->propose = &propose;
	return pack(command, ret_bytes, room);
}

static size_t withdraw(Mtr__Command *command, uint8_t *ret_bytes, size_t room)
{
	Mtr__Withdraw withdraw = MTR__WITHDRAW__INIT;

	withdraw.nomination_id = NOMINATION_ID;
	withdraw.reason = text(FORGOTTEN_NAME " không đi");
	command->body_case = MTR__COMMAND__BODY_WITHDRAW;
	command->withdraw = &withdraw;
	return pack(command, ret_bytes, room);
}

static size_t redact(Mtr__Command *command, uint8_t *ret_bytes, size_t room)
{
	Mtr__Redact redact = MTR__REDACT__INIT;

	redact.person_id = PERSON_ID;
	redact.reason = text("theo yêu cầu");
	redact.document = text("45-QĐ/TU");
	command->body_case = MTR__COMMAND__BODY_REDACT;
	command->redact = &redact;
	return pack(command, ret_bytes, room);
}

size_t forgotten_command(size_t index, uint32_t *ret_principal, uint8_t *ret_bytes, size_t room)
{
	static const struct {
		size_t index;
		uint32_t principal;
		size_t (*make)(Mtr__Command *command, uint8_t *ret_bytes, size_t room);
	} steps[] = {{SCRIPT_SET_UP, PRINCIPAL_ORGANISER, put_person},
		     {SCRIPT_SET_UP + 1, PRINCIPAL_DISTRICT_1, propose},
		     {SCRIPT_SET_UP + 2, PRINCIPAL_DISTRICT_1, withdraw},
		     {FORGOTTEN_REDACTED, PRINCIPAL_OPERATOR, redact}};
	Mtr__Command command = MTR__COMMAND__INIT;

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (steps[i].index != index)
			continue;
		*ret_principal = steps[i].principal;
		return steps[i].make(&command, ret_bytes, room);
	}
	return 0;
}

static bool file_holds(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	struct stat about;

	/* The next segment, which holds no record yet, gets its name meanwhile. */
	if (fd < 0 && errno == ENOENT)
		return false;
	if (fd < 0 || fstat(fd, &about) < 0)
		abort();
	const size_t size = S_ISREG(about.st_mode) ? (size_t)about.st_size : 0;
	char *bytes = must(malloc(size + 1));
	const bool holds =
		read(fd, bytes, size) == (ssize_t)size && memmem(bytes, size, FORGOTTEN_NAME, strlen(FORGOTTEN_NAME));

	free(bytes);
	close(fd);
	return holds;
}

bool forgotten_is_in(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	bool found = false;

	while (directory && !found && (entry = readdir(directory)))
		found = entry->d_name[0] != '.' && file_holds(dirfd(directory), entry->d_name);
	if (directory)
		closedir(directory);
	return found;
}
