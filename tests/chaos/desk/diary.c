#include "diary.h"

#include "matricula/v1/wire.pb-c.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 160

static bool note(struct diary *diary, uint64_t step, const struct diary_answer *answer)
{
	if (step < 1 || step > diary->count || answer->revision == 0)
		return false;
	struct diary_answer *known = &diary->answers[step - 1];

	if (known->revision)
		return known->revision == answer->revision && known->id == answer->id &&
		       memcmp(known->hash, answer->hash, DIARY_HASH_BYTES) == 0;
	*known = *answer;
	if (step > diary->last)
		diary->last = step;
	return true;
}

static bool take_line(struct diary *diary, const char *line)
{
	char hex[2 * DIARY_HASH_BYTES + 1];
	struct diary_answer answer = {0};
	uint64_t step;
	size_t size;

	if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %64[0-9a-f]", &step, &answer.revision, &answer.id, hex) !=
	    4)
		return false;
	return sodium_hex2bin(answer.hash, sizeof answer.hash, hex, strlen(hex), NULL, &size, NULL) == 0 &&
	       size == DIARY_HASH_BYTES && note(diary, step, &answer);
}

static bool read_lines(struct diary *diary)
{
	FILE *stream = fdopen(dup(diary->file), "r");
	char line[LINE_BYTES];
	long whole = 0;
	bool good = stream != NULL;

	while (good && fgets(line, sizeof line, stream) && strchr(line, '\n')) {
		good = take_line(diary, line);
		whole = ftell(stream);
	}
	if (stream)
		fclose(stream);
	return good && ftruncate(diary->file, whole) == 0;
}

bool diary_open(struct diary *ret_diary, const char *path, uint64_t count)
{
	struct diary diary = {.count = count};

	diary.answers = calloc(count + 1, sizeof *diary.answers);
	diary.file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (!diary.answers || diary.file < 0 || !read_lines(&diary)) {
		diary_close(&diary);
		return false;
	}
	*ret_diary = diary;
	return true;
}

void diary_close(struct diary *diary)
{
	if (diary->file >= 0)
		close(diary->file);
	diary->file = -1;
	free(diary->answers);
	diary->answers = NULL;
}

static uint64_t made(const Mtr__Answer *answer)
{
	if (answer->body_case == MTR__ANSWER__BODY_ACKNOWLEDGEMENT)
		return answer->acknowledgement->nomination_id;
	return answer->body_case == MTR__ANSWER__BODY_DONE ? answer->done->id : 0;
}

bool diary_write(struct diary *diary, uint64_t step, const uint8_t *bytes, size_t size)
{
	Mtr__Answer *answer = mtr__answer__unpack(NULL, size, bytes);
	char hex[2 * DIARY_HASH_BYTES + 1], line[LINE_BYTES];
	struct diary_answer written = {0};

	if (!answer)
		return false;
	written.revision = answer->revision;
	written.id = made(answer);
	mtr__answer__free_unpacked(answer, NULL);
	crypto_generichash(written.hash, sizeof written.hash, bytes, size, NULL, 0);
	sodium_bin2hex(hex, sizeof hex, written.hash, sizeof written.hash);
	int length = snprintf(line, sizeof line, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n", step, written.revision,
			      written.id, hex);

	return note(diary, step, &written) && write(diary->file, line, (size_t)length) == length;
}

const struct diary_answer *diary_read(const struct diary *diary, uint64_t step)
{
	return step >= 1 && step <= diary->count && diary->answers[step - 1].revision ? &diary->answers[step - 1]
										      : NULL;
}
