/* The values of enumerations as people type them and machines read them: PROGRAMME_KIND_TRAINING is "training",
 * MODE_FULL_TIME is "full-time". Taken from the messages' own descriptors. */
#ifndef MTR_CLI_VOCABULARY_H
#define MTR_CLI_VOCABULARY_H

#include "contract/arena.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

/* The token of a value in the arena; "" for 0, its number for one this version doesn't know. */
const char *mtr_token(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, int value);

/* The value of a token, whatever its case and with '_' or '-'. False when there is none. */
bool mtr_token_parse(const ProtobufCEnumDescriptor *words, const char *token, int *ret_value);

/* All tokens but the unspecified one's, separated by `separator`. */
const char *mtr_tokens(struct mtr_arena *arena, const ProtobufCEnumDescriptor *words, const char *separator);

/* The value's full name in machine texts of the register ("STATE_SEATED"); false when it isn't one of these. */
bool mtr_token_of_name(const ProtobufCEnumDescriptor *words, const char *name, int *ret_value);

#endif
