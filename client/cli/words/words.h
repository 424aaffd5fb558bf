/* What the register says, in sentences of the present language (i18n.h). Everything made is in the arena. */
#ifndef MTR_CLI_WORDS_H
#define MTR_CLI_WORDS_H

#include "contract/arena.h"
#include "matricula/v1/errors.pb-c.h"
#include "matricula/v1/wire.pb-c.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/* The label of a value; its token when it has none (a newer register), "" for 0. */
const char *mtr_words_value(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, int value);
/* The n-th enumeration that has labels; NULL past the end. */
const ProtobufCEnumDescriptor *mtr_words_vocabulary(size_t n);

/* Where a nomination stands, with what the state alone doesn't say: the place in the queue (0: not known), a frozen
 * list, the vetting, the programme's kind for those who completed (unspecified: not known). */
struct mtr_standing {
	Mtr__State state;
	uint32_t waiting_position;
	bool frozen;
	bool vetted;
	Mtr__ProgrammeKind kind;
};
const char *mtr_words_standing(struct mtr_arena *arena, const struct mtr_standing *standing);

/* "political theory 3". "" without a scheme. */
const char *mtr_words_standard(struct mtr_arena *arena, const Mtr__Standard *standard);

/* A title that earned its holder a priority group, and how. */
const char *mtr_words_basis(struct mtr_arena *arena, const Mtr__Basis *basis);

/* The name of a field by its dotted path in Command; the path's last part when it has no name. "" for "". */
const char *mtr_words_field(struct mtr_arena *arena, const char *path);
/* Whether the last part of the path has a name of its own. */
bool mtr_words_field_known(const char *path);

/* A command or a step of the table of states by the register's name for it; NULL when it has no words. */
const char *mtr_words_step(const char *name);

/* A value in the register's machine form: enumeration names get their label, ISO dates the screen's form, min..max
 * becomes words. `as_time`: numbers are times in ms. */
const char *mtr_words_machine(struct mtr_arena *arena, const char *text, bool as_time);

/* The sentence of an error: what is wrong, in which field, what was found and what would be right, what to do. */
const char *mtr_words_error(struct mtr_arena *arena, const Mtr__Error *error);
/* The first sentence of an error alone. */
const char *mtr_words_error_title(struct mtr_arena *arena, Mtr__ErrorCode code);
/* One failed rule: what it asks for, what was found, the instrument it comes from. */
const char *mtr_words_finding(struct mtr_arena *arena, const Mtr__Finding *finding);
/* False for a code this version has no sentence for. */
bool mtr_words_error_known(Mtr__ErrorCode code);

/* The library's error (enum mtr_client_error) and what to do about it. */
const char *mtr_words_client_error(int error);

#endif
