/* Register and journal, opened together and in step. */
#ifndef MTR_DATA_H
#define MTR_DATA_H

#include "directory.h"
#include "engine/engine.h"
#include "store/store.h"

struct mtr_data {
	struct mtr_store *store;
	struct mtr_engine *engine;
	uint64_t incarnation; /* the register's */
};

/* Opens both (making them with `create`), and applies to the register what only the journal has; a register that is
 * gone is built again from its journal. On failure the log says why and what to do, and nothing stays open. */
enum mtr_exit_status mtr_data_open(struct mtr_data *ret_data, const struct mtr_directory *directory,
				   const struct mtr_config *config, bool create, const struct mtr_log *log);

typedef void (*mtr_progress_fn)(void *context, uint64_t revision, uint64_t head);

/* Builds the register anew from the journal alone into directory->store, which must not be there yet; flushed on
 * return. What an end in between leaves there is worth nothing. On failure the log says why and what to do. */
enum mtr_exit_status mtr_data_build(const struct mtr_directory *directory, const struct mtr_config *config,
				    mtr_progress_fn progress, void *context, const struct mtr_log *log);

/* Closes and nulls what is open. */
void mtr_data_close(struct mtr_data *data);

#endif
