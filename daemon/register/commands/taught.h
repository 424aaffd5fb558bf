/* The nominations a command about a class names. */
#ifndef MTR_REGISTER_TAUGHT_H
#define MTR_REGISTER_TAUGHT_H

#include "register/part.h"

struct mtr_taught {
	Mtr__Nomination **nominations; /* copies, to be changed */
	const char **fields;           /* their paths */
	size_t count;                  /* at most MTR_ITEMS_MAX */
};

/* Room for MTR_ITEMS_MAX. False without memory. */
bool mtr_taught_open(struct mtr_decision *decision, struct mtr_taught *taught);

/* Adds one; UNKNOWN_NOMINATION when it is hidden from the principal. */
bool mtr_taught_add(struct mtr_decision *decision, struct mtr_taught *taught, const Mtr__Class *class, uint64_t id,
		    const char *field);

/* CLASS_CLOSED when it is. */
bool mtr_require_class_open(struct mtr_decision *decision, const Mtr__Class *class);

#endif
