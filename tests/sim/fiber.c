#include "fiber.h"

#include "sim.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct fiber {
	void (*body)(void *context);
	void *context;
	struct sim *sim;
	pthread_t thread;
	sem_t go, back;
	bool ended;
};

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0) {
	}
}

static void *run(void *context)
{
	struct fiber *fiber = context;

	wait_for(&fiber->go);
	sim_install(fiber->sim);
	fiber->body(fiber->context);
	fiber->ended = true;
	sem_post(&fiber->back);
	return NULL;
}

struct fiber *fiber_new(void (*body)(void *context), void *context)
{
	struct fiber *fiber = calloc(1, sizeof *fiber);

	if (!fiber)
		abort();
	*fiber = (struct fiber){.body = body, .context = context, .sim = sim_installed()};
	sem_init(&fiber->go, 0, 0);
	sem_init(&fiber->back, 0, 0);
	if (pthread_create(&fiber->thread, NULL, run, fiber) != 0)
		abort();
	return fiber;
}

bool fiber_resume(struct fiber *fiber)
{
	sem_post(&fiber->go);
	wait_for(&fiber->back);
	return !fiber->ended;
}

void fiber_free(struct fiber **fiber)
{
	if (!*fiber)
		return;
	pthread_join((*fiber)->thread, NULL);
	sem_destroy(&(*fiber)->go);
	sem_destroy(&(*fiber)->back);
	free(*fiber);
	*fiber = NULL;
}

void fiber_wait(struct fiber *fiber)
{
	sem_post(&fiber->back);
	wait_for(&fiber->go);
}
