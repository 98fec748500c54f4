/* SPDX-License-Identifier: MIT */
#include "mp/semaphore.h"

#include <errno.h>
#include <time.h>

#include "probe/probe.h"

void semaphore_init(struct semaphore *semaphore, unsigned int count)
{
	sem_init(&semaphore->sem, 1, count);
}

void semaphore_release(struct semaphore *semaphore)
{
	sem_destroy(&semaphore->sem);
}

void semaphore_up(struct semaphore *semaphore)
{
	sem_post(&semaphore->sem);
}

bool semaphore_try_down(struct semaphore *semaphore)
{
	return sem_trywait(&semaphore->sem) == 0;
}

int semaphore_count(struct semaphore *semaphore)
{
	int count = 0;
	sem_getvalue(&semaphore->sem, &count);
	return count;
}

static int attempt(void *context)
{
	return semaphore_try_down(context) ? 0 : -EAGAIN;
}

int semaphore_block(struct semaphore *semaphore, const struct timespec *deadline)
{
	int result = deadline == NULL ? sem_wait(&semaphore->sem)
	                              : sem_clockwait(&semaphore->sem, CLOCK_MONOTONIC, deadline);
	return result == 0 ? 0 : -errno;
}

static int block(void *context, const struct timespec *deadline)
{
	return semaphore_block(context, deadline);
}

int semaphore_down(struct semaphore *semaphore, const struct probe_intent *intent, double seconds)
{
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt, .block = block};
	return probe_perform(&waiting, semaphore, seconds);
}

int semaphore_down_inside(struct semaphore *semaphore, const struct probe_intent *intent, double seconds)
{
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt, .block = block, .inside = true};
	return probe_perform(&waiting, semaphore, seconds);
}
