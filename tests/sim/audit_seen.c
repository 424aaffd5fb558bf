/* What came to the desks over the network: nothing the journal doesn't say, nothing out of scope. */
#include "audit.h"
#include "desk.h"
#include "matricula/v1/wire.pb-c.h"

#include <inttypes.h>
#include <string.h>

static struct shadow_home home_of(const Mtr__FeedRow *row)
{
	return (struct shadow_home){(uint32_t)row->home->kind, row->home->a, row->home->b};
}

static bool check_row(struct audit *audit, const struct account *account, const Mtr__Principal *who,
		      const Mtr__FeedRow *row)
{
	const struct shadow_row *stands = shadow_find(audit->shadow, (uint32_t)row->type, row->id);
	const struct shadow_home home = home_of(row);
	const uint64_t revision = audit->shadow->revision;
	uint64_t *events = audit->sim->tally->events;

	events[EVENT_SCOPE_CHECKS]++;
	events[EVENT_TOMBSTONES] += row->content_case == MTR__FEED_ROW__CONTENT_TOMBSTONE;
	if (!shadow_sees(audit->shadow, who, home))
		return sim_fail(audit->sim,
				"%s got a row of home %" PRIu32 ":%" PRIu32 ":%" PRIu32 " at revision %" PRIu64
				", which isn't for it",
				account->name, home.kind, home.a, home.b, revision);
	/* It may have come back since. */
	if (row->content_case == MTR__FEED_ROW__CONTENT_TOMBSTONE)
		return !stands || !shadow_home_equal(stands->home, home) || stands->revision > row->revision ||
		       sim_fail(audit->sim, "%s was told that entity %d %" PRIu64 " is gone, which stands",
				account->name, (int)row->type, row->id);
	if (!stands || !shadow_home_equal(stands->home, home) || stands->revision != row->revision ||
	    stands->ordinal != row->ordinal || stands->bytes.size != row->row.len ||
	    memcmp(stands->bytes.data, row->row.data, row->row.len) != 0)
		return sim_fail(audit->sim, "%s got another entity %d %" PRIu64 " than revision %" PRIu64 " has",
				account->name, (int)row->type, row->id, revision);
	return true;
}

static bool check_page(struct audit *audit, const struct account *account, const Mtr__FeedPage *page)
{
	const Mtr__Principal *who = audit_principal(audit, account->principal);
	uint64_t *events = audit->sim->tally->events;
	uint8_t digest[32];

	if (!who || who->revoked)
		return sim_fail(audit->sim, "%s got a page at revision %" PRIu64 ", without a key", account->name,
				audit->shadow->revision);
	events[EVENT_PAGES]++;
	events[EVENT_ROWS] += page->n_rows;
	events[EVENT_SCOPE_CHANGES] += page->n_homes_added || page->n_homes_removed;
	for (size_t i = 0; i < page->n_rows; i++)
		if (!check_row(audit, account, who, page->rows[i]))
			return false;
	if (!page->at_head)
		return true;
	if (page->count != shadow_digest(audit->shadow, who, digest) || page->digest.len != sizeof digest ||
	    memcmp(page->digest.data, digest, sizeof digest) != 0)
		return sim_fail(audit->sim, "%s got another sum than revision %" PRIu64 " has", account->name,
				audit->shadow->revision);
	return true;
}

static bool check_seen(struct audit *audit, const struct account *account, const struct account_answer *seen,
		       struct mtr_bytes answer)
{
	if (seen->is_page) {
		Mtr__Answer *unpacked = mtr__answer__unpack(NULL, seen->bytes.size, seen->bytes.data);
		bool good = check_page(audit, account, unpacked->page);

		mtr__answer__free_unpacked(unpacked, NULL);
		return good;
	}
	return (seen->bytes.size == answer.size && memcmp(seen->bytes.data, answer.data, answer.size) == 0) ||
	       sim_fail(audit->sim, "%s saw an answer of revision %" PRIu64 " that the journal doesn't hold",
			account->name, seen->revision);
}

bool audit_seen(struct audit *audit, struct mtr_bytes answer)
{
	for (uint32_t i = 0; i < audit->sim->desk_count; i++) {
		const struct account *account = desk_account(audit->sim->desks[i]);

		while (audit->next[i] && audit->next[i]->revision == audit->shadow->revision) {
			if (!check_seen(audit, account, audit->next[i], answer))
				return false;
			audit->next[i] = audit->next[i]->next;
		}
	}
	return true;
}
