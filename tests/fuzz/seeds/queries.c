#include "seeds.h"

#include "matricula/v1/queries.pb-c.h"

#define QUERIES_MAX 64u

static struct mtr_bytes queries[QUERIES_MAX];
static size_t count;

static void add(Mtr__Query__BodyCase body_case, void *body)
{
	Mtr__Query query = MTR__QUERY__INIT;

	query.body_case = body_case;
	query.list = body; /* all members are pointers in one place */
	queries[count++] = seed_pack(&query.base);
}

static void add_lists(void)
{
	char programme[] = "CT-1", unit[] = "DV-1";

	for (int type = 1; type <= (int)MTR__ENTITY_TYPE__ENTITY_TYPE_ENROLMENT; type++) {
		Mtr__List list = MTR__LIST__INIT;
		Mtr__State states[] = {MTR__STATE__STATE_SEATED, MTR__STATE__STATE_WAITING};

		list.type = (Mtr__EntityType)type;
		add(MTR__QUERY__BODY_LIST, &list);
		list.programme_code = programme;
		list.unit_code = unit;
		list.limit = 3;
		if (type == (int)MTR__ENTITY_TYPE__ENTITY_TYPE_NOMINATION) {
			list.states = states;
			list.n_states = 2;
		}
		add(MTR__QUERY__BODY_LIST, &list);
	}
}

const struct mtr_bytes *seed_queries(size_t *ret_count)
{
	Mtr__Feed feed = MTR__FEED__INIT;
	Mtr__Tallies tallies = MTR__TALLIES__INIT;
	Mtr__NominationStatus status = MTR__NOMINATION_STATUS__INIT;
	Mtr__Log log = MTR__LOG__INIT;
	Mtr__ServerStatus server = MTR__SERVER_STATUS__INIT;

	if (!count) {
		add_lists();
		add(MTR__QUERY__BODY_FEED, &feed);
		feed.limit = 7;
		add(MTR__QUERY__BODY_FEED, &feed);
		tallies.by_unit = 1;
		add(MTR__QUERY__BODY_TALLIES, &tallies);
		status.nomination_id = 3;
		add(MTR__QUERY__BODY_NOMINATION_STATUS, &status);
		log.limit = 20;
		add(MTR__QUERY__BODY_LOG, &log);
		log.nomination_id = 3;
		add(MTR__QUERY__BODY_LOG, &log);
		add(MTR__QUERY__BODY_SERVER_STATUS, &server);
	}
	*ret_count = count;
	return queries;
}
