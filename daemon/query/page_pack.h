/* An answer that is a page, packed in one go: byte for byte what protobuf-c makes of it, which measures each row three
 * times and moves it twice. */
#ifndef MTR_QUERY_PAGE_PACK_H
#define MTR_QUERY_PAGE_PACK_H

#include "matricula/v1/wire.pb-c.h"

/* Bytes that are enough for an answer with this page; rows count with what is around them, so they are more than it
 * takes. */
size_t mtr_page_pack_room(const Mtr__FeedPage *page);

/* Packs the answer, whose body is a page, so that it ends at `end`, and returns where it begins. The room before `end`
 * is the page's. Fields that no message of ours has (unknown ones) are left out. */
uint8_t *mtr_page_pack(const Mtr__Answer *answer, uint8_t *end);

#endif
