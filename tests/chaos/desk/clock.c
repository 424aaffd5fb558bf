/* This process's clock: the system's, set back by DESK_CLOCK_BACK_S seconds. What the program defines comes before the
 * C library's in every library it loads. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
	const char *back = getenv("DESK_CLOCK_BACK_S");
	int status = (int)syscall(SYS_clock_gettime, clock, ret_time);

	if (status == 0 && clock == CLOCK_REALTIME && back)
		ret_time->tv_sec -= strtol(back, NULL, 10);
	return status;
}
