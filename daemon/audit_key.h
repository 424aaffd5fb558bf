/* The key that signs checkpoints. */
#ifndef MTR_AUDIT_KEY_H
#define MTR_AUDIT_KEY_H

#include "data.h"

/* Reads audit.key of the data directory. Where there is none it is made, unless there are checkpoints in the register:
 * then it was lost, and a new one would be refused by every desk. On failure the log says why and what to do. */
enum mtr_exit_status mtr_audit_key(const struct mtr_directory *directory, const struct mtr_data *data,
				   struct mtr_key_pair *ret_pair, const struct mtr_log *log);

#endif
