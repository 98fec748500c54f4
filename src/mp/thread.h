/* SPDX-License-Identifier: MIT */
/*
 * Thread: threading.Thread (CPython 3.11, Lib/threading.py) on a real pthread. There is no global
 * interpreter lock here: two threads do run at once, which is what lessons about races need.
 *
 * Runs in: lesson. May block: thread_join*, thread_start (under the gate).
 */
#ifndef LOCKSTEP_MP_THREAD_H
#define LOCKSTEP_MP_THREAD_H

#include <stdbool.h>
#include <sys/types.h>

struct thread;

/* Thread(target=…, args=…, name=…). `name` NULL: "Thread-N". Copied. */
struct thread *thread_new(const char *name, void (*target)(void *argument), void *argument);

/* 0; -EALREADY when started before; -EAGAIN at the run's limit or as pthread_create(3). */
int thread_start(struct thread *thread);

/* 0, also when the time was up; -EINVAL before start; -EDEADLK a thread joins itself. */
int thread_join(struct thread *thread);
int thread_join_timeout(struct thread *thread, double seconds);

bool thread_is_alive(struct thread *thread);
pid_t thread_id(const struct thread *thread); /* native_id: the kernel's TID; 0 before start */
const char *thread_name(const struct thread *thread);
void thread_free(struct thread *thread); /* joined or never started; NULL is allowed */

#endif
