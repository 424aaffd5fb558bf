/* Two messages of one kind, field by field. */
#ifndef MODEL_COMPARE_ROW_H
#define MODEL_COMPARE_ROW_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

/* True when equal, leaving out the fields named in `except` (NULL-terminated). Otherwise names the first field that
 * differs on stderr. */
bool compare_messages(const ProtobufCMessage *model, const ProtobufCMessage *found, const char *const *except);

#endif
