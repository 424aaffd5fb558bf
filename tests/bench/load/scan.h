/* A page of the feed looked at without unpacking its rows, so that the next can be asked for at once. */
#ifndef BENCH_SCAN_H
#define BENCH_SCAN_H

#include "contract/bytes.h"

#include <stdbool.h>
#include <stdint.h>

struct scanned_page {
	uint64_t rows;
	struct mtr_bytes cursor;
	bool more;
	uint64_t count; /* at the head: rows in scope */
};

/* False when the frame isn't a Reply to this request with a page. */
bool scan_page(struct mtr_bytes frame, uint64_t request_id, struct scanned_page *ret_page);

#endif
