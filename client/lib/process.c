#include "process.h"

#include "matricula/matricula.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

struct claim {
	struct claim *next;
	dev_t device;
	ino_t inode;
};

static struct {
	pthread_mutex_t mutex;
	pid_t owner;
	void *context;
	unsigned references;
	struct claim *claims;
} process = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* The parent's context has no threads in a child; it can neither be used nor ended there. */
static void lock(void)
{
	pthread_mutex_lock(&process.mutex);
	if (process.owner == getpid())
		return;
	process.owner = getpid();
	process.context = NULL;
	process.references = 0;
	process.claims = NULL;
}

static void unlock(void)
{
	pthread_mutex_unlock(&process.mutex);
}

void *mtr_process_context(void)
{
	void *context;

	lock();
	if (!process.context)
		process.context = zmq_ctx_new();
	context = process.context;
	if (context)
		process.references++;
	unlock();
	return context;
}

void mtr_process_context_release(void)
{
	void *last = NULL;

	lock();
	if (process.references > 0 && --process.references == 0) {
		last = process.context;
		process.context = NULL;
	}
	unlock();
	if (last)
		zmq_ctx_term(last);
}

static struct claim **find(dev_t device, ino_t inode)
{
	struct claim **at = &process.claims;

	while (*at && ((*at)->device != device || (*at)->inode != inode))
		at = &(*at)->next;
	return at;
}

int mtr_process_claim(dev_t device, ino_t inode)
{
	struct claim *claim = malloc(sizeof *claim);
	bool claimed = false;

	if (!claim)
		return MTR_CLIENT_MEMORY;
	*claim = (struct claim){.device = device, .inode = inode};
	lock();
	struct claim **at = find(device, inode);

	if (!*at) {
		*at = claim;
		claimed = true;
	}
	unlock();
	if (claimed)
		return 0;
	free(claim);
	return MTR_CLIENT_STATE;
}

void mtr_process_unclaim(dev_t device, ino_t inode)
{
	lock();
	struct claim **at = find(device, inode), *claim = *at;

	if (claim)
		*at = claim->next;
	unlock();
	free(claim);
}
