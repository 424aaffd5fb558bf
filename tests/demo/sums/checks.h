/* The sums that must hold, each told in a line. */
#ifndef DEMO_CHECKS_H
#define DEMO_CHECKS_H

#include <jansson.h>
#include <stdbool.h>

struct proof {
	const char *directory; /* the demonstration's */
	json_t *programmes, *parts, *ledger, *nominations;
	json_t *answers; /* to each row sent */
	json_t *arrived; /* nominations as they stood when every row had its answer */
	int wrong;       /* how many sums were */
};

/* Tells one sum, and counts it when it is wrong. */
__attribute__((format(printf, 3, 4))) void tell(struct proof *proof, bool holds, const char *format, ...);

/* The plan's lines and figures, as published, against the register's. */
void check_plan(struct proof *proof, const char *plan);
/* Ledger, parts and programmes against each other; holders against seats. */
void check_seats(struct proof *proof);
/* The nominations themselves against the counts; what went in against what was answered. */
void check_nominations(struct proof *proof, long long rows_sent);
/* Rosters against enrolments. */
void check_rosters(struct proof *proof, long long expected);

#endif
