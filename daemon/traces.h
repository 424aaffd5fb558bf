/* What of a register lies in a data directory, however little: a part of one is restored, never made anew. */
#ifndef MTR_TRACES_H
#define MTR_TRACES_H

#include "directory.h"

struct mtr_traces {
	bool key;          /* server.key */
	bool journal;      /* a segment at least, or it can't be looked at: opening it says why */
	bool database;     /* without a journal: one that holds records, or can't be read */
	const char *other; /* path of a file that only a register which was ready leaves; NULL: none */
};

/* Writes nothing. Without a journal it opens the database: not for whoever has it open. */
void mtr_traces_read(const struct mtr_directory *directory, struct mtr_traces *ret_traces);

/* The journal has more than the one record that an init which was cut off may have written, or is damaged. */
bool mtr_traces_journal_grown(const struct mtr_directory *directory);

/* What there is beside server.key, by name; NULL: nothing, or no more than an init that was cut off leaves. */
const char *mtr_traces_found(const struct mtr_traces *traces);

#endif
