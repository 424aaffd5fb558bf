/* What the service manager is told. Without one, nothing happens. */
#ifndef MTR_NOTIFY_H
#define MTR_NOTIFY_H

#include <stdint.h>

/* How often the watchdog wants to be fed at least, in ms; 0: never. */
uint64_t mtr_notify_watchdog_ms(void);

void mtr_notify_ready(const char *status);
void mtr_notify_reloading(void);
void mtr_notify_stopping(void);
void mtr_notify_status(const char *status);
void mtr_notify_alive(void);
/* The start goes on: wait `ms` longer. */
void mtr_notify_extend(uint64_t ms, const char *status);

#endif
