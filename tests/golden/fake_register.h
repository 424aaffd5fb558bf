/* A small register that never changes, and what it answers. */
#ifndef MTR_TESTS_FAKE_REGISTER_H
#define MTR_TESTS_FAKE_REGISTER_H

#include "matricula/v1/commands.pb-c.h"
#include "matricula/v1/wire.pb-c.h"

/* The packed answer to a query; malloced. */
uint8_t *fake_query(const Mtr__Query *query, size_t *ret_size);

/* The packed answer to a command: an acknowledgement to what concerns a nomination, Done to the rest, an error of code
 * N to what names a programme "E-N". Malloced. */
uint8_t *fake_command(const Mtr__Command *command, size_t *ret_size);

uint8_t *fake_hello(size_t *ret_size);

/* Packs an answer. */
uint8_t *fake_pack(const Mtr__Answer *answer, size_t *ret_size);

/* 20/03/2025 14:05 in Asia/Ho_Chi_Minh. */
#define FAKE_NOW UINT64_C(1742454300000)

#endif
