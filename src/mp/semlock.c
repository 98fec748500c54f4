/* SPDX-License-Identifier: MIT */
#include "mp/semlock.h"

#include <errno.h>
#include <time.h>

#include "probe/probe.h"

void semlock_init(struct semlock *semlock, unsigned int count)
{
	sem_init(&semlock->sem, 1, count);
}

void semlock_release(struct semlock *semlock)
{
	sem_destroy(&semlock->sem);
}

void semlock_up(struct semlock *semlock)
{
	sem_post(&semlock->sem);
}

bool semlock_try_down(struct semlock *semlock)
{
	return sem_trywait(&semlock->sem) == 0;
}

int semlock_count(struct semlock *semlock)
{
	int count = 0;
	sem_getvalue(&semlock->sem, &count);
	return count;
}

static int attempt(void *context)
{
	return semlock_try_down(context) ? 0 : -EAGAIN;
}

int semlock_block(struct semlock *semlock, const struct timespec *deadline)
{
	int result = deadline == NULL ? sem_wait(&semlock->sem)
	                              : sem_clockwait(&semlock->sem, CLOCK_MONOTONIC, deadline);
	return result == 0 ? 0 : -errno;
}

static int block(void *context, const struct timespec *deadline)
{
	return semlock_block(context, deadline);
}

int semlock_down(struct semlock *semlock, const struct probe_intent *intent, double seconds)
{
	if (!(probe_on() && probe_gate_shut()) && semlock_try_down(semlock))
		return 0;
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt, .block = block};
	return probe_perform(&waiting, semlock, seconds);
}

int semlock_down_inside(struct semlock *semlock, const struct probe_intent *intent, double seconds)
{
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt, .block = block, .inside = true};
	return probe_perform(&waiting, semlock, seconds);
}
