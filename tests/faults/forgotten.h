/* Somebody whom the script has put forward, withdrawn, and later taken out of the register. */
#ifndef FAULTS_FORGOTTEN_H
#define FAULTS_FORGOTTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORGOTTEN_NAME "Người Cần Quên"
#define FORGOTTEN_REDACTED 100u /* the entry that redacts */

/* The command of this entry of a script, and whose it is; 0 when the entry is none of these. */
size_t forgotten_command(size_t index, uint32_t *ret_principal, uint8_t *ret_bytes, size_t room);

/* True if a file of the directory holds the name. */
bool forgotten_is_in(const char *directory);

#endif
