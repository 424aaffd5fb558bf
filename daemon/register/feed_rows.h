/* Rows met on a walk through a home. */
#ifndef MTR_REGISTER_FEED_ROWS_H
#define MTR_REGISTER_FEED_ROWS_H

#include "register/view.h"
#include "store/feed.h"

/* The row as a message of this kind, in the arena; a row that doesn't unpack is CORRUPT. NULL on an error. */
const void *mtr_unpack_row(struct mtr_view *view, const struct mtr_row *row,
			   const ProtobufCMessageDescriptor *descriptor);

#endif
