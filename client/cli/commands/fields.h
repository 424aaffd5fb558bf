/* What the command line gives, put into the fields of a message; what isn't given stays as it is. */
#ifndef MTR_CLI_FIELDS_H
#define MTR_CLI_FIELDS_H

#include "matricula/v1/commands.pb-c.h"
#include "program/call.h"

#include <stdint.h>

void mtr_fill_text(struct mtr_call *call, const char *name, char **place);
void mtr_fill_number(struct mtr_call *call, const char *name, uint32_t *place);
void mtr_fill_long(struct mtr_call *call, const char *name, uint64_t *place);
/* FLAG: true when given; YES_NO: what is said. */
void mtr_fill_flag(struct mtr_call *call, const char *name, protobuf_c_boolean *place);
/* An enumeration's field. */
#define MTR_FILL_WORD(call, name, field)                                                                               \
	do {                                                                                                           \
		if (mtr_given(&(call)->arguments, name))                                                               \
			(field) = (__typeof__(field))mtr_number_of(&(call)->arguments, name);                          \
	} while (0)

/* Repeated: replace all there were. */
void mtr_fill_texts(struct mtr_call *call, const char *name, size_t *count, char ***place);
void mtr_fill_ids(struct mtr_call *call, const char *name, size_t *count, uint64_t **place);
void mtr_fill_standards(struct mtr_call *call, const char *name, size_t *count, Mtr__Standard ***place);

/* True when the existing record has to be read before it is put. */
bool mtr_merges(const struct mtr_call *call);

/* An empty unit code becomes that of this desk's own unit, as the server knows it. Enum mtr_exit. */
int mtr_own_unit(struct mtr_call *call, char **unit_code);

/* A command with its body case set. */
Mtr__Command mtr_command(Mtr__Command__BodyCase body);

#endif
