/* Refusals of hellos that were said too often. They are sent late: told at once, the peer would only say it again at
 * once. Each waits equally long, so they are in the order of their time. */
#include "net/state.h"

#include <stdlib.h>
#include <string.h>

struct mtr_late {
	struct mtr_late *next;
	struct mtr_monotime since;
	uint64_t request_id;
	size_t peer_size;
	uint8_t peer[];
};

void mtr_net_refuse_late(struct mtr_net *net, const struct mtr_address *to, struct mtr_monotime now)
{
	struct mtr_late *late = net->late_count < MTR_LATE_REFUSALS_MAX ? malloc(sizeof *late + to->peer_size) : NULL;

	if (!late) {
		mtr_net_refuse(net, to, MTR__ERROR_CODE__ERROR_CODE_BUSY, NULL, NULL, 0);
		return;
	}
	*late = (struct mtr_late){.since = now, .request_id = to->request_id, .peer_size = to->peer_size};
	memcpy(late->peer, to->peer, to->peer_size);
	*net->late_end = late;
	net->late_end = &late->next;
	net->late_count++;
}

static struct mtr_late *take_first(struct mtr_net *net)
{
	struct mtr_late *first = net->late;

	net->late = first->next;
	if (!net->late)
		net->late_end = &net->late;
	net->late_count--;
	return first;
}

static void refuse_first(struct mtr_net *net, Mtr__ErrorCode code)
{
	struct mtr_late *late = take_first(net);
	const struct mtr_address to = {late->peer, late->peer_size, late->request_id, NULL, NULL};

	mtr_net_refuse(net, &to, code, NULL, NULL, 0);
	free(late);
}

void mtr_net_send_late(struct mtr_net *net, uint32_t most, struct mtr_monotime now)
{
	for (; net->late && most; most--) {
		if (mtr_monotime_since(net->late->since, now) < MTR_LATE_REFUSAL_MS)
			return;
		refuse_first(net, MTR__ERROR_CODE__ERROR_CODE_BUSY);
	}
}

void mtr_net_stop_late(struct mtr_net *net)
{
	while (net->late)
		refuse_first(net, MTR__ERROR_CODE__ERROR_CODE_STOPPING);
}

void mtr_net_drop_late(struct mtr_net *net)
{
	while (net->late)
		free(take_first(net));
}
