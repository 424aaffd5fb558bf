#include "commands/fields.h"
#include "program/must.h"
#include "program/session.h"

#include <sys/time.h>

void mtr_fill_text(struct mtr_call *call, const char *name, char **place)
{
	const char *text = mtr_text_of(&call->arguments, name);
	if (text)
		*place = mtr_must_text(call->arena, text);
}

void mtr_fill_number(struct mtr_call *call, const char *name, uint32_t *place)
{
	if (mtr_given(&call->arguments, name))
		*place = (uint32_t)mtr_number_of(&call->arguments, name);
}

void mtr_fill_long(struct mtr_call *call, const char *name, uint64_t *place)
{
	if (mtr_given(&call->arguments, name))
		*place = mtr_number_of(&call->arguments, name);
}

void mtr_fill_flag(struct mtr_call *call, const char *name, protobuf_c_boolean *place)
{
	const struct mtr_value *value = mtr_value_at(&call->arguments, name, 0);
	if (value)
		*place = value->argument->type == MTR_ARG_FLAG || value->number;
}

void mtr_fill_texts(struct mtr_call *call, const char *name, size_t *count, char ***place)
{
	size_t given = mtr_count_of(&call->arguments, name);

	if (given == 0)
		return;
	*place = mtr_must_array(call->arena, given, sizeof **place);
	for (size_t i = 0; i < given; i++)
		(*place)[i] = mtr_must_text(call->arena, mtr_value_at(&call->arguments, name, i)->text);
	*count = given;
}

void mtr_fill_ids(struct mtr_call *call, const char *name, size_t *count, uint64_t **place)
{
	size_t given = mtr_count_of(&call->arguments, name);

	if (given == 0)
		return;
	*place = mtr_must_array(call->arena, given, sizeof **place);
	for (size_t i = 0; i < given; i++)
		(*place)[i] = mtr_value_at(&call->arguments, name, i)->number;
	*count = given;
}

void mtr_fill_standards(struct mtr_call *call, const char *name, size_t *count, Mtr__Standard ***place)
{
	size_t given = mtr_count_of(&call->arguments, name);

	if (given == 0)
		return;
	*place = mtr_must_array(call->arena, given, sizeof **place);
	for (size_t i = 0; i < given; i++) {
		uint64_t number = mtr_value_at(&call->arguments, name, i)->number;
		(*place)[i] = mtr_must_alloc(call->arena, sizeof(Mtr__Standard));
		mtr__standard__init((*place)[i]);
		(*place)[i]->scheme = (Mtr__Scheme)(number >> 32);
		(*place)[i]->number = (uint32_t)number;
	}
	*count = given;
}

bool mtr_merges(const struct mtr_call *call)
{
	return !mtr_given(&call->arguments, "--replace");
}

int mtr_own_unit(struct mtr_call *call, char **unit_code)
{
	const Mtr__HelloReply *hello;

	if (**unit_code)
		return MTR_EXIT_OK;
	int result = mtr_session_hello(call, &hello);
	if (!result)
		*unit_code = mtr_must_text(call->arena, hello->unit_code);
	call->wants_unit = result != MTR_EXIT_OK;
	return result;
}

Mtr__Command mtr_command(Mtr__Command__BodyCase body)
{
	Mtr__Command command = MTR__COMMAND__INIT;
	struct timeval now;

	gettimeofday(&now, NULL);
	command.written_at = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
	command.body_case = body;
	return command;
}
