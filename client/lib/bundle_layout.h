/* What writer and reader of a bundle share. */
#ifndef MTR_CLIENT_BUNDLE_LAYOUT_H
#define MTR_CLIENT_BUNDLE_LAYOUT_H

#include "contract/limits.h"
#include "outbox_layout.h"

#define MTR_BUNDLE_MAGIC "MTRBNDL\n"
#define MTR_BUNDLE_MAGIC_BYTES 8u
#define MTR_BUNDLE_HEADER_BYTES (MTR_BUNDLE_MAGIC_BYTES + 4u + 4u + 2u * MTR_KEY_BYTES)

#endif
