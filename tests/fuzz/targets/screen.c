/* What a desk's screen makes of answers that a register never gives: in words, as a table, as CSV and JSON. */
#include "input.h"
#include "matricula/matricula.h"
#include "matricula/v1/wire.pb-c.h"
#include "parcels.h"
#include "program.h"
#include "target.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum kind {
	RUN,    /* command `who`; first byte: form and language */
	ANSWER, /* to the next question or change of the command before it */
	RAW,    /* the same, not an Answer */
	KINDS,
};

static const char *const commands[][4] = {
	{"unit", "list"},
	{"unit", "show", "HU-TN"},
	{"principal", "list"},
	{"title", "list"},
	{"person", "list"},
	{"person", "show", "1"},
	{"plan", "list"},
	{"programme", "list"},
	{"programme", "show", "QN21-CC"},
	{"quota", "show"},
	{"quota", "ledger"},
	{"letter", "list"},
	{"nomination", "list"},
	{"nomination", "show", "1"},
	{"class", "list"},
	{"roster", "show", "QN21-CC-K1"},
	{"status"},
	{"log"},
	{"whoami"},
	{"vet", "1"},
	{"propose", "QN21-CC", "--person", "1"},
	{"demand", "QN21-CC", "5"},
	{"freeze", "QN21-CC", "--yes"},
	{"withdraw", "1", "--reason", "x"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static struct {
	const struct fuzz_parcel *parcels;
	size_t at, count;
} answers;

const ProtobufCMessageDescriptor *fuzz_shape(uint8_t kind)
{
	return kind % KINDS == ANSWER ? &mtr__answer__descriptor : NULL;
}

int __real_mtr_client_query(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
			    size_t *ret_answer_size);
int __wrap_mtr_client_query(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
			    size_t *ret_answer_size);
int __real_mtr_client_hello(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size);
int __wrap_mtr_client_hello(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size);
int __real_mtr_client_dry_run(struct mtr_client *client, const uint8_t *command, size_t size,
			      const uint8_t **ret_answer, size_t *ret_answer_size);
int __wrap_mtr_client_dry_run(struct mtr_client *client, const uint8_t *command, size_t size,
			      const uint8_t **ret_answer, size_t *ret_answer_size);

/* The next parcel's bytes, if it is an answer. The library vouches that they are one. */
static bool next(const uint8_t **ret_answer, size_t *ret_size)
{
	const struct fuzz_parcel *parcel = &answers.parcels[answers.at];
	Mtr__Answer *answer;

	if (answers.at == answers.count || parcel->kind % KINDS == RUN)
		return false;
	answers.at++;
	answer = mtr__answer__unpack(NULL, parcel->body.size, parcel->body.data);
	if (!answer)
		return false;
	*ret_answer = parcel->body.data;
	*ret_size = parcel->body.size;
	bool is_one = answer->body_case != MTR__ANSWER__BODY__NOT_SET;

	mtr__answer__free_unpacked(answer, NULL);
	return is_one;
}

int __wrap_mtr_client_query(struct mtr_client *client, const uint8_t *query, size_t size, const uint8_t **ret_answer,
			    size_t *ret_answer_size)
{
	if (next(ret_answer, ret_answer_size))
		return MTR_CLIENT_OK;
	return __real_mtr_client_query(client, query, size, ret_answer, ret_answer_size);
}

int __wrap_mtr_client_hello(struct mtr_client *client, const uint8_t **ret_answer, size_t *ret_size)
{
	const uint8_t *bytes;
	size_t size;

	/* A hello's answer is one, or there is no session. */
	if (next(&bytes, &size)) {
		Mtr__Answer *answer = mtr__answer__unpack(NULL, size, bytes);
		bool is_hello = answer->body_case == MTR__ANSWER__BODY_HELLO;

		mtr__answer__free_unpacked(answer, NULL);
		if (is_hello) {
			*ret_answer = bytes;
			*ret_size = size;
			return MTR_CLIENT_OK;
		}
	}
	return __real_mtr_client_hello(client, ret_answer, ret_size);
}

int __wrap_mtr_client_dry_run(struct mtr_client *client, const uint8_t *command, size_t size,
			      const uint8_t **ret_answer, size_t *ret_answer_size)
{
	if (next(ret_answer, ret_answer_size))
		return MTR_CLIENT_OK;
	return __real_mtr_client_dry_run(client, command, size, ret_answer, ret_answer_size);
}

static void run(unsigned number, unsigned form)
{
	static const char *const forms[] = {"table", "csv", "json"};
	const char *words[16];
	size_t count = 0;
	struct mtr_bytes out;

	for (const char *const *word = commands[number % COMMANDS]; count < 4 && word[count]; count++)
		words[count] = word[count];
	words[count++] = "--output";
	words[count++] = forms[form % 3];
	words[count++] = "--lang";
	words[count++] = form & 4 ? "vi" : "en";
	if (form & 8 && number % COMMANDS >= 19)
		words[count++] = "--dry-run";
	words[count] = NULL;
	int result = fuzz_program_run(words, &out);

	/* What a program is to read is what it says it is. */
	if (result == 0 && form % 3 == 2) {
		json_t *json = json_loadb((const char *)out.data, out.size, JSON_DECODE_ANY, NULL);

		FUZZ_REQUIRE(json);
		json_decref(json);
	}
	free((void *)(uintptr_t)out.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_parcel parcels[FUZZ_PARCELS_MAX];

	answers.parcels = parcels;
	answers.count = fuzz_parcels_read(data, size, parcels);
	for (answers.at = 0; answers.at < answers.count;) {
		const struct fuzz_parcel *parcel = &parcels[answers.at++];

		if (parcel->kind % KINDS == RUN)
			run(parcel->who, parcel->body.size ? parcel->body.data[0] : 0);
	}
	return 0;
}
