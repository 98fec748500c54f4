/* SPDX-License-Identifier: MIT */
#include "mp/completion.h"

#include <pthread.h>
#include <stdatomic.h>

#include "probe/probe.h"

static struct {
	pthread_mutex_t mutex; /* taken for a moment, also with a pool's held */
	pthread_cond_t moved;
	_Atomic uint64_t count;
	_Atomic unsigned int waiting;
	_Atomic uint16_t channel; /* 0: nobody has waited */
} completions = {.mutex = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

uint64_t completion_tell(void)
{
	uint64_t place = atomic_fetch_add(&completions.count, 1) + 1;
	uint16_t channel = atomic_load_explicit(&completions.channel, memory_order_relaxed);
	if (channel != 0)
		probe_wake(channel);
	if (atomic_load(&completions.waiting) > 0) {
		pthread_mutex_lock(&completions.mutex);
		pthread_cond_broadcast(&completions.moved);
		pthread_mutex_unlock(&completions.mutex);
	}
	return place;
}

uint64_t completion_count(void)
{
	return atomic_load(&completions.count);
}

/* It says that it waits before it looks at the count, who completes counts before he looks for who waits. */
int completion_await(uint64_t seen, const struct timespec *deadline)
{
	int error = 0;
	atomic_fetch_add(&completions.waiting, 1);
	pthread_mutex_lock(&completions.mutex);
	while (completion_count() == seen && error == 0)
		error = deadline == NULL ? pthread_cond_wait(&completions.moved, &completions.mutex)
		                         : pthread_cond_clockwait(&completions.moved, &completions.mutex, CLOCK_MONOTONIC,
		                                                  deadline);
	pthread_mutex_unlock(&completions.mutex);
	atomic_fetch_sub(&completions.waiting, 1);
	return -error;
}

uint16_t completion_channel(uint16_t object)
{
	uint16_t none = 0;
	if (atomic_load(&completions.channel) == 0 && object != 0)
		atomic_compare_exchange_strong(&completions.channel, &none, probe_channel_new(object));
	return atomic_load(&completions.channel);
}
