/* The functions that take the place of a desk's link and of its waits, by the linker's --wrap: whoever puts a real
 * client library on a link of its own (tests/sim, tests/fuzz) defines these. Linked with the library's objects. */
#ifndef TESTS_SUPPORT_WRAPPED_LINK_H
#define TESTS_SUPPORT_WRAPPED_LINK_H

#include "link.h"

#include <poll.h>
#include <time.h>

int __wrap_mtr_link_open(struct mtr_link **ret_link, const char *endpoint, const uint8_t server_key[MTR_KEY_BYTES],
			 const struct mtr_key_pair *keys);
void __wrap_mtr_link_close(struct mtr_link **link);
int __wrap_mtr_link_connect(struct mtr_link *link, struct mtr_moment deadline);
bool __wrap_mtr_link_lost(const struct mtr_link *link);
bool __wrap_mtr_link_send(struct mtr_link *link, struct mtr_bytes frame);
enum mtr_link_event __wrap_mtr_link_wait(struct mtr_link *link, struct mtr_moment until, struct mtr_bytes *ret_frame);
int __wrap_nanosleep(const struct timespec *time, struct timespec *ret_left);
int __wrap_poll(struct pollfd *files, nfds_t count, int timeout_ms);

#endif
