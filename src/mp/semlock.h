/* SPDX-License-Identifier: MIT */
/*
 * The counting semaphore below all that waits, in shared memory: CPython's _multiprocessing.SemLock,
 * a POSIX sem_t (sem_overview(7)), waited for as an operation of the class that uses it. Everything
 * that waits in `mp` waits on one of these or on a descriptor. Tells nothing by itself: the class that uses it does.
 *
 * Runs in: lesson. Not installed. May block: semlock_block, semlock_down, semlock_down_inside.
 */
#ifndef LOCKSTEP_MP_SEMLOCK_H
#define LOCKSTEP_MP_SEMLOCK_H

#include <semaphore.h>
#include <stdbool.h>
#include <time.h>

struct probe_intent;

/* Lies in memory from shared_new(). */
struct semlock {
	sem_t sem;
};

void semlock_init(struct semlock *semlock, unsigned int count);
void semlock_release(struct semlock *semlock); /* destroys; see sem_destroy(3) */
void semlock_up(struct semlock *semlock);
bool semlock_try_down(struct semlock *semlock);
int semlock_count(struct semlock *semlock);

/* Waits on the machine, without gate or events: the block callback of probe_perform. 0, -ETIMEDOUT or -EINTR. */
int semlock_block(struct semlock *semlock, const struct timespec *deadline);

/*
 * Takes one as the operation `intent` (passing the gate, telling its wait_kind when it has to
 * wait): 0 or -ETIMEDOUT. The caller tells `intent->kind` afterwards. Seconds: negative for ever.
 */
int semlock_down(struct semlock *semlock, const struct probe_intent *intent, double seconds);

/*
 * The same without passing the gate first: for a second wait inside one operation, or one that
 * does not count as a step of its own unless it has to wait.
 */
int semlock_down_inside(struct semlock *semlock, const struct probe_intent *intent, double seconds);

#endif
