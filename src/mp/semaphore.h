/* SPDX-License-Identifier: MIT */
/*
 * The library's own counting semaphore, in shared memory: POSIX sem_t (sem_overview(7)) plus the
 * object on whose behalf it is waited for. Everything that waits in `mp` waits on one of these or
 * on a descriptor. Tells nothing by itself: the class that uses it does.
 *
 * Runs in: lesson. Not installed. May block: semaphore_down.
 */
#ifndef LOCKSTEP_MP_SEMAPHORE_H
#define LOCKSTEP_MP_SEMAPHORE_H

#include <semaphore.h>
#include <stdbool.h>
#include <time.h>

struct probe_intent;

/* Lies in memory from shared_new(). */
struct semaphore {
	sem_t sem;
};

void semaphore_init(struct semaphore *semaphore, unsigned int count);
void semaphore_release(struct semaphore *semaphore); /* destroys; see sem_destroy(3) */
void semaphore_up(struct semaphore *semaphore);
bool semaphore_try_down(struct semaphore *semaphore);
int semaphore_count(struct semaphore *semaphore);

/* Waits on the machine, without gate or events: the block callback of probe_perform. 0, -ETIMEDOUT or -EINTR. */
int semaphore_block(struct semaphore *semaphore, const struct timespec *deadline);

/*
 * Takes one as the operation `intent` (passing the gate, telling its wait_kind when it has to
 * wait): 0 or -ETIMEDOUT. The caller tells `intent->kind` afterwards. Seconds: negative for ever.
 */
int semaphore_down(struct semaphore *semaphore, const struct probe_intent *intent, double seconds);

/*
 * The same without passing the gate first: for a second wait inside one operation, or one that
 * does not count as a step of its own unless it has to wait.
 */
int semaphore_down_inside(struct semaphore *semaphore, const struct probe_intent *intent, double seconds);

#endif
