/* A step by command that may free the nomination's seat. */
#ifndef MTR_REGISTER_RELEASE_H
#define MTR_REGISTER_RELEASE_H

#include "register/part.h"

/* Moves the nomination, gives a seat it held to the first waiting, and acknowledges. */
bool mtr_release(struct mtr_decision *decision, struct mtr_part *part, Mtr__Nomination *nomination, Mtr__State to);

#endif
