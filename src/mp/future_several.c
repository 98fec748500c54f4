/* SPDX-License-Identifier: MIT */
/* wait() and as_completed(): CPython 3.11, Lib/concurrent/futures/_base.py. */
#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mp/completion.h"
#include "mp/future_internal.h"
#include "probe/probe.h"

struct several {
	struct pool **pools; /* each once, in the order in which they are locked */
	size_t pool_count;
	struct future **futures;
	size_t count;
	enum future_when when;
	size_t wanted; /* so many done are enough */
};

/* ---- the pools that they are of ---- */

static int by_address(const void *a, const void *b)
{
	uintptr_t one = (uintptr_t)*(struct pool *const *)a, other = (uintptr_t)*(struct pool *const *)b;
	return (one > other) - (one < other);
}

static void find_pools(struct several *several)
{
	several->pools = memory_array(several->count, sizeof(struct pool *));
	for (size_t i = 0; i < several->count; i++)
		several->pools[i] = several->futures[i]->job.pool;
	qsort(several->pools, several->count, sizeof *several->pools, by_address);
	several->pool_count = 0;
	for (size_t i = 0; i < several->count; i++)
		if (i == 0 || several->pools[i] != several->pools[i - 1])
			several->pools[several->pool_count++] = several->pools[i];
}

static void lock_all(const struct several *several)
{
	for (size_t i = 0; i < several->pool_count; i++)
		pthread_mutex_lock(&several->pools[i]->mutex);
}

static void unlock_all(const struct several *several)
{
	for (size_t i = several->pool_count; i > 0; i--)
		pthread_mutex_unlock(&several->pools[i - 1]->mutex);
}

/* ---- waiting ---- */

/* With all locked. */
static bool enough(const struct several *several)
{
	size_t done = 0;
	for (size_t i = 0; i < several->count; i++) {
		const struct pool_job *job = &several->futures[i]->job;
		if (job->missing > 0)
			continue;
		done++;
		if (several->when == FIRST_EXCEPTION && job->failure != 0 && !job->cancelled)
			return true;
	}
	return done >= several->wanted;
}

static int attempt_several(void *context)
{
	const struct several *several = context;
	lock_all(several);
	bool ready = enough(several);
	unlock_all(several);
	return ready ? 0 : -EAGAIN;
}

static int block_several(void *context, const struct timespec *deadline)
{
	for (;;) {
		uint64_t seen = completion_count();
		if (attempt_several(context) == 0)
			return 0;
		int error = completion_await(seen, deadline);
		if (error != 0)
			return attempt_several(context) == 0 ? 0 : error;
	}
}

static int wait_for_several(struct several *several, double seconds)
{
	uint16_t object = several->futures[0]->job.pool->object;
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_FUTURE_RESULT, .wait_kind = EVENT_FUTURE_WAIT, .object = object,
		           .channel = completion_channel(object), .place = probe_self.place},
		.attempt = attempt_several, .block = block_several,
	};
	return probe_perform(&waiting, several, seconds);
}

static void tell_result(const struct future *first, uint32_t number, bool failed)
{
	if (probe_on())
		probe_event(EVENT_FUTURE_RESULT, first->job.pool->object, 0, number, failed ? EVENT_FAILED : 0,
		            probe_self.place);
}

/* ---- putting in order ---- */

static void move_to(struct future **futures, size_t from, size_t to)
{
	struct future *moved = futures[from];
	for (; from > to; from--)
		futures[from] = futures[from - 1];
	futures[to] = moved;
}

/* With all locked: the first to complete of those from `at` on, or `count` when none has. */
static size_t first_of(struct future **futures, size_t count, size_t at)
{
	size_t first = count;
	for (size_t i = at; i < count; i++)
		if (futures[i]->job.missing == 0 &&
		    (first == count || futures[i]->job.finished < futures[first]->job.finished))
			first = i;
	return first;
}

long future_wait(struct future **futures, size_t count, double seconds, enum future_when when)
{
	PROBE_CALL();
	if (count == 0)
		return 0;
	struct several several = {.futures = futures, .count = count, .when = when,
	                          .wanted = when == FIRST_COMPLETED ? 1 : count};
	find_pools(&several);
	int error = wait_for_several(&several, seconds);
	size_t at = 0, found;
	lock_all(&several);
	while (at < count && (found = first_of(futures, count, at)) < count)
		move_to(futures, found, at++);
	unlock_all(&several);
	tell_result(futures[0], 0, error != 0);
	free(several.pools);
	return (long)at;
}

struct future *future_as_completed(struct future **futures, size_t count, size_t *at, double seconds)
{
	PROBE_CALL();
	errno = 0;
	if (*at >= count)
		return NULL;
	struct several rest = {.futures = futures + *at, .count = count - *at, .wanted = 1, .when = FIRST_COMPLETED};
	find_pools(&rest);
	int error = wait_for_several(&rest, seconds);
	struct future *next = NULL;
	if (error == 0) {
		lock_all(&rest);
		move_to(futures, first_of(futures, count, *at), *at);
		unlock_all(&rest);
		next = futures[(*at)++];
	}
	tell_result(next != NULL ? next : rest.futures[0], next != NULL ? next->job.first_number : 0, next == NULL);
	free(rest.pools);
	errno = -error;
	return next;
}
