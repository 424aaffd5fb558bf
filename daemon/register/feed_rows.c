#include "register/feed_rows.h"

const void *mtr_unpack_row(struct mtr_view *view, const struct mtr_row *row,
			   const ProtobufCMessageDescriptor *descriptor)
{
	const void *message = protobuf_c_message_unpack(descriptor, mtr_arena_allocator(view->arena), row->bytes.size,
							row->bytes.data);

	if (!message && mtr_view_good(view))
		view->txn->error = MTR_STORE_CORRUPT;
	return message;
}
