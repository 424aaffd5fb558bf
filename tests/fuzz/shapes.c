#include "shapes.h"

#include "matricula/v1/entities.pb-c.h"

/* In the order of enum EntityType. */
static const ProtobufCMessageDescriptor *const shapes[FUZZ_ROW_SHAPES] = {
	&mtr__unit__descriptor,       &mtr__principal__descriptor,    &mtr__title__descriptor,
	&mtr__person__descriptor,     &mtr__plan__descriptor,         &mtr__programme__descriptor,
	&mtr__allocation__descriptor, &mtr__ledger_entry__descriptor, &mtr__letter__descriptor,
	&mtr__nomination__descriptor, &mtr__decision__descriptor,     &mtr__class__descriptor,
	&mtr__summons__descriptor,    &mtr__enrolment__descriptor,
};

const ProtobufCMessageDescriptor *fuzz_row_shape(unsigned type)
{
	return type >= 1 && type <= FUZZ_ROW_SHAPES ? shapes[type - 1] : NULL;
}
