/* What bundles and what is in them have in common. */
#ifndef MTR_CLIENT_BUNDLE_H
#define MTR_CLIENT_BUNDLE_H

#include "bundle_file.h"
#include "client.h"

/* The request id of an entry in its box, and so of the reply in the answer's: no two entries of a desk share one, so an
 * answer can't be taken for another entry's. Never 0. */
uint64_t mtr_bundle_request_id(const struct mtr_outbox_state *outbox, const struct mtr_outbox_entry *entry);

/* The header of a bundle of this client. */
struct mtr_bundle_header mtr_bundle_header_of(const struct mtr_client *client, enum mtr_bundle_kind kind);

#endif
