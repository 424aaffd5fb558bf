/* A page looked at where it lies: of the feed without its rows, so that the next can be asked for at once; of a list
 * row by row, for what unpacking them costs is not what is measured. */
#ifndef BENCH_SCAN_H
#define BENCH_SCAN_H

#include "contract/bytes.h"

#include <stdbool.h>
#include <stdint.h>

struct scanned_page {
	uint64_t rows;
	struct mtr_bytes cursor;
	bool more;
	uint64_t count;        /* at the head: rows in scope */
	struct mtr_bytes body; /* the page itself */
};

struct scanned_row {
	uint64_t type, id;
	struct mtr_bytes content; /* of a tombstone: nothing */
};

/* False when the frame isn't a Reply to this request with a page. */
bool scan_page(struct mtr_bytes frame, uint64_t request_id, struct scanned_page *ret_page);

/* Takes the next row from what is left of a page's body. False when there is none, or it isn't well formed. */
bool scan_row(struct mtr_bytes *body, struct scanned_row *ret_row);

#endif
