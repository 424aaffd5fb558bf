#include "store/read.h"

/* The columns of the table in docs/nomination.md; what isn't listed counts in none of them. */
static const struct mtr_state_traits table[] = {
	[MTR__STATE__STATE_SEATED] = {MTR_BUCKET_SEATED, true},
	[MTR__STATE__STATE_WAITING] = {MTR_BUCKET_WAITING, true},
	[MTR__STATE__STATE_LATE] = {MTR_BUCKET_NONE, true},
	[MTR__STATE__STATE_DECIDED] = {MTR_BUCKET_SECURED, true},
	[MTR__STATE__STATE_FORWARDED] = {MTR_BUCKET_SECURED, true},
	[MTR__STATE__STATE_ACCEPTED] = {MTR_BUCKET_SECURED, true},
	[MTR__STATE__STATE_SUMMONED] = {MTR_BUCKET_SECURED, true},
	[MTR__STATE__STATE_ENROLLED] = {MTR_BUCKET_SECURED, true},
	[MTR__STATE__STATE_COMPLETED] = {MTR_BUCKET_SECURED, true},
	[MTR__STATE__STATE_DEFERRED] = {MTR_BUCKET_SECURED, true},
	[MTR__STATE__STATE_FAILED] = {MTR_BUCKET_SECURED, false},
	[MTR__STATE__STATE_LEFT] = {MTR_BUCKET_SECURED, false},
};

struct mtr_state_traits mtr_state_traits(Mtr__State state)
{
	const size_t index = (size_t)state;

	if (index >= sizeof table / sizeof table[0])
		return (struct mtr_state_traits){MTR_BUCKET_NONE, false};
	return table[index];
}
