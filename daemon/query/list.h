/* A list being read: what it filters by, where it stands, what it has found. */
#ifndef MTR_QUERY_LIST_H
#define MTR_QUERY_LIST_H

#include "query/query.h"

struct mtr_list_kind; /* of rows: where they live, what they can be filtered by */

struct mtr_listing {
	struct mtr_query *q;
	const Mtr__List *list;
	const struct mtr_list_kind *kind;
	/* What the filters name; 0: any. */
	uint32_t plan_id, programme_id, unit_id, class_id, code_id, person_id;
	/* The last row of the page before. */
	struct mtr_home after_home;
	uint64_t after_id;
	/* The page. */
	Mtr__FeedRow **rows;
	size_t count, limit, bytes;
	size_t examined;
	bool full; /* there may be more */
	struct mtr_home last_home;
	uint64_t last_id;
};

/* Checks the filters and finds what they name. False when refused or on an error. */
bool mtr_listing_resolve(struct mtr_listing *listing);

/* The first home that can hold what is asked for, and whether one lies beyond the last. */
struct mtr_home mtr_listing_first_home(const struct mtr_listing *listing);
bool mtr_listing_beyond(const struct mtr_listing *listing, struct mtr_home home);

/* What the filters say to a home and to a row in it. */
bool mtr_listing_takes_home(struct mtr_listing *listing, struct mtr_home home);
bool mtr_listing_takes_row(struct mtr_listing *listing, const struct mtr_row *row);

/* The error for an id that isn't there; ERROR_CODE_NONE for rows nobody refers to by number. */
Mtr__ErrorCode mtr_listing_unknown(const struct mtr_listing *listing);

/* Whether id, code or citizen number say which rows are meant. */
bool mtr_listing_direct(const struct mtr_listing *listing);

#endif
