/* One call of the client library with memory short. */
#ifndef FAULTS_SHORTAGE_H
#define FAULTS_SHORTAGE_H

#include "memory.h"
#include "unit/mirror/served.h"

/* The call with its n-th request refused; false when it made fewer. It says that there is no memory, or does its work.
 */
static inline bool refused(void *context, int (*call)(void *context), uint32_t n, int *ret_error)
{
	memory_arm(n);
	*ret_error = call(context);
	const bool was = memory_disarm();

	if (*ret_error != 0 && (*ret_error != MTR_CLIENT_MEMORY || !was))
		fail_msg("request %u refused: %s", n, mtr_client_error_name(*ret_error));
	return was;
}

/* For calls that leave nothing behind. */
static inline void refuse_each(void *context, int (*call)(void *context))
{
	int error;

	for (uint32_t n = 1; refused(context, call, n, &error); n++) {
	}
}

/* The tests of the other files, each in its own surroundings. */
void bundles(void **state);
void sending_again(void **state);
void following(void **state);

#endif
